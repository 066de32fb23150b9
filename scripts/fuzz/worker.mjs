// Runs inputs one after another on a thread of its own, so that one that never ends can be told from outside. An input that
// reaches a block of the program which no other had reached is kept, and others are made of it.
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { startCoverage } from "./coverage.mjs";
import { randomOf } from "./random.mjs";

/** What each record or problem that an input makes adds to the milliseconds that it may take: a `$GENERATE` is worth many. */
const SLOW_MS_PER_RECORD = 0.1;
/** Inputs between two looks at what ran: a look costs as much as some ten inputs, so all of a batch that reached something stay. */
const BATCH = 16;
/** The rooms whose blocks guide: what reads octets and text of strangers. */
const GUIDING = /\/dist\/(message|octets|record|name|reply|resolve|serve|transport|zone|zonefile|topology)\//;

const { root, seed, isGuided, isThinned = false, inputs, seconds, only, corpus, progress } = workerData;
const coverage = isGuided ? startCoverage((url) => GUIDING.test(url)) : undefined;
const tally = { past: 0 };
const { subjectsOf } = await import("./subjects.mjs"); // The program is read under the eyes of the coverage.
const SUBJECTS = subjectsOf(root, tally).filter(({ subject }) => only === undefined || subject.startsWith(only));
const kept = new Map(SUBJECTS.map(({ subject }) => [subject, []]));
const counts = Object.fromEntries(SUBJECTS.map(({ subject }) => [subject, { inputs: 0, ms: 0, slowestMs: 0 }]));
coverage?.take();

/** What inputs are made of is worth a run itself. */
if (isGuided) {
  for (const subject of SUBJECTS) {
    for (const [i, octets] of subject.fuzz.seeds.entries()) runOctets(subject, Uint8Array.from(octets), i);
  }
  coverage.take();
}

/** Inputs of earlier runs come first; where the corpus is to be small, those stay that reach what none before them did. */
for (const { subject, octets } of corpus) {
  const known = SUBJECTS.find((one) => one.subject === subject);
  if (known === undefined) continue;
  runOctets(known, Uint8Array.from(octets), 0);
  if (!isThinned || coverage.take()) kept.get(subject).push(Uint8Array.from(octets));
}
coverage?.take();

const start = performance.now();
const end = start + seconds * 1000;
let index = 0;
let quarter;
while (index < inputs && performance.now() < end) {
  const batch = [];
  for (; batch.length < BATCH && index < inputs; index++) batch.push(runInput(index));
  if (coverage?.take() === true) for (const { subject, octets } of batch) kept.get(subject.subject).push(octets);
  const share = Math.max(index / inputs, (performance.now() - start) / (seconds * 1000));
  if (quarter === undefined && share >= 0.25) quarter = { ...memory(), inputs: index };
}
const blocks = coverage?.report() ?? [];
parentPort.postMessage({
  kind: "done",
  counts,
  past: tally.past,
  inputs: index,
  kept: [...kept].flatMap(([subject, all]) => all.map((octets) => ({ subject, octets }))),
  blocks,
  memory: { quarter, end: memory() },
});

/** Makes an input and runs it. */
function runInput(index) {
  const random = randomOf(seed, index);
  const subject = choose(random);
  const octets = Uint8Array.from(subject.fuzz.make(random, kept.get(subject.subject)));
  runOctets(subject, octets, index);
  return { subject, octets };
}

/** Runs one input as its number says. */
function runOctets({ subject, slowMs, fuzz }, octets, index) {
  const run = fuzz.prepare(randomOf(~seed, index), octets);
  progress[0] = index;
  progress[1] += 1;
  const found = (what, error) =>
    parentPort.postMessage({ kind: "finding", index, subject, what, stack: error?.stack, octets });
  const first = timed(run);
  counts[subject].inputs += 1;
  counts[subject].ms += first.ms;
  if (first.error !== undefined) return found(first.error.message, first.error);
  if (isGuided) return; // Under the eyes of the coverage everything is slow.
  const limit = slowMs + SLOW_MS_PER_RECORD * first.worth;
  let { ms } = first;
  // Slow once, or three times in a row on a busy machine, may not be the input's doing.
  for (let left = 4; ms > limit && left > 0; left--) ms = Math.min(ms, timed(run).ms);
  counts[subject].slowestMs = Math.max(counts[subject].slowestMs, ms);
  if (ms > limit) found(`takes ${ms.toFixed(0)} ms each time, for ${octets.length} octets and ${first.worth} records`);
}

/** Runs it once: the milliseconds by the clock, and of processor time, which do not tell of what else the machine does. */
function timed(run) {
  const start = performance.now();
  const used = process.cpuUsage();
  const end = () => {
    const { user, system } = process.cpuUsage(used);
    return { ms: Math.min(performance.now() - start, (user + system) / 1000) };
  };
  try {
    const worth = run() ?? 0;
    return { ...end(), worth };
  } catch (error) {
    const thrown = error instanceof Error ? error : new Error(`something that is no error: ${String(error)}`);
    return { ...end(), error: thrown, worth: 0 };
  }
}

function choose(random) {
  const shareOf = ({ share }) => (isGuided ? share.guided : share.plain);
  let left = random.below(SUBJECTS.reduce((sum, one) => sum + shareOf(one), 0));
  return SUBJECTS.find((one) => (left -= shareOf(one)) < 0);
}

/** Megabytes that this thread holds on to, and what the kept inputs are of it. */
function memory() {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  const own = [...kept.values()].flat().reduce((sum, octets) => sum + octets.length, 0);
  return { megabytes: (heapUsed + external - own) / 2 ** 20 };
}
