// `npm run bench:workers`: what an answer costs with two processes beside one at the same rate, in turn within each round, and
// what part of the questions each of the two has. `--write`: into RESULTS.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasBatchedDatagrams } from "../dist/serve/batched-datagrams.js";
import { table, writeSection } from "./results.mjs";
import { load, median, processorSeconds } from "./serve/measure.mjs";
import { start } from "./serve/servers.mjs";
import { writeWorkload } from "./serve/workload.mjs";

const PROGRAM = fileURLToPath(new URL("../dist/program/main.js", import.meta.url));
const [ROUNDS, SECONDS, WARM_SECONDS, METRICS_PORT] = [3, 1.5, 4, 9399];
/** The system gives each client to one process: with a few, chance would make the parts of the two. */
const CLIENTS = 200;
const RATES = [20_000, 40_000, 60_000];
const CORES = "0,1";
const COUNTING = ["--metrics", `127.0.0.1:${METRICS_PORT}`];

const folder = mkdtempSync(join(tmpdir(), "privlink-workers-"));
const servers = [];
try {
  const names = writeWorkload(folder);
  const questions = join(folder, "questions.txt");
  const begin = async (...more) => {
    const server = await serverWith(5390 + servers.length, names[0], more);
    servers.push(server);
    ask(server, 40_000, WARM_SECONDS); // Each process compiles its own hot path.
    return server;
  };
  const ask = (server, rate, seconds) =>
    load(server, questions, { core: CORES, seconds, rate, more: ["-c", String(CLIENTS)] });
  const [one, two] = [await begin("--workers", "1"), await begin("--workers", "2")];
  const counting = await begin("--workers", "2", ...COUNTING); // One of its own: counting costs something.
  const rows = [];
  for (const rate of RATES) rows.push(await rowOf(rate, { one, two, counting }, ask));
  const lines = [
    `us of processor time an answer, all processes together, asked by ${CLIENTS} clients; medians of ${ROUNDS} rounds of ${SECONDS} s. Server`,
    `and clients have the same two cores. Node ${process.version}: ${sharing()}.`,
    "",
    ...table(["rate", "one process", "two", "two / one", "share of each", "lost"], rows),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  if (process.argv.includes("--write")) writeSection("Two processes that answer", lines);
} finally {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function rowOf(rate, { one, two, counting }, ask) {
  const costs = { one: [], two: [], ratios: [] };
  const lost = { one: 0, two: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, server] of Object.entries({ one, two })) {
      const pids = [server.pid, ...childrenOf(server.pid)];
      const used = () => pids.reduce((sum, pid) => sum + processorSeconds(pid), 0);
      const before = used();
      const { answers, lost: gone } = ask(server, rate, SECONDS);
      costs[name].push(((used() - before) / answers) * 1e6);
      lost[name] += gone;
    }
    costs.ratios.push(costs.two.at(-1) / costs.one.at(-1));
  }
  const before = await countsOf();
  ask(counting, rate, SECONDS);
  const counts = (await countsOf()).map((count, i) => count - before[i]);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map((count) => `${Math.round((count / total) * 100)} %`).join(" and ");
  const cost = (figures) => median(figures).toFixed(1);
  const ratio = median(costs.ratios).toFixed(2);
  return [`${rate / 1000} k/s`, cost(costs.one), cost(costs.two), ratio, shares, `${lost.one} and ${lost.two}`];
}

/** What each process of the one that counts was asked so far. */
async function countsOf() {
  const text = await (
    await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`, { headers: { connection: "close" } })
  ).text();
  return [...text.matchAll(/^privlink_worker_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
}

function sharing() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const own = hasBatchedDatagrams() || major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
  return own ? "each process has a socket of its own (SO_REUSEPORT)" : "the processes take from one socket";
}

function serverWith(port, question, more) {
  const [topology, at] = [join(folder, "privlink.yaml"), `127.0.0.1:${port}=hub`];
  const command = () => [process.execPath, PROGRAM, "serve", "-c", topology, "--listen", at, ...more];
  return start({ name: "privlink", port, command }, folder, CORES, question);
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
