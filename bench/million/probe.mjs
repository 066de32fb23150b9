// Preloaded into a server (`node --import`): the longest turns of its answering thread's event loop, and what they were: the
// thread at work, the thread waiting for a processor that others had, or asleep in the kernel.
// SIGUSR2 writes what was seen since the last one to the file that PRIVLINK_BENCH_PROBE names.
import { openSync, readSync, renameSync, writeFileSync } from "node:fs";
import { constants, PerformanceObserver, performance } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

const path = process.env.PRIVLINK_BENCH_PROBE;
const EVERY_MS = 1;
const KINDS = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "major",
  [constants.NODE_PERFORMANCE_GC_MINOR]: "minor",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weak callbacks",
};

if (isMainThread && path !== undefined) watch();

function watch() {
  // This thread's nanoseconds on a processor, and in the queue for one.
  const schedule = openSync("/proc/thread-self/schedstat", "r");
  const octets = Buffer.alloc(64);
  let seen = nothing();
  let last = look();
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(noteCollection));
  observer.observe({ entryTypes: ["gc"] });
  setInterval(tick, EVERY_MS).unref();
  let from = process.cpuUsage();
  process.on("SIGUSR2", () => {
    tick();
    const cpuMs = Object.values(process.cpuUsage(from)).reduce((sum, each) => sum + each / 1000, 0);
    const text = JSON.stringify({ ...seen, cpuMs, memory: process.memoryUsage() });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    seen = nothing();
    from = process.cpuUsage();
    last = look();
  });

  function tick() {
    const now = look();
    const stretch = now.atMs - last.atMs;
    const worked = now.workedMs - last.workedMs;
    const queued = now.queuedMs - last.queuedMs;
    last = now;
    seen.longestMs = Math.max(seen.longestMs, stretch);
    seen.longestWorkMs = Math.max(seen.longestWorkMs, worked);
    seen.longestQueueMs = Math.max(seen.longestQueueMs, queued);
    seen.longestSleepMs = Math.max(seen.longestSleepMs, stretch - worked - queued);
  }

  function look() {
    const length = readSync(schedule, octets, 0, octets.length, 0);
    const [worked, queued] = octets.latin1Slice(0, length).split(" ");
    return { atMs: performance.now(), workedMs: Number(worked) / 1e6, queuedMs: Number(queued) / 1e6 };
  }

  function noteCollection(entry) {
    const kind = KINDS[entry.detail.kind] ?? String(entry.detail.kind);
    const { count = 0, longestMs = 0 } = seen.collections[kind] ?? {};
    seen.collections[kind] = { count: count + 1, longestMs: Math.max(longestMs, entry.duration) };
  }
}

function nothing() {
  return { longestMs: 0, longestWorkMs: 0, longestQueueMs: 0, longestSleepMs: 0, collections: {} };
}
