// Asks a server from many addresses in turn, as dnsperf cannot: `node asker.mjs PORT QUESTIONS RATE SECONDS ADDRESS…`, with
// `ADDRESS` a local address for each network. Prints `{ answers, lost }`.
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { questionOctets } from "./servers.mjs";

const [port, file, rate, seconds, ...addresses] = process.argv.slice(2);
/** Questions in one turn of the clock; what is late is asked at once, so that the rate holds. */
const TURN_MS = 1;
const LAST_REPLIES_MS = 300;

const names = readFileSync(file, "utf8").trim().split("\n");
const questions = names.map((line, i) => questionOctets(line.split(" ")[0], i & 0xffff));
let answers = 0;
const sockets = await Promise.all(addresses.map(open));
const total = Number(rate) * Number(seconds);
const start = performance.now();
let asked = 0;
while (asked < total) {
  const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * Number(rate)));
  for (; asked < due; asked++) {
    sockets[asked % sockets.length].send(questions[asked % questions.length], Number(port), "127.0.0.1");
  }
  await new Promise((resolve) => setTimeout(resolve, TURN_MS));
}
await new Promise((resolve) => setTimeout(resolve, LAST_REPLIES_MS));
process.stdout.write(`${JSON.stringify({ answers, lost: total - answers })}\n`);
process.exit(0);

function open(address) {
  const socket = createSocket({ type: "udp4", lookup: (host, _options, found) => found(null, host, 4) });
  socket.on("message", () => {
    answers += 1;
  });
  return new Promise((resolve) => {
    socket.bind({ address, port: 0 }, () => resolve(socket));
  });
}
