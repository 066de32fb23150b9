// A server under measurement: what it said, what it used, what its probe saw.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { processorSeconds } from "../serve/measure.mjs";

const PROBE = join(import.meta.dirname, "probe.mjs");
const PATIENCE_MS = 120_000;
const LOOK_MS = 10;

/** Starts `node ARGUMENTS…` in a folder, with the probe; resolves once it said `Ready.`. */
export async function startServer(args, folder) {
  const startedAt = performance.now();
  const probed = join(folder, "probe.json");
  const child = spawn(process.execPath, ["--import", PROBE, ...args], {
    cwd: folder,
    env: { ...process.env, PRIVLINK_BENCH_PROBE: probed },
    stdio: ["ignore", "ignore", "pipe"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const sees = (pattern, since = 0) =>
    eventually(() => {
      if (child.exitCode !== null) throw new Error(`the server has ended: ${said}`);
      return pattern.test(said.slice(since)) ? true : undefined;
    }, String(pattern));
  await sees(/^Ready\.$/m);
  const start = { seconds: (performance.now() - startedAt) / 1000, ...usedBy(child.pid) };
  return {
    pid: child.pid,
    start,
    sees,
    /** How much it has said: where to look from later. */
    mark: () => said.length,
    signal: (name) => child.kill(name),
    /** All of its threads on one core. */
    pin: (core) => spawnSync("taskset", ["-a", "-p", "-c", String(core), String(child.pid)]),
    peak: () => usedBy(child.pid).peak,
    /** What the probe saw since it was asked last. */
    probe: () => {
      rmSync(probed, { force: true });
      child.kill("SIGUSR2");
      return eventually(() => parsed(probed), "the probe");
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGTERM");
      }),
  };
}

/** Runs `node ARGUMENTS…` to its end: seconds by the clock and of processor time, and megabytes at the most. */
export async function runToEnd(args, folder) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd: folder, stdio: "ignore" });
  let used = { processor: 0, peak: 0 };
  const looking = setInterval(() => {
    try {
      const now = usedBy(child.pid);
      if (now.peak > 0) used = now; // Not of one that has just ended.
    } catch {
      clearInterval(looking);
    }
  }, LOOK_MS);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return { seconds: (performance.now() - startedAt) / 1000, ...used };
}

/** Seconds of processor time so far, and megabytes resident at the most. */
function usedBy(pid) {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  return { processor: processorSeconds(pid), peak };
}

function parsed(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined; // Not yet.
  }
}

async function eventually(look, what) {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(LOOK_MS)) {
    const seen = look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`waited in vain for ${what}`);
}

export function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
