// `node slow-link-child.mjs ENGINE QUESTIONS OCTETS`: asks a door at 127.0.0.1, whose replies have so many octets, and prints as
// JSON what came back and what the door counted.
import { createSocket } from "node:dgram";
import { knownAddress } from "../../dist/net/address.js";
import { openBatched } from "../../dist/serve/batched-datagrams.js";
import { openUdp } from "../../dist/serve/udp.js";

const [engine, questions, octets] = process.argv.slice(2);
/** No reply for so long: none will come. */
const QUIET_MS = 1500;

const reply = Buffer.alloc(Number(octets), 7);
const door = await { node: openUdp, batched: openBatched }[engine]({
  at: { address: knownAddress("127.0.0.1"), port: 0 },
  respond: (question) => {
    reply.set(question);
    return reply;
  },
  onFault: (error) => {
    throw error;
  },
});
const client = createSocket({ type: "udp4", recvBufferSize: 8 << 20 });
const ids = [];
let last = performance.now();
client.on("message", (message) => {
  ids.push(message.readUInt16BE(0));
  last = performance.now();
});
client.connect(door.at.port, "127.0.0.1", () => {
  for (let id = 0; id < Number(questions); id++) client.send(Uint8Array.of(id >> 8, id & 255));
});
const timer = setInterval(() => {
  if (ids.length < Number(questions) && performance.now() - last < QUIET_MS) return;
  clearInterval(timer);
  client.close();
  process.stdout.write(JSON.stringify({ ids, counts: door.counts }));
  void door.close(0);
}, 50);
