// The workload W in other shapes, each beside what it is a share of, in the same rounds: every name asked once, 200 networks,
// with the query log and metrics, over TCP, and how long the slowest hundredth waits.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "./results.mjs";
import { load, median, processorSeconds } from "./serve/measure.mjs";
import { SERVERS, start, startServer } from "./serve/servers.mjs";
import { writeWorkload } from "./serve/workload.mjs";

const SERVER_CORE = 0;
const CLIENT_CORE = 1;
const RATE = 40_000;
/** Half of what BIND answers at most, about. */
const HALF_RATE = 40_000;
/** What the asker of `serve/asker.mjs` holds, too. */
const MODEST_RATE = 20_000;
/** Until the hot path is compiled, and each name was asked. */
const WARM_SECONDS = 4;
const NETWORKS = 200;
const LOGGED_NETWORKS = 20;
const ASKER = fileURLToPath(new URL("serve/asker.mjs", import.meta.url));

/** Measures each shape; a row for each with what was measured and its goal. */
export async function measureShapes(folder, { quick, rounds, seconds, hasNamed }) {
  const names = writeWorkload(folder);
  const bench = { folder, names, questions: join(folder, "questions.txt"), rounds, seconds, quick };
  const rows = [
    await uniqueRow(bench),
    await networksRow(bench),
    await toldRow(bench),
    ...(hasNamed ? [await latencyRow(bench), ...(await streamRows(bench))] : []),
    ["two workers, processor time an answer, beside one", "not measured here", "<= 1.10", ""],
  ];
  return [
    `The workload is that of "Answers on one core". Each share is of one round, its median of ${rounds} rounds is shown.`,
    "",
    ...table(["what", "measured", "goal", ""], rows),
  ];
}

function row(what, shares, goal, isMet) {
  const share = median(shares);
  const sign = goal < 1 || isMet === atLeast ? ">=" : "<=";
  return [what, share.toFixed(2), `${sign} ${goal.toFixed(2)}`, isMet(share, goal) ? "met" : "missed"];
}
const atLeast = (share, goal) => share >= goal;
const atMost = (share, goal) => share <= goal;

/** Each name once: nothing is ready, and what is kept is of no use. */
async function uniqueRow({ folder, names, questions, rounds, seconds, quick }) {
  const registries = quick ? 50_000 : 1_000_000;
  const many = join(folder, "unique");
  const manyNames = writeWorkload(many, registries);
  const asked = Math.min(manyNames.length, RATE * seconds * 2);
  const once = join(many, "once.txt");
  const shares = [];
  for (let round = 0; round < rounds; round++) {
    const hot = await startServer("privlink", folder, SERVER_CORE, names[0]);
    load(hot, questions, { core: CLIENT_CORE, seconds: 1, rate: RATE / 2 });
    const ready = load(hot, questions, { core: CLIENT_CORE, seconds, rate: RATE });
    await hot.stop();
    const first = (round * asked) % manyNames.length;
    const turn = [...manyNames.slice(first), ...manyNames.slice(0, first)];
    // The first are for the engine to warm up with, and are not asked again.
    const [warm, rest] = [turn.slice(0, RATE), turn.slice(RATE, RATE + asked)];
    const unique = await startServer("privlink", many, SERVER_CORE, manyNames[0]);
    writeFileSync(once, lines(warm));
    load(unique, once, { core: CLIENT_CORE, seconds: 60, rate: RATE / 2, more: ["-n", "1"] });
    writeFileSync(once, lines(rest));
    const anew = load(unique, once, { core: CLIENT_CORE, seconds: 60, rate: RATE, more: ["-n", "1"] });
    await unique.stop();
    shares.push(ready.processorUs / anew.processorUs);
  }
  return row(`of ${registries} names each asked once, beside few asked often`, shares, 0.75, atLeast);
}

function lines(names) {
  return names.map((name) => `${name} A\n`).join("");
}

/** Questions of many networks that see one private zone, in turn, beside as many sockets in one network. */
async function networksRow({ folder, names, questions, rounds, seconds }) {
  const network = (i) => `net${i}`;
  const many = Array.from({ length: NETWORKS }, (_, i) => i);
  writeTopology(folder, "networks.yaml", {
    networks: many.map((i) => `${network(i)}: { kind: azure, prefixes: 10.${i}.0.0/16, clients: 127.${i + 1}.0.0/16 }`),
    links: many.map(network),
  });
  const everywhere = many.map((i) => `127.${i + 1}.0.1`);
  const inOne = many.map((i) => `127.1.0.${i + 1}`);
  const shares = [];
  for (let round = 0; round < rounds; round++) {
    const figures = [];
    for (const addresses of [inOne, everywhere]) {
      const server = await start(privlinkWith("networks.yaml"), folder, SERVER_CORE, names[0]);
      askFrom(server, questions, addresses, 2 * seconds); // Warm.
      figures.push(askFrom(server, questions, addresses, seconds));
      await server.stop();
    }
    shares.push(figures[0] / figures[1]);
  }
  return row(`of ${NETWORKS} networks in turn, beside one network`, shares, 0.9, atLeast);
}

/** Processor time of the server for an answer. */
function askFrom(server, questions, addresses, seconds) {
  const before = processorSeconds(server.pid);
  const words = [String(server.port), questions, String(MODEST_RATE), String(seconds), ...addresses];
  const printed = execFileSync("taskset", ["-c", String(CLIENT_CORE), process.execPath, ASKER, ...words], {
    encoding: "utf8",
  });
  return (processorSeconds(server.pid) - before) / JSON.parse(printed).answers;
}

/** With all that a user may want to be told, beside nothing of it. */
async function toldRow({ folder, names, questions, rounds, seconds }) {
  const networks = Array.from({ length: LOGGED_NETWORKS }, (_, i) => `net${i}`);
  writeTopology(folder, "told.yaml", {
    networks: networks.map((name, i) => `${name}: { kind: azure, prefixes: 10.${i}.0.0/16, clients: 127.${i}.0.0/16 }`),
    links: networks,
  });
  const told = privlinkWith("told.yaml", "--query-log", "--metrics", "127.0.0.1:5395");
  const shares = [];
  for (let round = 0; round < rounds; round++) {
    const figures = [];
    for (const one of [{ name: "privlink", ...SERVERS.privlink }, told]) {
      const server = await start(one, folder, SERVER_CORE, names[0]);
      load(server, questions, { core: CLIENT_CORE, seconds: WARM_SECONDS, rate: RATE });
      figures.push(load(server, questions, { core: CLIENT_CORE, seconds, rate: RATE }).processorUs);
      await server.stop();
    }
    shares.push(figures[0] / figures[1]);
  }
  return row(`with query log, metrics and ${LOGGED_NETWORKS} networks, beside without`, shares, 0.85, atLeast);
}

/**
 * The latency that a hundredth of the answers exceeds, by dnsperf's line for each. Of servers that have run for a while: what the
 * first second after a start costs is not the price of an answer. Both run, and are asked in turn.
 */
async function latencyRow({ folder, names, questions, rounds, seconds }) {
  const servers = [];
  for (const name of ["privlink", "named"]) servers.push(await startServer(name, folder, SERVER_CORE, names[0]));
  for (const server of servers) load(server, questions, { core: CLIENT_CORE, seconds: WARM_SECONDS, rate: HALF_RATE });
  const shares = [];
  for (let turn = 0; turn < rounds * seconds; turn++) {
    const [ours, theirs] = servers.map((server) => slowestHundredth(server, questions, 1));
    shares.push(ours / theirs);
  }
  for (const server of servers) await server.stop();
  return row(`latency of the slowest hundredth at ${HALF_RATE / 1000} k/s, beside BIND`, shares, 1, atMost);
}

function slowestHundredth({ port }, questions, seconds) {
  const words = ["-s", "127.0.0.1", "-p", String(port), "-d", questions, "-l", String(seconds), "-c", "10"];
  const printed = execFileSync(
    "taskset",
    ["-c", String(CLIENT_CORE), "dnsperf", ...words, "-Q", String(HALF_RATE), "-v"],
    { encoding: "utf8", maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "ignore"] },
  );
  const latencies = Array.from(printed.matchAll(/^> \S+ .* ([\d.]+)$/gm), ([, latency]) => Number(latency));
  latencies.sort((a, b) => a - b);
  return latencies[Math.floor(latencies.length * 0.99)];
}

/** A hundred connections, each with questions on their way. */
async function streamRows({ folder, names, questions, rounds, seconds }) {
  const streams = ["-m", "tcp", "-c", "100"];
  const costs = [];
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    const figures = [];
    for (const name of ["privlink", "named"]) {
      const server = await startServer(name, folder, SERVER_CORE, names[0]);
      load(server, questions, { core: CLIENT_CORE, seconds: 1, rate: MODEST_RATE, more: streams });
      const paced = load(server, questions, { core: CLIENT_CORE, seconds, rate: MODEST_RATE, more: streams });
      const flat = load(server, questions, { core: CLIENT_CORE, seconds, more: [...streams, "-q", "1000"] });
      figures.push({ cost: paced.processorUs, rate: flat.perSecond });
      await server.stop();
    }
    costs.push(figures[0].cost / figures[1].cost);
    rates.push(figures[0].rate / figures[1].rate);
  }
  return [
    row("most answers a second over 100 TCP connections, beside BIND", rates, 1, atLeast),
    row(`processor time an answer there at ${MODEST_RATE / 1000} k/s, beside BIND`, costs, 1, atMost),
  ];
}

function privlinkWith(file, ...words) {
  const { port, command } = SERVERS.privlink;
  const program = (folder) => [...command(folder).slice(0, -1), join(folder, file), ...words];
  return { name: file, port, command: program };
}

/** The topology of W with other networks. */
function writeTopology(folder, file, { networks, links }) {
  const lines = readFileSync(join(folder, "privlink.yaml"), "utf8").trimEnd().split("\n").slice(1);
  const linked = lines.map((line) => line.replace("links: hub", `links: [${links.join(", ")}]`));
  writeFileSync(
    join(folder, file),
    `networks:\n${networks.map((line) => `  ${line}\n`).join("")}${linked.join("\n")}\n`,
  );
}
