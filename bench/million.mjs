// `npm run bench:million`: a project with a zone of a million records, as its users have it. How long a start and a check
// take, and how much memory; what a reload costs those who ask meanwhile, beside a bare server with the same work beside
// it; how soon an endpoint's new state is answered. On the built files, on Linux, with dnsperf. `--quick`: shorter, no file.
import { spawn } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { timeChanges } from "./million/endpoint.mjs";
import { pause, runToEnd, startServer } from "./million/server.mjs";
import { ORIGIN, writeZone } from "./million/zone.mjs";
import { table, writeSection } from "./results.mjs";
import { median } from "./serve/measure.mjs";

const quick = process.argv.includes("--quick");
const OWNERS = 500_000;
const RATE = 20_000;
const STARTS = quick ? 1 : 5;
const ROUNDS = quick ? 1 : 3;
const RELOADS = quick ? 2 : 3;
const CALM_SECONDS = quick ? 3 : 8;
const CHANGES = quick ? 6 : 30;
const MAX_ASKING_SECONDS = 120;
/** One core for whoever is asked, another for whoever asks. */
const [SERVER_CORE, CLIENT_CORE] = [0, 1];
const VAULT = "vault.privatelink.vaultcore.azure.net";
const MAIN = fileURLToPath(new URL("../dist/program/main.js", import.meta.url));
const BARE = fileURLToPath(new URL("../scripts/load/bare.mjs", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "privlink-million-"));
const questions = join(folder, "questions.txt");
const SUBJECTS = {
  privlink: { port: 5395, args: [MAIN, "serve", "--listen", "127.0.0.1:5395=hub", "--log-format", "json"] },
  bare: { port: 5396, args: [BARE, "5396", folder] },
};
let generation = 0;

try {
  writeTopology("approved");
  const made = nextGeneration();
  writeFileSync(questions, made.names.map((name) => `${name} A\n`).join(""));
  const starts = [];
  const checks = [];
  for (let run = 0; run < STARTS; run++) {
    checks.push(await runToEnd([MAIN, "check"], folder));
    const server = await startServer(SUBJECTS.privlink.args, folder);
    starts.push(server.start);
    await server.stop();
    tell("start", starts.at(-1), "check", checks.at(-1));
  }
  const changes = await measureChanges();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    // In turn within each round, so that a minute in which the machine is busy is a bad one for both.
    rounds.push({ privlink: await measureReloads("privlink"), bare: await measureReloads("bare") });
    tell("round", rounds.at(-1));
  }
  const lines = report(made, { starts, checks, changes, rounds });
  process.stdout.write(`\nA million records\n\n${lines.join("\n")}\n`);
  if (!quick) writeSection("A million records", lines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function measureChanges() {
  const server = await startServer(SUBJECTS.privlink.args, folder);
  const times = await timeChanges(SUBJECTS.privlink.port, VAULT, CHANGES, writeTopology);
  writeTopology("approved");
  await server.stop();
  return times;
}

/** The same questions at a server in calm times, and while its zone is written anew and loaded several times. */
async function measureReloads(name) {
  const { port, args } = SUBJECTS[name];
  const server = await startServer(args, folder);
  await pause(1000); // Its thread has started.
  server.pin(SERVER_CORE);
  const load = async (work) => {
    const generator = startAsking(port);
    await pause(1000);
    await server.probe();
    const seconds = await work();
    const probe = await server.probe();
    return { ...(await generator.stop()), probe, seconds };
  };
  const calm = await load(() => pause(CALM_SECONDS * 1000));
  const reloading = await load(async () => {
    const seconds = [];
    for (let reload = 0; reload < RELOADS; reload++) {
      const since = server.mark();
      nextGeneration();
      const movedAt = performance.now();
      if (name === "bare") server.signal("SIGHUP");
      await server.sees(/"msg":"reloaded/, since);
      seconds.push((performance.now() - movedAt) / 1000);
    }
    return seconds;
  });
  const peak = server.peak();
  await server.stop();
  return { calm, reloading, peak };
}

/** Asks at a steady rate, however many answers are still due, until told to stop. */
function startAsking(port) {
  const args = ["-s", "127.0.0.1", "-p", port, "-d", questions, "-c", 10, "-q", 60_000, "-t", 2, "-Q", RATE];
  const command = ["-c", CLIENT_CORE, "dnsperf", ...args, "-l", MAX_ASKING_SECONDS].map(String);
  const child = spawn("taskset", command, { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  const number = (pattern) => Number(pattern.exec(said)?.[1] ?? Number.NaN);
  return {
    stop: async () => {
      child.kill("SIGINT");
      await ended;
      return {
        sent: number(/Queries sent:\s+(\d+)/),
        lost: number(/Queries lost:\s+(\d+)/),
        perSecond: number(/Queries per second:\s+([\d.]+)/),
        averageMs: number(/Average Latency \(s\):\s+([\d.]+)/) * 1000,
        longestMs: number(/Average Latency.*max ([\d.]+)/) * 1000,
      };
    },
  };
}

/** Writes the zone beside itself and moves it into place. */
function nextGeneration() {
  generation += 1;
  const path = join(folder, "big.zone");
  const made = writeZone(`${path}.new`, { owners: OWNERS, generation });
  renameSync(`${path}.new`, path);
  return made;
}

function writeTopology(connection) {
  const path = join(folder, "privlink.yaml");
  writeFileSync(
    `${path}.new`,
    `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, subnets: { pe: 10.0.1.0/24 } }
zones:
  ${ORIGIN}: { file: big.zone, links: hub }
  privatelink.vaultcore.azure.net: { links: hub }
services:
  vault: { type: azure/key-vault }
endpoints:
  pe-vault: { network: hub, service: vault, connection: ${connection} }
`,
  );
  renameSync(`${path}.new`, path);
}

function report(made, { starts, checks, changes, rounds }) {
  const sorted = changes.toSorted((a, b) => a - b);
  const used = (name, runs) => [
    name,
    median(runs.map(({ seconds }) => seconds)).toFixed(2),
    median(runs.map(({ processor }) => processor)).toFixed(2),
    Math.round(median(runs.map(({ peak }) => peak))),
  ];
  const asked = (name, phase) => {
    const runs = rounds.map((round) => round[name]);
    const of = (figure) => median(runs.map((run) => figure(run[phase])));
    return [
      `${name === "bare" ? "bare node:dgram" : name}, ${phase}`,
      of(({ perSecond }) => Math.round(perSecond)),
      of(({ sent, lost }) => (lost / sent) * 100).toFixed(2),
      of(({ longestMs }) => Math.round(longestMs)),
      of(({ probe }) => probe.longestWorkMs).toFixed(1),
      of(({ probe }) => probe.longestQueueMs).toFixed(1),
      of(({ seconds }) => (Array.isArray(seconds) ? median(seconds).toFixed(1) : "")),
      phase === "calm" ? "" : Math.round(median(runs.map(({ peak }) => peak))),
    ];
  };
  return [
    `${made.records.toLocaleString("en")} records of ${made.owners.toLocaleString("en")} owners one to four labels below the apex, one in ten a wildcard or a`,
    `delegation, ${Math.round(made.octets / 2 ** 20)} MiB of zone file. Medians of ${STARTS} runs; the load of the machine at the end was ${loadavg()[0].toFixed(1)}.`,
    "",
    ...table(
      ["command", "s by the clock", "s of processor time", "MB at the most"],
      [used("privlink serve, to `Ready.`", starts), used("privlink check", checks)],
    ),
    "",
    `A new state of an endpoint beside it, from the write of the topology to the first answer that says so, ${CHANGES} times:`,
    `median ${median(changes).toFixed(0)} ms, nine of ten within ${sorted[Math.floor(CHANGES * 0.9)].toFixed(0)} ms, the longest ${sorted.at(-1).toFixed(0)} ms.`,
    "",
    `${RATE.toLocaleString("en")} questions a second by dnsperf from one core, the server with its loading thread on the other, in calm times and`,
    `while ${RELOADS} generations of the zone take over. Medians of ${ROUNDS} rounds. "At work" is the longest turn of the answering`,
    'thread\'s event loop in processor time, all that it answered in that turn included; "in the queue" the longest that it',
    "waited for a processor which others had.",
    "",
    ...table(
      [
        "server",
        "answers a second",
        "% lost",
        "longest ms",
        "ms at work",
        "ms in the queue",
        "s a reload",
        "MB at the most",
      ],
      ["privlink", "bare"].flatMap((name) => ["calm", "reloading"].map((phase) => asked(name, phase))),
    ),
    "",
    "Wanted: a start within 4 s and 700 MB, an endpoint within 50 ms, no more lost than the bare server loses, no turn over 10 ms.",
    "",
    "What would move them: the start is parsing, name by name, on one thread. Ready replies are of one generation, so after a swap",
    "each name costs its first answer, some 20 us more, once; with ten thousand names that is the rest of the second. The longest",
    "turn at work is the one collection that frees the last generation; the others answer all that the kernel had kept.",
  ];
}

function tell(...parts) {
  process.stderr.write(`${parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ")}\n`);
}
