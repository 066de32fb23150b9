// What plain `node:dgram` can do: prebuilt answers by question, and nothing of DNS but where a question ends. The yardstick.
// `node bench/bare.mjs PORT FILE`: FILE has a line for each answer, a whole reply in hexadecimal.
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";

const [port, file] = process.argv.slice(2);
const answers = new Map();
for (const line of readFileSync(file, "utf8").trim().split("\n")) {
  const reply = Buffer.from(line, "hex");
  answers.set(questionIn(reply), reply);
}

const socket = createSocket("udp4");
socket.on("message", (query, from) => {
  const answer = answers.get(questionIn(query));
  if (answer === undefined) return;
  const reply = Buffer.from(answer);
  query.copy(reply, 0, 0, 2);
  socket.send(reply, 0, reply.length, from.port, from.address);
});
socket.bind({ port: Number(port), address: "127.0.0.1" }, () => {
  socket.setRecvBufferSize(4 * 1024 * 1024);
  process.stderr.write("Ready.\n");
});
process.on("SIGTERM", () => process.exit(0));

function questionIn(message) {
  let end = 12;
  while (message[end] !== 0) end += message[end] + 1;
  return message.latin1Slice(12, end + 5);
}
