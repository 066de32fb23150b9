// How soon a new state of an endpoint is answered: from the write of the topology to the first answer that says it.
import { createSocket } from "node:dgram";
import { pause } from "./server.mjs";

const PACE_MS = 1;
const SETTLED_MS = 2500;

/** Milliseconds of `changes` changes; `write` writes the topology with a state, "approved" and "rejected" in turn. */
export async function timeChanges(port, name, changes, write) {
  const socket = createSocket("udp4");
  await new Promise((resolve) => {
    socket.connect(port, "127.0.0.1", resolve);
  });
  const query = queryFor(name);
  let hear = () => undefined;
  socket.on("message", (reply) => hear(reply.readUInt16BE(6) > 0)); // An answer, or none.
  const asking = setInterval(() => socket.send(query), PACE_MS);
  await pause(SETTLED_MS); // The zone file is no longer one that changed a moment ago.
  const times = [];
  for (let change = 0; change < changes; change++) {
    const isThere = change % 2 === 1;
    const writtenAt = performance.now();
    write(isThere ? "approved" : "rejected");
    await new Promise((resolve) => {
      hear = (one) => one === isThere && resolve();
    });
    times.push(performance.now() - writtenAt);
    await pause(500);
  }
  clearInterval(asking);
  socket.close();
  return times;
}

function queryFor(name) {
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]);
  return Buffer.concat([Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}
