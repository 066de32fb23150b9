// `npm run bench`: answers on one core beside a bare node:dgram server and the servers that a user would pick instead, the
// codec beside two others, the start, and ten thousand expectations. All side by side in one run, on the built files. `--quick`: shorter, no file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureCodec } from "./codec.mjs";
import { measureExpectations } from "./expectations.mjs";
import { measureForwarding } from "./forward.mjs";
import { table, versionOf, writeSection } from "./results.mjs";
import { load, median, residentMegabytes } from "./serve/measure.mjs";
import { recordAnswers, SERVERS, startServer } from "./serve/servers.mjs";
import { writeWorkload } from "./serve/workload.mjs";
import { measureStart } from "./start.mjs";

const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 1 : 5;
const SECONDS = quick ? 1 : 3;
const RATE = 40_000;
const SERVER_CORE = 0;
const CLIENT_CORE = 1;

const VERSIONS = {
  privlink: () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version,
  named: () => versionOf("named", "-V"),
  unbound: () => versionOf("unbound", "-V"),
  dnsmasq: () => versionOf("dnsmasq", "--version"),
  bare: () => process.versions.node,
};

const folder = mkdtempSync(join(tmpdir(), "privlink-bench-"));
try {
  await measureAnswers();
  report("Forwarding", await measureForwarding(folder, { rounds: ROUNDS, seconds: SECONDS }));
  report("Codec", await measureCodec(quick));
  report("Start", await measureStart(quick));
  report("Expectations", measureExpectations(folder, quick));
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
  report("Answers on one core", answersReport(runs));
}

/** Ratios are of each round, their median is shown: what the machine does to a round, it does to both of a ratio. */
function answersReport(runs) {
  const ours = runs.get("privlink");
  const ratio = (name, figure) => median(runs.get(name).map((run, i) => figure(ours[i]) / figure(run))).toFixed(2);
  const of = (name, figure) => median(runs.get(name).map(figure));
  const rows = [...runs.keys()].map((name) => [
    `${name === "bare" ? "bare node:dgram" : name} ${VERSIONS[name]()}`,
    of(name, ({ paced }) => paced.processorUs).toFixed(1),
    ratio(name, ({ paced }) => paced.processorUs),
    Math.round(of(name, ({ flat }) => flat.perSecond) / 1000),
    ratio(name, ({ flat }) => flat.perSecond),
    Math.round(of(name, ({ paced }) => paced.latencyUs)),
    of(name, ({ paced }) => paced.lost),
    Math.round(of(name, ({ resident }) => resident)),
  ]);
  return [
    `The workload: 10,000 registries, an alias in a public zone to an address in a linked private zone, 10 % NXDOMAIN, asked in`,
    `random order by dnsperf on one core, the server on the other. Medians of ${ROUNDS} rounds; "ours" is privlink's figure as a`,
    `share of that server's in the same round.`,
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
