// Feeds the built program octets and text that nobody meant: packets, zone files and topologies, mutated and made up.
//   npm run build && node scripts/fuzz.mjs [--inputs N] [--seconds N] [--seed N] [--from N] [--only packet|zone|topology]
// Whatever throws, ends in a wrong result, is slow every time or never ends is told with its seed and octets; exit code 1.
// The same seed gives the same inputs: `--seed S --from I --inputs 1` runs one of them again.
import { randomInt } from "node:crypto";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

/** An input that takes so long never ends. */
const HANG_MS = 15_000;
/** More different findings than anybody reads in one go. */
const MAX_FINDINGS = 25;
/** Octets of an input that are shown; the seed gives the rest. */
const SHOWN_OCTETS = 1500;

const { values } = parseArgs({
  options: {
    inputs: { type: "string" },
    seconds: { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
    only: { type: "string" },
  },
});
const seed = numberOf("seed", randomInt(2 ** 31));
const inputs = numberOf("inputs", values.seconds === undefined ? 100_000 : Number.MAX_SAFE_INTEGER);
const seconds = numberOf("seconds", 24 * 3600);
const from = numberOf("from", 0);

const progress = new Float64Array(new SharedArrayBuffer(16));
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const worker = new Worker(new URL("./fuzz/worker.mjs", import.meta.url), {
  workerData: { root, seed, from, inputs, seconds, only: values.only, progress },
});
const findings = new Map();
let counts;
say(`seed ${seed}: ${values.seconds === undefined ? `${inputs} inputs` : `${seconds} s`} from input ${from}`);

let last = { inputs: -1, at: performance.now() };
const watch = setInterval(() => {
  const now = performance.now();
  if (progress[1] !== last.inputs) last = { inputs: progress[1], at: now };
  else if (now - last.at > HANG_MS) {
    addFinding({ index: progress[0], subject: "input", what: "does not end", octets: Buffer.alloc(0) });
    void worker.terminate();
  }
}, 500);
worker.on("message", (message) => {
  if (message.kind === "done") counts = message;
  else addFinding(message);
});
worker.on("error", (error) =>
  addFinding({
    index: progress[0],
    subject: "worker",
    what: String(error),
    stack: error.stack,
    octets: Buffer.alloc(0),
  }),
);
worker.on("exit", () => {
  clearInterval(watch);
  report();
});

/** The same mistake met a thousand times is one finding. */
function addFinding(finding) {
  const place = finding.stack?.split("\n").find((line) => line.includes("/dist/")) ?? "";
  const key = `${finding.subject} ${finding.what.replaceAll(/\d+/g, "N").slice(0, 60)} ${place}`;
  const known = findings.get(key);
  if (known !== undefined) known.times += 1;
  else findings.set(key, { ...finding, times: 1 });
}

function report() {
  for (const { index, subject, what, stack, octets, times } of [...findings.values()].slice(0, MAX_FINDINGS)) {
    const shown = Buffer.from(octets);
    say(`\n${subject} ${index} (${times} times): ${what}`);
    say(
      `  again: node scripts/fuzz.mjs --seed ${seed} --from ${index} --inputs 1${values.only === undefined ? "" : ` --only ${values.only}`}`,
    );
    if (stack !== undefined) say(stack.split("\n").slice(1, 6).join("\n"));
    say(
      subject === "packet"
        ? `  ${shown.subarray(0, SHOWN_OCTETS).toString("hex")}`
        : indented(shown.subarray(0, SHOWN_OCTETS).toString("latin1")),
    );
  }
  say("");
  for (const [subject, { inputs, ms, slowestMs }] of Object.entries(counts?.counts ?? {})) {
    say(
      `${subject}: ${inputs} inputs, ${(ms / Math.max(1, inputs)).toFixed(3)} ms each, the slowest ${slowestMs.toFixed(1)} ms`,
    );
  }
  say(
    `${counts?.inputs ?? progress[1]} inputs, seed ${seed}: ${findings.size === 0 ? "nothing found" : `${findings.size} different findings`}`,
  );
  process.exitCode = findings.size === 0 && counts !== undefined ? 0 : 1;
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
