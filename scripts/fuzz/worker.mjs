// Runs inputs one after another on a thread of its own, so that one that never ends can be told from outside.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { loadProject } from "../../dist/project/load-project.js";
import { ProjectFiles } from "../../dist/project/project-files.js";
import { sourceFile } from "../../dist/source/source-file.js";
import { packetFuzz } from "./packets.mjs";
import { randomOf } from "./random.mjs";
import { topologyFuzz } from "./topologies.mjs";
import { RICH_ZONE, zoneFuzz } from "./zones.mjs";

/** Milliseconds that an input may take, and what each record that it makes adds: a `$GENERATE` is worth many. */
const SLOW_MS = 50;
const SLOW_MS_PER_RECORD = 0.05;

const { root, seed, from, inputs, seconds, only, progress } = workerData;
const example = join(root, "zones");
const entry = readFileSync(join(example, "privlink.yaml"), "utf8");
// The example, and an authoritative listener beside its own.
const served = entry.replace(
  /^listen:$/m,
  "listen:\n  - { address: 127.0.0.1:5302, authoritative: true, network: hub }",
);
const { snapshot } = loadProject(sourceFile("privlink.yaml", served), new ProjectFiles(example, example));
const files = textsBelow(example);
const corpus = join(root, "test", "agreement", "zones");
const estates = join(root, "test", "estates");
const others = existsSync(estates) ? readdirSync(estates).filter((name) => name.endsWith(".yaml")) : [];

/** What is fuzzed, with its share of a hundred inputs. */
const SUBJECTS = [
  { subject: "packet", share: 74, next: packetFuzz(snapshot, RICH_ZONE) },
  {
    subject: "zone file",
    share: 20,
    next: zoneFuzz(
      Object.entries(files).flatMap(([path, text]) => (path.endsWith(".zone") ? [text] : [])),
      existsSync(corpus) ? Object.values(textsBelow(corpus)) : [],
    ),
  },
  {
    subject: "topology",
    share: 6,
    next: topologyFuzz([entry, entry, ...others.map((name) => readFileSync(join(estates, name), "utf8"))], files),
  },
].filter(({ subject }) => only === undefined || subject.startsWith(only));

const counts = Object.fromEntries(SUBJECTS.map(({ subject }) => [subject, { inputs: 0, ms: 0, slowestMs: 0 }]));
const end = performance.now() + seconds * 1000;
let index = from;
for (; index - from < inputs && performance.now() < end; index++) runInput(index);
parentPort.postMessage({ kind: "done", counts, inputs: index - from });

function runInput(index) {
  const random = randomOf(seed, index);
  const { subject, next } = choose(random);
  const { input, run } = next(random);
  progress[0] = index;
  progress[1] += 1;
  const found = (what, error) =>
    parentPort.postMessage({ kind: "finding", index, subject, what, stack: error?.stack, octets: Buffer.from(input) });
  const first = timed(run);
  counts[subject].inputs += 1;
  counts[subject].ms += first.ms;
  if (first.error !== undefined) return found(first.error.message, first.error);
  const limit = SLOW_MS + SLOW_MS_PER_RECORD * first.worth;
  let { ms } = first;
  // Slow once, or three times in a row on a busy machine, may not be the input's doing.
  for (let left = 4; ms > limit && left > 0; left--) ms = Math.min(ms, timed(run).ms);
  counts[subject].slowestMs = Math.max(counts[subject].slowestMs, ms);
  if (ms > limit) found(`takes ${ms.toFixed(0)} ms each time, for ${input.length} octets and ${first.worth} records`);
}

function timed(run) {
  const start = performance.now();
  try {
    const worth = run();
    return { ms: performance.now() - start, worth: worth ?? 0 };
  } catch (error) {
    const thrown = error instanceof Error ? error : new Error(`something that is no error: ${String(error)}`);
    return { ms: performance.now() - start, error: thrown, worth: 0 };
  }
}

function choose(random) {
  let left = random.below(SUBJECTS.reduce((sum, { share }) => sum + share, 0));
  return SUBJECTS.find(({ share }) => (left -= share) < 0);
}

/** The texts of a folder's files by the path that the folder's topology gives them. */
function textsBelow(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".zone"));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "latin1")]));
}
