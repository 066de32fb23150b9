// Feeds the built program octets and text that nobody meant: packets, zone files and topologies, mutated and made up, and
// inputs made of those that reached a block of the program which no other had reached.
//   npm run build && npm run fuzz -- [--inputs N] [--seconds N] [--seed N] [--only packet|zone|topology] [--keep]
// Whatever throws, ends in a wrong result, is slow every time or never ends is told and written into a folder; exit code 1.
// The corpus, test/fuzz-corpus, comes first: what was found once, and what reached something new. --keep writes the latter.
import { randomInt } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readCorpus, writeCorpus } from "./fuzz/corpus.mjs";
import { runThread } from "./fuzz/thread.mjs";
import { fuzzOverTheWire } from "./fuzz/wire.mjs";

/** More different findings than anybody reads in one go. */
const MAX_FINDINGS = 25;
/** Octets of an input that are shown; all of it is in a file. */
const SHOWN_OCTETS = 1500;
/** Of the packets so many are to be read past their question, or most of the work is for nothing. */
const LEAST_PAST = 0.5;
/** Of the blocks of the readers so many are to be reached. */
const LEAST_COVERED = 0.95;
/** Under so many packets it is not judged what they came to. */
const JUDGED_FROM = 5000;
/** Inputs that are run under the eyes of the coverage at most. */
const MAX_GUIDED = 100_000;
/** Megabytes that the thread may hold on to more than after a quarter of its inputs. */
const MAX_GROWTH_MB = 30;
/** The readers of octets and of zone files: rooms whose coverage is judged. */
const READERS = { codec: /\/dist\/(message|octets)\/|\/dist\/record\/rdata-wire/, "zone files": /\/dist\/zonefile\// };

const { values } = parseArgs({
  options: {
    inputs: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string" },
    only: { type: "string" },
    keep: { type: "boolean" },
    uncovered: { type: "boolean" },
  },
});
const seed = numberOf("seed", randomInt(2 ** 31));
const inputs = numberOf("inputs", values.seconds === undefined ? 100_000 : Number.MAX_SAFE_INTEGER);
const seconds = numberOf("seconds", 24 * 3600);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "test", "fuzz-corpus");
const findings = new Map();
say(`seed ${seed}: ${values.seconds === undefined ? `${inputs} inputs` : `${seconds} s`}`);
await run();

/** A quarter of the work looks for blocks that nothing reached, which is slow; then what was kept is mutated at full speed. */
async function run() {
  const corpus = readCorpus(folder);
  const isOnly = values.only !== undefined;
  const wireSeconds = isOnly ? 0 : Math.min(seconds / 5, inputs / 10_000);
  const common = { root, seed, only: values.only };
  const guided = await runThread(
    { ...common, isGuided: true, corpus, inputs: Math.min(inputs / 4, MAX_GUIDED), seconds: seconds / 4 },
    addFinding,
  );
  const kept = guided?.kept ?? corpus;
  const rest = { inputs: inputs - (guided?.inputs ?? 0), seconds: seconds * 0.75 - wireSeconds };
  const plain = await runThread({ ...common, isGuided: false, corpus: kept, ...rest }, addFinding);
  const packets = kept.filter(({ subject }) => subject === "packet").map(({ octets }) => Buffer.from(octets));
  const wire =
    wireSeconds === 0
      ? { sent: 0, found: [] }
      : await fuzzOverTheWire({ root, seed, seconds: wireSeconds, seeds: packets });
  for (const what of wire.found) addFinding({ index: 0, subject: "server", what, octets: Buffer.alloc(0) });
  await report(guided, plain, wire);
}

/** The same mistake met a thousand times is one finding. */
function addFinding(finding) {
  const place = finding.stack?.split("\n").find((line) => line.includes("/dist/")) ?? "";
  const key = `${finding.subject} ${finding.what.replaceAll(/\d+/g, "N").slice(0, 60)} ${place}`;
  const known = findings.get(key);
  if (known !== undefined) known.times += 1;
  else findings.set(key, { ...finding, times: 1 });
}

async function report(guided, plain, wire) {
  for (const finding of [...findings.values()].slice(0, MAX_FINDINGS)) showFinding(finding);
  say("");
  for (const [subject, { inputs, ms, slowestMs }] of Object.entries(plain?.counts ?? {})) {
    say(
      `${subject}: ${inputs} inputs, ${(ms / Math.max(1, inputs)).toFixed(3)} ms each, the slowest ${slowestMs.toFixed(1)} ms`,
    );
  }
  say(`looking for blocks that nothing reached: ${guided?.inputs ?? 0} inputs, ${guided?.kept.length ?? 0} of use`);
  if (wire.sent > 0) say(`over UDP and TCP: ${wire.sent} packets to a server that goes on answering`);
  const faults =
    guided === undefined || plain === undefined
      ? ["the fuzz did not come to its end"]
      : [...judgeWork(plain), ...judgeBlocks(guided)];
  if (values.keep === true && guided !== undefined) await keep(guided.kept);
  for (const fault of faults) say(`not as wanted: ${fault}`);
  const total = (guided?.inputs ?? 0) + (plain?.inputs ?? 0) + wire.sent;
  const found = findings.size === 0 ? "nothing found" : `${findings.size} different findings`;
  say(`${total} inputs, seed ${seed}: ${found}`);
  process.exitCode = findings.size === 0 && faults.length === 0 ? 0 : 1;
}

/** How deep the inputs went and what they left behind: what is not as wanted. */
function judgeWork({ counts, past, memory }) {
  const faults = [];
  const packets = counts.packet?.inputs ?? 0;
  const isJudged = packets >= JUDGED_FROM;
  if (packets > 0) say(`read past the question: ${Math.round((past / packets) * 100)} % of the packets`);
  if (isJudged && past / packets < LEAST_PAST) faults.push("most packets end before their question does");
  if (memory.quarter === undefined) return faults;
  const [before, after] = [memory.quarter.megabytes, memory.end.megabytes];
  say(`memory: ${before.toFixed(0)} MB after a quarter, ${after.toFixed(0)} MB at the end`);
  if (isJudged && after - before > MAX_GROWTH_MB) faults.push(`memory grows: ${(after - before).toFixed(0)} MB`);
  return faults;
}

/** How many of the blocks of the readers were reached: what is not as wanted. */
function judgeBlocks({ blocks }) {
  const faults = [];
  for (const [name, rooms] of Object.entries(READERS)) {
    const own = blocks.filter(({ url }) => rooms.test(url));
    const [all, missed] = [own.reduce((n, one) => n + one.blocks, 0), own.reduce((n, one) => n + one.missed.length, 0)];
    if (all === 0) continue;
    const covered = 1 - missed / all;
    say(`blocks of ${name} reached: ${(covered * 100).toFixed(1)} % of ${all}`);
    if (values.only === undefined && covered < LEAST_COVERED) faults.push(`too few blocks of ${name} were reached`);
    if (values.uncovered !== true) continue;
    for (const { url, missed: lines } of own) {
      if (lines.length > 0) say(`  ${relative(root, fileURLToPath(url))}: ${lines.join(" ")}`);
    }
  }
  return faults;
}

/** Puts what reached something new into the corpus, none that others make needless, and what was found. */
async function keep(kept) {
  const data = { root, seed, isGuided: true, isThinned: true, corpus: kept, inputs: 0, seconds: 1 };
  const thinned = (await runThread(data, addFinding))?.kept ?? kept;
  const found = [...findings.values()].filter(({ octets }) => octets.length > 0);
  writeCorpus(folder, [...thinned, ...found.map(({ subject, octets }) => ({ subject, octets }))]);
  say(`the corpus has ${thinned.length} inputs: ${relative(root, folder)}`);
}

function showFinding({ index, subject, what, stack, octets, times }) {
  say(`\n${subject} ${index} (${times} times): ${what}`);
  if (stack !== undefined) say(stack.split("\n").slice(1, 6).join("\n"));
  const shown = Buffer.from(octets);
  if (shown.length === 0) return;
  const file = join(mkdtempSync(join(tmpdir(), "privlink-found-")), `${subject.replaceAll(" ", "-")}.txt`);
  writeFileSync(file, `${shown.toString("base64")}\n`);
  say(`  in base64, a line for test/fuzz-corpus: ${file}`);
  const start = shown.subarray(0, SHOWN_OCTETS);
  say(subject === "packet" ? `  ${start.toString("hex")}` : indented(start.toString("latin1")));
}

function indented(text) {
  return text
    .split("\n")
    .map((line) => `  | ${line}`)
    .join("\n");
}

function numberOf(name, otherwise) {
  const text = values[name];
  if (text === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(text)) {
    say(`--${name} ${text} is no whole number`);
    process.exit(1);
  }
  return Number.parseInt(text, 10);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
