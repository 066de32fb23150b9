// The attacks, each for a few seconds from a process of its own; each tells what it sent and what came back.
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { pause } from "./local-client.mjs";
import { answersIn, framed, isTruncated, query, Types } from "./messages.mjs";
import { NAMES, PORT, PUBLIC } from "./model.mjs";

const STEP_MS = 5;

/** Sends what `make` gives at a rate, from one address or several; counts what comes back. */
async function flood({ from, perSecond, seconds, make }) {
  const seen = { queries: 0, queryOctets: 0, replies: 0, whole: 0, short: 0, replyOctets: 0, longest: 0 };
  const sockets = await Promise.all(from.map((address) => openFrom(address)));
  for (const socket of sockets) {
    socket.on("message", (reply) => {
      seen.replies += 1;
      seen.replyOctets += reply.length;
      seen.longest = Math.max(seen.longest, reply.length);
      if (isTruncated(reply) && answersIn(reply) === 0) seen.short += 1;
      else seen.whole += 1;
    });
  }
  const start = performance.now();
  for (let i = 0; performance.now() - start < seconds * 1000; ) {
    const due = ((performance.now() - start) / 1000) * perSecond;
    for (; i < due; i++) {
      const message = make(i);
      seen.queries += 1;
      seen.queryOctets += message.length;
      sockets[i % sockets.length].send(message, PORT, PUBLIC);
    }
    await pause(STEP_MS);
  }
  await pause(200);
  for (const socket of sockets) socket.close();
  return seen;
}

async function openFrom(address) {
  const socket = createSocket({ type: "udp4", lookup: (host, _options, found) => found(null, host, 4) });
  await new Promise((resolve) => {
    socket.bind(0, address, resolve);
  });
  return socket;
}

/** Opens connections, does something on each, and holds them; counts how many are still open at the end. */
async function connections({ count, from, seconds, each = () => undefined, batch = 200 }) {
  const seen = { opened: 0, refused: 0, ended: 0, open: 0, replyOctets: 0 };
  const sockets = new Set();
  const until = performance.now() + seconds * 1000;
  for (let i = 0; i < count && performance.now() < until; ) {
    const opening = [];
    for (let n = 0; n < batch && i < count; n++, i++) opening.push(openOne(from[i % from.length], sockets, seen, each));
    await Promise.all(opening);
  }
  while (performance.now() < until) await pause(20);
  seen.open = sockets.size;
  for (const socket of sockets) socket.destroy();
  return seen;
}

function openOne(localAddress, sockets, seen, each) {
  return new Promise((resolve) => {
    const socket = connect({ host: PUBLIC, port: PORT, localAddress });
    let isOpen = false;
    socket.on("error", () => resolve());
    socket.on("connect", () => {
      isOpen = true;
      seen.opened += 1;
      sockets.add(socket);
      each(socket, seen);
      resolve();
    });
    socket.on("close", () => {
      sockets.delete(socket);
      if (isOpen) seen.ended += 1;
      else seen.refused += 1;
      resolve();
    });
  });
}

/** An octet of a query now and then, and never all of them. */
function drip(socket) {
  const octets = framed(query(NAMES.small));
  let at = 0;
  const timer = setInterval(() => {
    if (at >= octets.length - 1 || socket.destroyed) clearInterval(timer);
    else socket.write(octets.subarray(at, ++at));
  }, 200);
}

/** As many queries as the socket takes, for seconds on end; replies are read, or never. */
function pour(name, isRead) {
  return (socket, seen) => {
    const octets = Buffer.concat(Array.from({ length: 200 }, (_, i) => framed(query(name, { id: i }))));
    if (isRead) socket.on("data", (chunk) => (seen.replyOctets += chunk.length));
    else socket.pause();
    const write = () => {
      if (!socket.destroyed && socket.write(octets)) setImmediate(write);
    };
    socket.on("drain", write);
    write();
  };
}

const addresses = (count, prefix = "198.18") =>
  Array.from({ length: count }, (_, i) => `${prefix}.${i >> 8}.${i & 255 || 1}`);
const oneOfEach = (count) => Array.from({ length: count }, (_, i) => `198.18.${i}.7`);

/** What an attack does for so many seconds. */
export const ATTACKS = {
  "one answer in another's name": (seconds) =>
    flood({ from: ["203.0.113.7"], perSecond: 5000, seconds, make: () => query(NAMES.small) }),
  "made-up names in another's name": (seconds) =>
    flood({ from: ["203.0.113.8"], perSecond: 5000, seconds, make: (i) => query(`n${i}.example`, { udpSize: 4096 }) }),
  "ANY and long aliases": (seconds) =>
    flood({
      from: ["203.0.113.9", "203.0.113.10"],
      perSecond: 5000,
      seconds,
      make: (i) =>
        query([NAMES.fat, NAMES.chain][(i >> 1) & 1], { type: [Types.ANY, Types.TXT, Types.A][i % 3], udpSize: 4096 }),
    }),
  "a flood of 200 prefixes": (seconds) =>
    flood({ from: oneOfEach(200), perSecond: 10_000, seconds, make: (i) => query(`n${i}.example`) }),
  "10,000 connections": (seconds) => connections({ count: 10_000, from: addresses(100), seconds }),
  "connections of one address": (seconds) => connections({ count: 1000, from: ["198.18.0.1"], seconds }),
  "queries that drip in": (seconds) => connections({ count: 600, from: addresses(10), seconds, each: drip }),
  "clients that never read": (seconds) =>
    connections({ count: 100, from: addresses(10), seconds, each: pour(NAMES.big, false) }),
  "one connection that asks without end": (seconds) =>
    connections({ count: 1, from: ["198.18.0.1"], seconds, each: pour(NAMES.small, true) }),
};

const [name, seconds] = process.argv.slice(2);
if (name !== undefined && Object.hasOwn(ATTACKS, name)) {
  process.stdout.write(JSON.stringify(await ATTACKS[name](Number(seconds))));
  process.exit(0);
}
