// Clients that come and go: over TCP in every way that a connection ends, over UDP gone before the reply, and those who ask
// for what a real server that fails must answer.
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { FIRST, FORWARDED, NAMES } from "./estate.mjs";

const EVERY_MS = 20;
/** A connection that nobody ends is left to the server for so long. */
const IDLE_MS = 5000;

/** Starts them; `stop` lets all of them go. */
export function startRudeClients(port) {
  const counts = { connections: 0, datagrams: 0, forwarded: 0, forwardedReplies: 0 };
  const sockets = new Set();
  const asker = createSocket("udp4");
  asker.on("message", () => (counts.forwardedReplies += 1));
  let turn = 0;
  const timer = setInterval(() => {
    turn += 1;
    openConnection(port, turn, sockets);
    counts.connections += 1;
    goAway(port, turn);
    counts.datagrams += 1;
    // Two new names and one that may be kept.
    for (const name of [`a${turn}`, `b${turn}`, `c${turn % 50}`]) {
      asker.send(queryFor(turn & 0xffff, `${name}.${FORWARDED}`), port, "127.0.0.1");
      counts.forwarded += 1;
    }
  }, EVERY_MS);
  return {
    counts,
    async stop() {
      clearInterval(timer);
      await new Promise((resolve) => {
        setTimeout(resolve, IDLE_MS + 1000);
      });
      for (const socket of sockets) socket.destroy();
      asker.close();
    },
  };
}

function openConnection(port, turn, sockets) {
  const socket = connect(port, "127.0.0.1");
  sockets.add(socket);
  socket.on("error", () => undefined);
  socket.on("close", () => sockets.delete(socket));
  const ask = (count) => {
    const queries = Array.from({ length: count }, (_, i) => queryFor(i, `n${(turn + i) % NAMES}.${FIRST}`));
    socket.write(
      Buffer.concat(queries.flatMap((query) => [Buffer.from([query.length >> 8, query.length & 255]), query])),
    );
  };
  socket.on("connect", () => {
    switch (turn % 8) {
      case 0: // Asks, reads, ends.
        ask(3);
        socket.once("data", () => socket.end());
        return;
      case 1: // Asks and is gone before the reply.
        ask(20);
        return void socket.resetAndDestroy();
      case 2: // Half a message, and gone.
        socket.write(Buffer.from([0, 40, 1, 2, 3]));
        return void socket.end();
      case 3: // Half a message, and silence.
        return void socket.write(Buffer.from([0, 40, 1, 2, 3]));
      case 4: // Ends its side, and reads on.
        ask(10);
        socket.resume();
        return void socket.end();
      case 5: // Asks much and reads nothing, for a while.
        socket.pause();
        ask(100);
        return void setTimeout(() => socket.resetAndDestroy(), 500);
      case 6: // Another protocol.
        return void socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      case 7: // Says nothing until the server has enough of it, or we do.
        return void setTimeout(() => socket.destroy(), IDLE_MS);
    }
  });
}

/** Asks from a port that is closed when the reply comes. */
function goAway(port, turn) {
  const socket = createSocket("udp4");
  socket.on("error", () => undefined);
  socket.send(queryFor(turn & 0xffff, `n${turn % NAMES}.${FIRST}`), port, "127.0.0.1", () => socket.close());
}

function queryFor(id, name) {
  const labels = name.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1"));
  return Buffer.concat([
    Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...labels,
    Buffer.from([0, 0, 1, 0, 1]),
  ]);
}
