// `npm run bench:workers`: what an answer costs with two processes beside one at the same rate, in turn within each round, and
// what part of the questions each of the two has. `--write`: into RESULTS.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table, writeSection } from "./results.mjs";
import { load, median, processorSeconds } from "./serve/measure.mjs";
import { start } from "./serve/servers.mjs";
import { writeWorkload } from "./serve/workload.mjs";

const PROGRAM = fileURLToPath(new URL("../dist/program/main.js", import.meta.url));
const [ROUNDS, SECONDS, CLIENTS, METRICS_PORT] = [3, 4, 20, 9399];
const RATES = [20_000, 40_000, 60_000];
const CORES = "0,1";

const folder = mkdtempSync(join(tmpdir(), "privlink-workers-"));
try {
  const names = writeWorkload(folder);
  const rows = [];
  for (const rate of RATES) {
    const ratios = [];
    const costs = { 1: [], 2: [] };
    const lost = { 1: 0, 2: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      for (const workers of [1, 2]) {
        const { processorUs, lost: gone } = await costOf(workers, rate, names[0]);
        costs[workers].push(processorUs);
        lost[workers] += gone;
      }
      ratios.push(costs[2].at(-1) / costs[1].at(-1));
    }
    const shares = await sharesOf(rate, names[0]);
    const cost = (workers) => median(costs[workers]).toFixed(1);
    rows.push([`${rate / 1000} k/s`, cost(1), cost(2), median(ratios).toFixed(2), shares, `${lost[1]} and ${lost[2]}`]);
  }
  const lines = [
    `us of processor time an answer, all processes together, asked by ${CLIENTS} clients; medians of ${ROUNDS} rounds of ${SECONDS} s. Server`,
    `and clients have the same two cores. Node ${process.version}: ${sharing()}.`,
    "",
    ...table(["rate", "one process", "two", "two / one", "share of each", "lost"], rows),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  if (process.argv.includes("--write")) writeSection("Two processes that answer", lines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function sharing() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const own = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
  return own ? "each process has a socket of its own (SO_REUSEPORT)" : "the processes take from one socket";
}

function serverWith(workers, question, more = []) {
  const command = () => [
    process.execPath,
    PROGRAM,
    "serve",
    "-c",
    join(folder, "privlink.yaml"),
    "--workers",
    workers,
    ...more,
  ];
  return start({ name: "privlink", port: 5390, command }, folder, CORES, question);
}

async function costOf(workers, rate, question) {
  const server = await serverWith(String(workers), question);
  const run = (seconds) =>
    load(server, join(folder, "questions.txt"), { core: CORES, seconds, rate, more: ["-c", String(CLIENTS)] });
  run(6); // Each process compiles its own hot path.
  const pids = [server.pid, ...childrenOf(server.pid)];
  const used = () => pids.reduce((sum, pid) => sum + processorSeconds(pid), 0);
  const before = used();
  const { answers, lost } = run(SECONDS);
  const processorUs = ((used() - before) / answers) * 1e6;
  await server.stop();
  return { processorUs, lost };
}

/** In a run of its own: counting costs something. */
async function sharesOf(rate, question) {
  const server = await serverWith("2", question, ["--metrics", `127.0.0.1:${METRICS_PORT}`]);
  load(server, join(folder, "questions.txt"), { core: CORES, seconds: SECONDS, rate, more: ["-c", String(CLIENTS)] });
  const text = await (await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`)).text();
  const counts = [...text.matchAll(/^privlink_worker_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
  await server.stop();
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => `${Math.round((count / total) * 100)} %`).join(" and ");
}

function childrenOf(pid) {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === pid)
    .map(Number);
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined; // It has gone.
  }
}
