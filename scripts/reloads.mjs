// `npm run reloads`: a server that is asked at a steady rate while its files change, a thousand times unless said.
//   node scripts/reloads.mjs [--reloads N] [--rate N]
// Every generation writes its number into a hundred names. No reply may show two of them, none may go back, a broken file
// may change nothing but a metric and a line of the log, and no more may be lost than a bare server loses which has the
// same rate and the same work beside it, in turn. Exit code 1 where one of these does not hold.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startAsking } from "./load/asking.mjs";
import { BROKEN_SAYS, openEstate } from "./load/estate.mjs";
import { freePort, pause, startProgram, startServed, takePrecedence, until } from "./load/served.mjs";

const { values } = parseArgs({
  options: { reloads: { type: "string", default: "1000" }, rate: { type: "string", default: "20000" } },
});
const [RELOADS, RATE] = [wholeNumber("reloads"), wholeNumber("rate")];
/** Reloads in one turn of each server: a minute in which the machine is busy is a bad one for both. */
const IN_A_ROUND = 25;
/** One in so many files is broken. */
const BROKEN_EVERY = 10;
/** Of a thousand questions so many more than the bare server's may be lost before it is called more. */
const TOLERANCE = 1;
/** A server that stood ready and waited for a processor so much of the time loses what the machine loses: that is no judgement. */
const BUSY_SHARE = 0.05;

const root = mkdtempSync(join(tmpdir(), "privlink-reloads-"));
if (!takePrecedence()) tell("without the right to precedence: other work of this machine counts as loss");
const estate = openEstate(join(root, "privlink"), await freePort());
const beside = openEstate(join(root, "bare"), await freePort());
const total = { privlink: { sent: 0, lost: 0 }, bare: { sent: 0, lost: 0 } };
const failures = [];
let [generation, generationBeside, broken] = [0, 1, 0];
const times = [];
/** How long the server waited for a processor while it was asked. */
const waited = { ms: 0, ofMs: 0 };

try {
  estate.write(++generation);
  beside.write(generation);
  const privlink = await startServed(estate.folder);
  const bareAt = await freePort();
  const bare = await startProgram(
    [fileURLToPath(new URL("load/bare.mjs", import.meta.url)), String(bareAt), beside.folder],
    beside.folder,
  );
  while (generation - 1 < RELOADS) {
    const count = Math.min(IN_A_ROUND, RELOADS - generation + 1);
    add(total.privlink, await reloadUnderLoad(privlink, count));
    add(total.bare, await loadBeside(bare, bareAt, count));
    tell(
      `${generation - 1} reloads, ${broken} broken files: lost ${share(total.privlink)}, the bare server ${share(total.bare)}`,
    );
  }
  await judgeCounters(privlink);
  for (const server of [privlink, bare]) await server.stop();
} finally {
  rmSync(root, { recursive: true, force: true });
}
const more = permille(total.privlink) - permille(total.bare);
const busy = waited.ms / waited.ofMs;
if (more > TOLERANCE && busy <= BUSY_SHARE)
  failures.push(`more was lost than by the bare server: ${more.toFixed(2)} of a thousand`);
for (const failure of failures.slice(0, 20)) tell(`failed: ${failure}`);
times.sort((a, b) => a - b);
tell(
  `${generation - 1} reloads and ${broken} broken files at ${Math.round(total.privlink.rate)} questions a second, ${total.privlink.sent} questions: ` +
    `${total.privlink.lost} lost (${share(total.privlink)}), the bare server ${total.bare.lost} of ${total.bare.sent} (${share(total.bare)}); ` +
    `from the file to the first answer ${times[times.length >> 1]?.toFixed(0)} ms, at the most ${times.at(-1)?.toFixed(0)} ms; ` +
    `it waited for a processor ${(busy * 100).toFixed(1)} % of the time${more > TOLERANCE && busy > BUSY_SHARE ? ", so what was lost says nothing" : ""}: ` +
    (failures.length === 0 ? "all held" : `${failures.length} failures`),
);
process.exit(failures.length === 0 ? 0 : 1);

async function reloadUnderLoad(server, count) {
  const before = { waited: server.waitedMs(), at: performance.now() };
  const asking = await startAsking({ port: server.port, perSecond: RATE });
  await pause(200);
  for (let i = 0; i < count; i++) {
    if (generation % BROKEN_EVERY === 0) await refuseBroken(server, asking);
    const startedAt = performance.now();
    estate.write(++generation);
    await until(() => asking.newest() >= generation, `generation ${generation} is answered`);
    times.push(performance.now() - startedAt);
  }
  waited.ms += server.waitedMs() - before.waited;
  waited.ofMs += performance.now() - before.at;
  const asked = await asking.stop();
  for (const kind of ["wrong", "mixed", "backwards"])
    if (asked[kind] > 0) failures.push(`${asked[kind]} replies ${kind}: ${asking.wrong[0]}`);
  return asked;
}

/** A broken file is told, and nobody who asks sees anything of it. */
async function refuseBroken(server, asking) {
  const told = server.sees(BROKEN_SAYS);
  const before = asking.newest();
  estate.writeBroken(broken++);
  await told;
  await pause(50);
  if (asking.newest() !== before) failures.push(`generation ${before} became ${asking.newest()} by a broken file`);
}

/** As many loads of the same project, as quickly as the server's own thread does them, at the same rate. */
async function loadBeside(server, port, count) {
  const asking = await startAsking({ port, perSecond: RATE, checked: false });
  await pause(200);
  for (let i = 0; i < count; i++) {
    const done = server.sees(/"msg":"reloaded/);
    beside.write(++generationBeside);
    server.signal("SIGHUP");
    await done;
    await pause(30); // As long as privlink waits for a burst of changes to end.
  }
  return asking.stop();
}

/** Each file that was broken is counted and told once, and every good one was taken over. */
async function judgeCounters(server) {
  const metrics = await server.metrics();
  const failed = metrics.get('privlink_reloads_total{result="failed"}');
  if (failed !== broken) failures.push(`${broken} broken files, and ${failed} reloads that failed are counted`);
  const told = server.errors.filter((line) => BROKEN_SAYS.test(line)).length;
  if (told !== broken) failures.push(`${broken} broken files, and ${told} lines of the log say so`);
  const loaded = metrics.get('privlink_reloads_total{result="loaded"}');
  if (loaded < generation - 1) failures.push(`${generation - 1} generations, and ${loaded} reloads are counted`);
}

function add(sum, { sent, lost, perSecond }) {
  sum.rate = ((sum.rate ?? 0) * sum.sent + perSecond * sent) / (sum.sent + sent);
  sum.sent += sent;
  sum.lost += lost;
}

function permille({ sent, lost }) {
  return (1000 * lost) / Math.max(1, sent);
}

function share(sum) {
  return `${(permille(sum) / 10).toFixed(3)} %`;
}

function wholeNumber(name) {
  if (/^[1-9]\d{0,8}$/.test(values[name])) return Number.parseInt(values[name], 10);
  tell(`--${name} ${values[name]} is no whole number above 0`);
  process.exit(1);
}

function tell(text) {
  process.stdout.write(`${text}\n`);
}
