// One attack after the other against one server, with a local client that asks before, during and after.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ATTACKS } from "./attacks.mjs";
import { askFor, pause } from "./local-client.mjs";
import { PORT, PUBLIC } from "./model.mjs";
import { startServer } from "./server.mjs";

const run = promisify(execFile);
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const RAW = {
  "datagrams from port 0": "port-zero",
  "replies in the server's own name": "own-name",
  "half-open connections": "half-open",
};

/** Others use the machine too: what does not hold is tried so often, since what is wrong with the server is wrong each time. */
const TRIES = 3;
/** Below this the slowest hundredth says more of a machine that others use than of the server. */
const QUIET_P99_MS = 50;
const MAX_LOST = 0.01;
/** What a process may grow by under any attack, and not give back at once. */
const MAX_GROWTH_MB = 250;
/** Those of its own, and of 800 connections. */
const MAX_FILES = 850;
/** Per second and prefix, as the server has them unless told. */
const ALIKE = 50;
const ALL = 500;
const MAX_REPLY = 1232;

/** What each attack may get; a sentence where it got more. */
const BOUNDS = {
  "one answer in another's name": (seen, seconds) => [...whole(seen, ALIKE, seconds), ...smaller(seen)],
  "made-up names in another's name": (seen, seconds) => [...whole(seen, ALIKE, seconds), ...smaller(seen)],
  "ANY and long aliases": (seen, seconds) => whole(seen, ALL, seconds),
  "connections of one address": ({ open }) => (open > 200 ? [`${open} of one address stay open`] : []),
  "queries that drip in": ({ open }, seconds) => (seconds > 6 && open > 0 ? [`${open} drip on`] : []),
  "one connection that asks without end": ({ replyOctets }) => (replyOctets === 0 ? ["it gets nothing"] : []),
};

function whole({ whole: count }, perSecond, seconds) {
  const most = (seconds + 2) * perSecond;
  return count > most ? [`${count} whole replies, ${most} at most`] : [];
}

function smaller({ replyOctets, queryOctets }) {
  return replyOctets > queryOctets ? [`${replyOctets} octets for ${queryOctets}`] : [];
}

/** Gives a row for each attack. */
export async function measureAttacks(folder, { seconds, only = "" }) {
  const server = await startServer(folder);
  const rows = [];
  try {
    await askFor(1); // Compiled.
    const names = [...Object.keys(ATTACKS), ...Object.keys(RAW)].filter((name) => name.includes(only));
    for (const name of names) rows.push(await measureOften(name, server, seconds));
  } finally {
    await server.stop();
  }
  return rows;
}

async function measureOften(name, server, seconds) {
  let row;
  for (let i = 0; i < TRIES && (row === undefined || row.problems.length > 0); i++)
    row = await measure(name, server, seconds);
  return row;
}

async function measure(name, server, seconds) {
  const before = await askFor(1);
  const filesBefore = server.files();
  const memoryBefore = server.megabytes();
  const attack = attackBy(name, seconds + 1);
  await pause(500); // It has begun.
  const looks = look(server);
  const during = await askFor(seconds);
  const seen = JSON.parse((await attack).stdout);
  const most = looks.end();
  const after = await settled(server, filesBefore);
  const problems = [
    ...(during.p99 > Math.max(3 * before.p99, QUIET_P99_MS) ? [`p99 is ${times(during.p99, before.p99)}`] : []),
    ...(during.lost > during.asked * MAX_LOST ? [`${during.lost} of ${during.asked} lost`] : []),
    ...(most.megabytes > memoryBefore + MAX_GROWTH_MB ? [`${most.megabytes.toFixed(0)} MB`] : []),
    ...(most.files > MAX_FILES ? [`${most.files} files`] : []),
    ...(after.files > filesBefore + 5 ? [`${after.files} files are still open`] : []),
    ...((seen.longest ?? 0) > MAX_REPLY ? [`a reply of ${seen.longest} octets`] : []),
    ...(server.isRunning() ? [] : ["the server has ended"]),
    ...(BOUNDS[name]?.(seen, seconds + 1) ?? []),
  ];
  const figures = {
    "p99 before, during, ms": `${before.p99.toFixed(1)}, ${during.p99.toFixed(1)}`,
    "worst, ms": during.worst.toFixed(0),
    lost: `${during.lost}/${during.asked}`,
    "MB before, most": `${memoryBefore.toFixed(0)}, ${most.megabytes.toFixed(0)}`,
    "files before, most, after": `${filesBefore}, ${most.files}, ${after.files}`,
    "what it got": gotText(seen),
  };
  return { name, figures, problems };
}

function attackBy(name, seconds) {
  if (Object.hasOwn(RAW, name))
    return run("python3", [file("raw.py"), RAW[name], PUBLIC, String(PORT), String(seconds)]);
  return run(process.execPath, [file("attacks.mjs"), name, String(seconds)]);
}

/** The most memory and files that were seen, looked at now and then. */
function look(server) {
  const most = { megabytes: 0, files: 0 };
  const timer = setInterval(() => {
    if (!server.isRunning()) return;
    most.megabytes = Math.max(most.megabytes, server.megabytes());
    most.files = Math.max(most.files, server.files());
  }, 100);
  return {
    end() {
      clearInterval(timer);
      return most;
    },
  };
}

/** What is open once connections that were left have been noticed. */
async function settled(server, files) {
  const until = performance.now() + 3000;
  while (server.isRunning() && server.files() > files && performance.now() < until) await pause(50);
  return { files: server.isRunning() ? server.files() : 0 };
}

function gotText(seen) {
  if (seen.opened !== undefined) return `${seen.opened} opened, ${seen.open} open at the end`;
  if (seen.whole === undefined) return `${seen.queries} sent`;
  const ratio = (seen.replyOctets / seen.queryOctets).toFixed(2);
  return `${seen.queries} asked: ${seen.whole} whole, ${seen.short} short; ${ratio} octets for one`;
}

function times(during, before) {
  return `${(during / before).toFixed(1)} times what it was`;
}
