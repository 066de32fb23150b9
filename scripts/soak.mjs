// `npm run soak`: a server under load for as long as you like, with everything that wears a server out beside it: files that
// change and are broken, a real server that fails in every way, connections that end in every way, clients that go away.
//   node scripts/soak.mjs [--minutes N] [--rate N]
// Memory, descriptors and timers must be flat over the second half, and must be back where they were once all have gone.
// Exit code 1 where they are not, where a reply was wrong, or where the log holds a fault.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startAsking } from "./load/asking.mjs";
import { openBadServer } from "./load/bad-server.mjs";
import { BROKEN_SAYS, openEstate } from "./load/estate.mjs";
import { riseOfSecondHalf } from "./load/flatness.mjs";
import { startRudeClients } from "./load/rude-clients.mjs";
import { freePort, pause, startServed } from "./load/served.mjs";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "60" }, rate: { type: "string", default: "10000" } },
});
const [MINUTES, RATE] = [wholeNumber("minutes"), wholeNumber("rate")];
const SAMPLE_MS = 2000;
/** In the second half of a run that is as long nothing of the start is left. */
const SETTLED_MINUTES = 10;
/** How long a collection takes on a busy machine. */
const COLLECTION_MS = 300;
/** The server is told to collect its garbage before each look: what is left is held. */
const COLLECTING = ["--expose-gc", "--import", new URL("load/collect.mjs", import.meta.url).href];
/** Answers of real servers that it keeps at most: a limit that is reached soon. */
const CACHE = ["--cache-size", "1MiB"];
const RELOAD_MS = 3000;
const BROKEN_EVERY = 5;
const MB = 2 ** 20;
/**
 * What is looked at: its metric, by how much it may rise over the second half, and how much more than before the first question
 * may stay once everybody went. Memory need not go back: what is kept ready for questions stays.
 */
const WATCHED = [
  {
    name: "resident memory",
    unit: "MB",
    scale: MB,
    metric: "process_resident_memory_bytes",
    // What the system has given is settled after some four minutes; until then the heap alone tells of a leak.
    mayRise: MINUTES < SETTLED_MINUTES ? 40 : 12,
  },
  { name: "heap", unit: "MB", scale: MB, metric: "nodejs_heap_size_used_bytes", mayRise: 5 },
  { name: "descriptors", unit: "", scale: 1, metric: "process_open_fds", mayRise: 40, mayStay: 4 },
  { name: "timers", unit: "", scale: 1, metric: 'nodejs_active_resources{type="Timeout"}', mayRise: 40, mayStay: 4 },
  {
    name: "questions under way",
    unit: "",
    scale: 1,
    metric: "privlink_forward_outstanding_requests",
    mayRise: 40,
    mayStay: 4,
  },
];
const QUIET_MS = 20_000;

const root = mkdtempSync(join(tmpdir(), "privlink-soak-"));
const upstreamPort = await freePort();
const estate = openEstate(root, upstreamPort);
const failures = [];
let [generation, broken] = [1, 0];

try {
  const upstream = await openBadServer(upstreamPort);
  estate.write(generation);
  const server = await startServed(estate.folder, { args: CACHE, nodeArgs: COLLECTING });
  const before = await look(server);
  const asking = await startAsking({ port: server.port, perSecond: RATE });
  const rude = startRudeClients(server.port);
  const samples = await soak(server);
  const asked = await asking.stop();
  await rude.stop();
  await pause(QUIET_MS);
  judgeSamples(samples);
  judgeEnd(before, await look(server));
  judgeReplies(asked, asking.wrong);
  judgeLog(server);
  const exit = await server.stop();
  if (exit !== "0") failures.push(`the server ended with ${exit}`);
  upstream.close();
  const { connections, datagrams, forwarded, forwardedReplies } = rude.counts;
  if (forwardedReplies < forwarded / 4)
    failures.push(`${forwardedReplies} replies to ${forwarded} forwarded questions`);
  for (const failure of failures.slice(0, 20)) tell(`failed: ${failure}`);
  tell(
    `${MINUTES} min at ${asked.perSecond} questions a second: ${asked.sent} questions, ${asked.lost} without a reply, ${generation - 1} reloads, ` +
      `${broken} broken files, ${connections} connections, ${datagrams} clients gone before their reply, ${forwarded} questions to a server ` +
      `that fails (${Object.entries(upstream.asked)
        .map(([way, count]) => `${way} ${count}`)
        .join(", ")}): ` +
      (failures.length === 0 ? "flat" : `${failures.length} failures`),
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exit(failures.length === 0 ? 0 : 1);

/** Changes files and samples until the time is over. */
async function soak(server) {
  const samples = [];
  const startedAt = performance.now();
  let nextReload = startedAt + RELOAD_MS;
  let nextTold = startedAt;
  for (let now = startedAt; now < startedAt + MINUTES * 60_000; now = performance.now()) {
    samples.push({ at: (now - startedAt) / 1000, values: await look(server) });
    if (now >= nextReload) {
      nextReload += RELOAD_MS;
      if (generation % BROKEN_EVERY === 0 && broken < generation / BROKEN_EVERY) estate.writeBroken(broken++);
      else estate.write(++generation);
    }
    if (now >= nextTold) {
      nextTold += 30_000;
      tell(`${Math.round((now - startedAt) / 1000)} s: ${shown(samples.at(-1).values)}`);
    }
    await pause(SAMPLE_MS);
  }
  return samples;
}

/** What the metrics say right after a collection. */
async function look(server) {
  server.signal("SIGUSR2");
  await pause(COLLECTION_MS);
  const metrics = await server.metrics();
  return WATCHED.map(({ metric, scale }) => (metrics.get(metric) ?? 0) / scale);
}

function judgeSamples(samples) {
  for (const [i, { name, unit, mayRise }] of WATCHED.entries()) {
    const all = samples.map(({ at, values }) => ({ at, value: values[i] }));
    const rise = riseOfSecondHalf(all);
    const highest = Math.max(...all.map(({ value }) => value));
    tell(
      `${name}: ${rise >= 0 ? "+" : ""}${rise.toFixed(1)} ${unit} over the second half, ${highest.toFixed(0)} ${unit} at the most`,
    );
    if (rise > mayRise) failures.push(`${name} rises by ${rise.toFixed(1)} ${unit} over the second half`);
  }
}

/** Everything is back where it was; of memory that was given back the heap alone tells. */
function judgeEnd(before, after) {
  for (const [i, { name, mayStay = Number.POSITIVE_INFINITY }] of WATCHED.entries()) {
    if (after[i] > before[i] + mayStay) failures.push(`${name}: ${before[i]} before, ${after[i]} once all had gone`);
  }
  tell(`once all had gone: ${shown(after)}`);
}

function judgeReplies(asked, wrong) {
  for (const kind of ["wrong", "mixed", "backwards"])
    if (asked[kind] > 0) failures.push(`${asked[kind]} replies ${kind}: ${wrong[0]}`);
}

/** The log has a line for each broken file, lines of diagnostics, and nothing of a fault. */
function judgeLog(server) {
  const faults = server.errors.filter((line) => line.includes('"err"') || line.includes("please report"));
  if (faults.length > 0) failures.push(`faults in the log: ${faults[0]}`);
  const told = server.errors.filter((line) => BROKEN_SAYS.test(line)).length;
  if (told !== broken) failures.push(`${broken} broken files, and ${told} lines of the log say so`);
}

function shown(values) {
  return WATCHED.map(({ name, unit }, i) => `${name} ${values[i].toFixed(0)}${unit === "" ? "" : ` ${unit}`}`).join(
    ", ",
  );
}

function wholeNumber(name) {
  if (/^[1-9]\d{0,8}$/.test(values[name])) return Number.parseInt(values[name], 10);
  tell(`--${name} ${values[name]} is no whole number above 0`);
  process.exit(1);
}

function tell(text) {
  process.stdout.write(`${text}\n`);
}
