// What changes between two models of 100,000 records and 20 networks: the whole command, both sides read from files.
// Run it from the built files: `node scripts/setup.mjs --build && node bench/diff.mjs`.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table, writeSection } from "./results.mjs";

const PROGRAM = fileURLToPath(new URL("../dist/program/main.js", import.meta.url));
const ZONES = 100;
const OWNERS = 1000;
const NETWORKS = 20;

/** Zone `i`: every tenth owner is an alias of one in the next zone. */
function zoneLines(i) {
  const lines = [];
  for (let j = 0; j < OWNERS; j++) {
    if (j % 10 === 9) lines.push(`host${j} 300 CNAME host${j - 1}.zone${(i + 1) % ZONES}.example.`);
    else lines.push(`host${j} 300 A 10.${i}.${j >> 8}.${j & 255}`);
  }
  return lines;
}

function model() {
  const networks = {};
  const zones = {};
  for (let n = 0; n < NETWORKS; n++) networks[`net${n}`] = { kind: "azure", prefixes: `10.${100 + n}.0.0/16` };
  const all = Object.keys(networks);
  // No two networks see the same zones: each has one of the first that it does not see.
  for (let i = 0; i < ZONES; i++)
    zones[`zone${i}.example`] = { file: `zone${i}.zone`, links: all.filter((_, n) => i >= NETWORKS || i !== n) };
  const lines = Array.from({ length: ZONES }, (_, i) => zoneLines(i));
  const resolvers = {
    forwarder: { network: "net0", address: "10.100.0.4", forward: { ".": "platform" } },
    other: { network: "net1", address: "10.101.0.4", forward: { ".": "platform" } },
  };
  return { topology: { networks, zones, resolvers }, lines };
}

/** What is different on the new side. */
const CASES = [
  { title: "nothing", change: () => undefined },
  { title: "one record", change: ({ lines }) => void (lines[50][5] = "host5 300 A 10.250.0.1") },
  { title: "one link taken away", change: ({ topology }) => void topology.zones["zone50.example"].links.pop() },
  { title: "a zone above all others", change: ({ topology }) => void (topology.zones.example = { links: "net3" }) },
  {
    title: "one record in each of 100 zones",
    change: ({ lines }) => lines.forEach((own, i) => void (own[7] = `host7 300 A 10.250.1.${i}`)),
  },
  {
    title: "a zone of 1,000 records unlinked everywhere",
    change: ({ topology }) => void (topology.zones["zone50.example"].links = []),
  },
  {
    title: "one network asks another server",
    change: ({ topology }) => void (topology.networks.net5.dns = "forwarder"),
  },
  {
    title: "every network asks another server",
    change: ({ topology }) => {
      for (const network of Object.values(topology.networks)) network.dns = "other";
    },
  },
  {
    title: "every record",
    change: ({ lines }) =>
      lines.forEach((own) => own.forEach((line, j) => void (own[j] = line.replace(" A 10.", " A 11.")))),
  },
];

function write(folder, { topology, lines }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "privlink.yaml"), JSON.stringify(topology, null, 1));
  for (const [i, own] of lines.entries()) writeFileSync(join(folder, `zone${i}.zone`), `${own.join("\n")}\n`);
}

const folder = mkdtempSync(join(tmpdir(), "privlink-bench-"));
try {
  write(join(folder, "old"), model());
  const rows = CASES.map(({ title, change }) => {
    const now = model();
    change(now);
    write(join(folder, "new"), now);
    const start = performance.now();
    const ran = spawnSync(
      "/usr/bin/time",
      ["-f", "%U %S %M", process.execPath, PROGRAM, "diff", "old", "new", "--format", "json"],
      {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 30,
      },
    );
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const [user, system, peak] = ran.stderr.trim().split("\n").at(-1).split(" ").map(Number);
    const { summary, changes } = JSON.parse(ran.stdout);
    const { asked, ...counts } = summary;
    const changed = ["private-to-public", "answer-to-none", "changed", "aliases", "ttl"].reduce(
      (sum, one) => sum + counts[one],
      0,
    );
    const row = [title, changed, changes.length, asked, seconds, (user + system).toFixed(1), Math.round(peak / 1024)];
    process.stdout.write(`${row.join("  ")}\n`);
    return row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell));
  });
  if (process.argv.includes("--write"))
    writeSection("What changes between two models", [
      `\`privlink diff old new --format json\`: ${ZONES} zones of ${OWNERS.toLocaleString("en")} records, ${NETWORKS} networks that see different ones, both sides read from files.`,
      "",
      ...table(
        ["different", "answers that change", "as rows", "questions asked", "seconds", "of processor time", "MiB"],
        rows,
      ),
    ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
