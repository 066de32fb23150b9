// `npm run bench`: answers on one core beside a bare node:dgram server and the servers that a user would pick instead, the
// codec beside two others, the start, and ten thousand expectations. All side by side in one run, on the built files. `--quick`: shorter, no file.
// `--only NAME`, again and again if need be: answers, shapes, process, forwarding, codec, start, expectations, check.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureAnswer } from "./answer.mjs";
import { measureCheck } from "./check.mjs";
import { measureCodec } from "./codec.mjs";
import { measureExpectations } from "./expectations.mjs";
import { measureForwarding } from "./forward.mjs";
import { table, versionOf, writeSection } from "./results.mjs";
import { load, median, residentMegabytes } from "./serve/measure.mjs";
import { recordAnswers, SERVERS, startServer } from "./serve/servers.mjs";
import { writeWorkload } from "./serve/workload.mjs";
import { measureShapes } from "./shapes.mjs";
import { measureStart } from "./start.mjs";

const { values } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string", multiple: true } } });
const { quick = false, only } = values;
const ROUNDS = quick ? 1 : 3;
const SECONDS = quick ? 1 : 3;
const RATE = 40_000;
const SERVER_CORE = 0;
const CLIENT_CORE = 1;
const SHAPES = { rounds: ROUNDS, seconds: SECONDS, hasNamed: versionOf("named", "-V") !== undefined };

const VERSIONS = {
  privlink: () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version,
  "privlink-node": () => VERSIONS.privlink(),
  named: () => versionOf("named", "-V"),
  unbound: () => versionOf("unbound", "-V"),
  "unbound-anew": () => versionOf("unbound", "-V"),
  dnsmasq: () => versionOf("dnsmasq", "--version"),
  bare: () => process.versions.node,
};

/** What our share of a server's figure is to be: of its processor time at most, of its throughput at least. */
const GOALS = {
  bare: { cost: 0.85 },
  named: { cost: 0.9, rate: 1 },
  unbound: { cost: 0.95, rate: 1.05 },
  dnsmasq: { cost: 0.65, rate: 2 },
};
/** Servers by what the tables call them. */
const SHOWN = {
  "privlink-node": "privlink --datagrams node",
  bare: "bare node:dgram",
  "unbound-anew": "unbound without its cache",
};

const BENCHES = {
  answers: ["Answers on one core", measureAnswers],
  shapes: ["Answers in other shapes", () => measureShapes(folder, { quick, ...SHAPES })],
  process: ["Answers in the process", () => measureAnswer(folder, quick)],
  forwarding: ["Forwarding", () => measureForwarding(folder, { rounds: ROUNDS, seconds: SECONDS })],
  codec: ["Codec", () => measureCodec(quick)],
  start: ["Start", () => measureStart(quick)],
  expectations: ["Expectations", () => measureExpectations(folder, quick)],
  check: ["Check", () => measureCheck(quick)],
};
const unknown = only?.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  process.stderr.write(`bench: no bench ${unknown}; there are ${Object.keys(BENCHES).join(", ")}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "privlink-bench-"));
try {
  for (const [name, [title, measure]] of Object.entries(BENCHES)) {
    if (only === undefined || only.includes(name)) report(title, await measure());
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureAnswers() {
  const names = writeWorkload(folder);
  const questions = join(folder, "questions.txt");
  const recorded = await startServer("privlink", folder, SERVER_CORE, names[0]);
  writeFileSync(join(folder, "answers.hex"), (await recordAnswers(recorded.port, names)).join("\n"));
  await recorded.stop();

  const installed = Object.keys(SERVERS).filter((name) => VERSIONS[name]() !== undefined);
  const runs = new Map(installed.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    // In turn within each round, so that a minute in which the machine is busy is a bad one for all.
    for (const name of installed) {
      const server = await startServer(name, folder, SERVER_CORE, names[0]);
      load(server, questions, { core: CLIENT_CORE, seconds: 1, rate: RATE / 2 }); // Warm.
      const paced = load(server, questions, { core: CLIENT_CORE, seconds: SECONDS, rate: RATE });
      const flat = load(server, questions, { core: CLIENT_CORE, seconds: SECONDS });
      runs.get(name).push({ paced, flat, resident: residentMegabytes(server.pid) });
      await server.stop();
    }
  }
  return answersReport(runs);
}

/** Ratios are of each round, their median is shown: what the machine does to a round, it does to both of a ratio. */
function answersReport(runs) {
  const ours = runs.get("privlink");
  // Beside a bare node:dgram server stands what moves datagrams as it does.
  const beside = (name) => (name === "bare" ? runs.get("privlink-node") : ours);
  const share = (name, figure) => median(runs.get(name).map((run, i) => figure(beside(name)[i]) / figure(run)));
  const judged = (value, goal, isMet) =>
    goal === undefined ? value.toFixed(2) : `${value.toFixed(2)}, ${isMet ? "met" : "missed"}: ${goal.toFixed(2)}`;
  const cost = (name) => {
    const [value, goal] = [share(name, ({ paced }) => paced.processorUs), GOALS[name]?.cost];
    return judged(value, goal, value <= goal);
  };
  const rate = (name) => {
    const [value, goal] = [share(name, ({ flat }) => flat.perSecond), GOALS[name]?.rate];
    return judged(value, goal, value >= goal);
  };
  const of = (name, figure) => median(runs.get(name).map(figure));
  const rows = [...runs.keys()].map((name) => [
    `${SHOWN[name] ?? name} ${VERSIONS[name]()}`,
    of(name, ({ paced }) => paced.processorUs).toFixed(1),
    cost(name),
    Math.round(of(name, ({ flat }) => flat.perSecond) / 1000),
    rate(name),
    Math.round(of(name, ({ paced }) => paced.latencyUs)),
    of(name, ({ paced }) => paced.lost),
    Math.round(of(name, ({ resident }) => resident)),
  ]);
  return [
    `The workload: 10,000 registries, an alias in a public zone to an address in a linked private zone, 10 % NXDOMAIN, asked in`,
    `random order by dnsperf on one core, the server on the other. Medians of ${ROUNDS} rounds; "ours" is privlink's figure as a`,
    `share of that server's in the same round, with its goal. Unbound answers most questions from its message cache, whatever`,
    `zones it has; without that it follows the alias from zone to zone each time, as all the others but the bare one do.`,
    "",
    ...table(
      [
        "server",
        `us of processor time an answer at ${RATE / 1000} k/s`,
        "ours",
        "most k/s",
        "ours",
        "average us",
        "lost",
        "MB",
      ],
      rows,
    ),
  ];
}

function report(title, lines) {
  process.stdout.write(`\n${title}\n\n${lines.join("\n")}\n`);
  if (!quick) writeSection(title, lines);
}
