// `check` of a large estate on one core: 1,000 zones with 100,000 records, seen by 200 networks around a hub, and an alias for
// every fifth host. What the goal is stands in the report. `node bench/check.mjs` measures it alone.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "./results.mjs";
import { median } from "./serve/measure.mjs";

const MAIN = fileURLToPath(new URL("../dist/program/main.js", import.meta.url));
const [ZONES, NETWORKS, HOSTS] = [1000, 200, 80];
const CORE = "0";
/** What a process says of itself when it ends: seconds of processor time, and the most memory it had. */
const USAGE = `process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process._rawDebug("usage " + (userCPUTime + systemCPUTime) / 1e6 + " " + maxRSS / 1024);
});`;

export function measureCheck(quick) {
  const folder = mkdtempSync(join(tmpdir(), "privlink-bench-check-"));
  try {
    const { records } = writeEstate(folder);
    const runs = Array.from({ length: quick ? 1 : 5 }, () => checkOnce(folder));
    const of = (figure) => median(runs.map(figure));
    return [
      `\`privlink check\` of ${ZONES.toLocaleString("en")} zone files with ${records.toLocaleString("en")} records and ${NETWORKS} networks, a tenth of the zones linked to all, on one`,
      `core, the start of the program included. The goal: 5 s and 1 GB. Medians of ${runs.length} runs.`,
      "",
      ...table(
        ["s", "s of processor time", "MB at most"],
        [
          [
            of(({ seconds }) => seconds).toFixed(1),
            of(({ processor }) => processor).toFixed(1),
            Math.round(of(({ megabytes }) => megabytes)),
          ],
        ],
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkOnce(cwd) {
  const startedAt = performance.now();
  const hook = `data:text/javascript,${encodeURIComponent(USAGE)}`;
  const { status, stdout, stderr } = spawnSync(
    "taskset",
    ["-c", CORE, process.execPath, "--import", hook, MAIN, "check"],
    { cwd, encoding: "utf8" },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const [, processor, megabytes] = /^usage (\S+) (\S+)$/m.exec(stderr) ?? [];
  if (status !== 0 || stdout !== "" || megabytes === undefined)
    throw new Error(`check ended with ${status}: ${stderr}`);
  return { seconds, processor: Number(processor), megabytes: Number(megabytes) };
}

function writeEstate(folder) {
  mkdirSync(join(folder, "zones"));
  const lines = ["networks:"];
  for (let i = 0; i < NETWORKS; i++) {
    const peers = i === 0 ? "" : ", peers: net0";
    lines.push(`  net${i}: { kind: azure, prefixes: 10.${i}.0.0/16${peers} }`);
  }
  lines.push("zones:");
  let records = 0;
  for (let i = 0; i < ZONES; i++) {
    const links = i % 10 === 0 ? "all" : `[net0, net${1 + (i % (NETWORKS - 1))}]`;
    lines.push(`  z${i}.corp.example: { file: zones/z${i}.zone, links: ${links} }`);
    const zone = ["$TTL 300"];
    for (let host = 0; host < HOSTS; host++) zone.push(`host${host} A 10.${i % NETWORKS}.${host}.7`);
    for (let host = 0; host < HOSTS / 5; host++) zone.push(`www${host} CNAME host${host}`);
    for (let host = 0; host < HOSTS / 20; host++) zone.push(`text${host} TXT "some text of host ${host}"`);
    records += zone.length - 1;
    writeFileSync(join(folder, "zones", `z${i}.zone`), `${zone.join("\n")}\n`);
  }
  writeFileSync(join(folder, "privlink.yaml"), `${lines.join("\n")}\n`);
  return { records };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${measureCheck(true).join("\n")}\n`);
