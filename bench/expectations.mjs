// Ten thousand expectations of ten networks and a thousand names, from the start of `privlink test` to its end, as in CI; and the
// parts of it in one process. The files are read, parsed and checked, nothing is remembered.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Diagnostics } from "../dist/diagnostics/diagnostic.js";
import { testOffline } from "../dist/expect/run-offline.js";
import { runLoad } from "../dist/project/load-order.js";
import { compile } from "../dist/snapshot/compile.js";
import { table } from "./results.mjs";
import { median } from "./serve/measure.mjs";

const MAIN = fileURLToPath(new URL("../dist/program/main.js", import.meta.url));
const EXPECTATIONS = 10_000;
const NETWORKS = 10;
const NAMES = 1000;

export function measureExpectations(folder, quick) {
  const topology = join(folder, "expectations.yaml");
  writeFileSync(topology, topologyText());
  const rounds = quick ? 2 : 5;
  const runs = Array.from({ length: rounds }, () => runOnce(topology, folder));
  const parts = Array.from({ length: rounds }, () => partsOf(topology, folder));
  const shown = (seconds) => median(seconds).toFixed(2);
  return [
    `${EXPECTATIONS} expectations, one a line, of ${NAMES} aliases in a zone that ${NETWORKS} networks see; all are met. Medians of`,
    `${rounds} runs.`,
    "",
    ...table(
      ["", "s"],
      [
        ["`privlink test`, from its start to its end", shown(runs.map(({ wall }) => wall))],
        ["its processor time, Node's own start included", shown(runs.map(({ processor }) => processor))],
        ["reading and checking the files, in a process that runs", shown(parts.map(({ load }) => load))],
        ["compiling, asking and judging, there", shown(parts.map(({ judge }) => judge))],
      ],
    ),
  ];
}

function topologyText() {
  const networks = Array.from({ length: NETWORKS }, (_, i) => `  n${i}: { kind: azure, prefixes: 10.${i}.0.0/16 }\n`);
  const records = Array.from(
    { length: NAMES },
    (_, i) => `      h${i} CNAME a${i}\n      a${i} A 10.200.${i >> 8}.${i & 255}\n`,
  );
  const expectations = Array.from({ length: EXPECTATIONS }, (_, i) => {
    const name = i % NAMES;
    return `  - { from: n${Math.floor(i / NAMES)}, name: h${name}.corp.example, resolves: 10.200.${name >> 8}.${name & 255} }\n`;
  });
  return `networks:\n${networks.join("")}zones:\n  corp.example:\n    links: all\n    records: |\n${records.join("")}expect:\n${expectations.join("")}`;
}

/** As a user waits for it, and the processor time of the process: the shell's `times` has its children's in the last line. */
function runOnce(topology, cwd) {
  const line = '"$@" && times';
  const words = ["-c", line, "sh", process.execPath, MAIN, "test", "-c", topology];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync("sh", words, { cwd, encoding: "utf8" });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0 || !stderr.includes(`${EXPECTATIONS} met`)) throw new Error(stderr);
  const [user = Number.NaN, system = Number.NaN] = Array.from(
    (stdout.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g),
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return { wall, processor: user + system };
}

/** Processor time in this process, which has run it before: what is left when nothing is started. */
function partsOf(config, folder) {
  const order = { request: { config, paths: [], networks: [] }, folder, exampleFolder: folder, listen: [] };
  const { value: loaded, seconds: load } = timed(() => runLoad(order));
  const { seconds: judge } = timed(() => {
    const snapshot = compile(loaded.input, new Diagnostics());
    const results = testOffline(snapshot, snapshot.topology.expectations);
    if (results.some(({ verdict }) => verdict !== "met")) throw new Error("an expectation is not met");
  });
  return { load, judge };
}

function timed(run) {
  const before = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(before);
  return { value, seconds: (user + system) / 1e6 };
}
