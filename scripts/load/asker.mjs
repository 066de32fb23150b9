// Clients on a thread of their own: they ask at a steady rate, and hold every reply against what a reply may say.
import { createSocket } from "node:dgram";
import { parentPort, workerData } from "node:worker_threads";
import { Counts } from "./counts.mjs";
import { FIRST, NAMES } from "./estate.mjs";

const { port, perSecond, clients, checked, counts } = workerData;
/** A turn that came late catches up, yet not with all at once: no burst that nobody would send. */
const MOST_AT_ONCE = 256;
const TURN_MS = 1;
const RECEIVE_OCTETS = 4 * 1024 * 1024;
const MAX_TOLD = 5;
const [CNAME, A] = [5, 1];
let told = 0;
let isAsking = true;

const questions = Array.from({ length: NAMES }, (_, i) => queryFor(`n${i}.${FIRST}`));
const sockets = await Promise.all(Array.from({ length: clients }, () => openClient()));
parentPort.on("message", () => {
  isAsking = false;
});
parentPort.postMessage({ kind: "asking" });
const start = performance.now();
let sent = 0;
const turn = setInterval(() => {
  if (!isAsking) return finish();
  const due = Math.min(MOST_AT_ONCE, Math.floor(((performance.now() - start) / 1000) * perSecond) - sent);
  for (let i = 0; i < due; i++) sockets[sent % clients].ask(Math.floor(sent++ / clients) % NAMES);
}, TURN_MS);

/** Waits for replies that are under way, then goes. */
function finish() {
  clearInterval(turn);
  setTimeout(() => {
    for (const { close } of sockets) close();
    parentPort.postMessage({ kind: "asked", seconds: (performance.now() - start) / 1000 });
    parentPort.close();
  }, 1000);
}

function openClient() {
  const socket = createSocket("udp4");
  /** By id the name that is asked with it, from 1; 0 = nobody asks. */
  const waiting = new Uint8Array(0x1_0000);
  let id = 0;
  let newest = 0;
  socket.on("message", (reply) => {
    const name = waiting[reply.readUInt16BE(0)] - 1;
    if (name < 0) return fail(Counts.WRONG, "a reply that nobody waits for", reply);
    waiting[reply.readUInt16BE(0)] = 0;
    Atomics.add(counts, Counts.ANSWERED, 1);
    if (!checked) return;
    const generations = generationsIn(reply, name);
    if (generations === undefined) return fail(Counts.WRONG, `no answer for n${name}`, reply);
    if (generations.some((one) => one !== generations[0]))
      return fail(Counts.MIXED, `generations ${generations.join(", ")} in one reply`, reply);
    if (generations[0] < newest) return fail(Counts.BACKWARDS, `generation ${generations[0]} after ${newest}`, reply);
    if (generations[0] > newest) {
      newest = generations[0];
      if (newest > Atomics.load(counts, Counts.NEWEST)) Atomics.store(counts, Counts.NEWEST, newest);
    }
  });
  socket.on("error", () => undefined); // Nobody listens there any more: what is not answered is counted.
  return new Promise((resolve) => {
    socket.connect(port, "127.0.0.1", () => {
      socket.setRecvBufferSize(RECEIVE_OCTETS);
      resolve({
        ask(name) {
          id = (id + 1) & 0xffff;
          waiting[id] = name + 1;
          const query = Buffer.from(questions[name]);
          query.writeUInt16BE(id, 0);
          Atomics.add(counts, Counts.SENT, 1);
          socket.send(query, (error) => {
            if (error) Atomics.add(counts, Counts.UNSENT, 1);
          });
        },
        close: () => socket.close(),
      });
    });
  });
}

function fail(count, what, reply) {
  Atomics.add(counts, count, 1);
  if (told++ < MAX_TOLD) parentPort.postMessage({ kind: "wrong", what, octets: reply.toString("hex") });
}

/** Every number of a generation in a reply: the TTL of the alias, of its target, and the address; `undefined` for no answer. */
function generationsIn(reply, name) {
  const query = questions[name];
  if ((reply[3] & 15) !== 0 || reply.readUInt16BE(6) !== 2) return undefined;
  if (reply.compare(query, 12, query.length, 12, query.length) !== 0) return undefined;
  const found = [];
  let at = query.length;
  for (const wanted of [CNAME, A]) {
    while (reply[at] !== 0 && reply[at] < 0xc0) at += reply[at] + 1;
    at += reply[at] === 0 ? 1 : 2;
    if (reply.readUInt16BE(at) !== wanted) return undefined;
    const length = reply.readUInt16BE(at + 8);
    found.push(reply.readUInt32BE(at + 4));
    if (wanted === A) found.push(reply.readUIntBE(at + 11, 3));
    at += 10 + length;
  }
  return found;
}

function queryFor(name) {
  const labels = name.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1"));
  return Buffer.concat([Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels, Buffer.from([0, 0, A, 0, 1])]);
}
