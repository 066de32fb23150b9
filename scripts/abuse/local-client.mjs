// A client of the server's own machine, as fast as a person would notice: what it asks, and how long each reply takes.
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { framed, query } from "./messages.mjs";
import { LOCAL, NAMES, PORT } from "./model.mjs";

const EVERY_MS = 4;
/** What has not come by then is lost. */
const PATIENCE_MS = 2000;
/** Of so many questions one is asked over TCP, each on a connection of its own. */
const OVER_TCP = 10;

/** Asks for some seconds; gives the time of the slowest hundredth, of the slowest, and how many were lost. */
export async function askFor(seconds) {
  const socket = createSocket("udp4");
  await new Promise((resolve) => {
    socket.bind(0, LOCAL, resolve);
  });
  const sentAt = new Map();
  const took = [];
  socket.on("message", (reply) => {
    const id = reply.readUInt16BE(0);
    const at = sentAt.get(id);
    if (at !== undefined) took.push(performance.now() - at);
    sentAt.delete(id);
  });
  const connections = [];
  const until = performance.now() + seconds * 1000;
  for (let id = 0; performance.now() < until; id++) {
    if (id % OVER_TCP === 0) connections.push(askOverTcp());
    sentAt.set(id, performance.now());
    socket.send(query(NAMES.small, { id }), PORT, LOCAL);
    await pause(EVERY_MS);
  }
  const end = performance.now() + PATIENCE_MS;
  while (sentAt.size > 0 && performance.now() < end) await pause(10);
  socket.close();
  const overTcp = await Promise.all(connections);
  const lost = sentAt.size + overTcp.filter((ms) => ms === undefined).length;
  const all = [...took, ...overTcp.filter((ms) => ms !== undefined)].toSorted((a, b) => a - b);
  return {
    p99: all[Math.floor(all.length * 0.99)] ?? PATIENCE_MS,
    worst: all.at(-1) ?? PATIENCE_MS,
    lost,
    asked: all.length + lost,
  };
}

/** Connects, asks and leaves; gives the milliseconds, or nothing when no reply came. */
export function askOverTcp() {
  return new Promise((resolve) => {
    const start = performance.now();
    const socket = connect({ host: LOCAL, port: PORT });
    const finish = (ms) => {
      socket.destroy();
      resolve(ms);
    };
    socket.setTimeout(PATIENCE_MS, () => finish(undefined));
    socket.on("error", () => finish(undefined));
    socket.on("close", () => finish(undefined));
    socket.on("connect", () => socket.write(framed(query(NAMES.small))));
    socket.once("data", () => finish(performance.now() - start));
  });
}

export function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
