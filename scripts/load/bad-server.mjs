// A real server that fails in turn in every way that real servers do.
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

const WAYS = ["answers", "silent", "servfail", "truncates", "resets", "garbage"];
/** How long it goes on in one way. */
const TURN_MS = 2000;
const [TC, SERVFAIL] = [0x02, 2];

/** Opens it at the port, over UDP and TCP. */
export async function openBadServer(port) {
  const startedAt = performance.now();
  const way = () => WAYS[Math.floor((performance.now() - startedAt) / TURN_MS) % WAYS.length];
  const asked = Object.fromEntries(WAYS.map((one) => [one, 0]));
  const datagrams = createSocket("udp4");
  datagrams.on("message", (query, from) => {
    asked[way()] += 1;
    const reply = udpReply(query, way());
    if (reply !== undefined) datagrams.send(reply, from.port, from.address);
  });
  await new Promise((resolve) => {
    datagrams.bind(port, "127.0.0.1", resolve);
  });
  const sockets = new Set();
  const streams = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      if (way() === "resets") return void socket.resetAndDestroy();
      const reply = answerTo(chunk.subarray(2));
      socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]));
    });
  });
  await new Promise((resolve) => {
    streams.listen(port, "127.0.0.1", resolve);
  });
  return {
    /** Questions over UDP by the way that it was in. */
    asked,
    close() {
      for (const socket of sockets) socket.destroy();
      streams.close();
      datagrams.close();
    },
  };
}

function udpReply(query, way) {
  switch (way) {
    case "silent":
      return undefined;
    case "servfail":
      return headed(query, 0, SERVFAIL, 0);
    case "truncates":
    case "resets": // The question comes again over TCP, and is reset there.
      return headed(query, TC, 0, 0);
    case "garbage":
      return Buffer.concat([query.subarray(0, 2), Buffer.from(query.subarray(2).map((octet) => octet ^ 0xa5))]);
    default:
      return answerTo(query);
  }
}

/** One address that may be kept for a second. */
function answerTo(query) {
  const record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1];
  return Buffer.concat([headed(query, 0, 0, 1), Buffer.from(record)]);
}

function headed(query, flags, rcode, answers) {
  const head = [query[0], query[1], 0x80 | flags | (query[2] & 1), 0x80 | rcode, 0, 1, 0, answers, 0, 0, 0, 0];
  let end = 12;
  while (query[end] !== 0 && end < query.length) end += query[end] + 1;
  return Buffer.concat([Buffer.from(head), query.subarray(12, end + 5)]);
}
