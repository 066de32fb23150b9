// A bare UDP server with the same work beside it: it sends each message back with QR set, and a thread like privlink's own
// loads the project each time that it is told to. What it loses meanwhile, this machine loses.
// `node scripts/load/bare.mjs PORT FOLDER`
import { createSocket } from "node:dgram";
import { openLoadThread } from "../../dist/project/load-thread.js";

const [port, folder] = process.argv.slice(2);
const RECEIVE_OCTETS = 4 * 1024 * 1024;
const order = { request: { paths: [], networks: [] }, folder, exampleFolder: folder, listen: [] };
const thread = openLoadThread();
let { digest } = thread.loadFirst(order);
thread.warm();

const socket = createSocket("udp4");
socket.on("message", (message, from) => {
  message[2] |= 0x80;
  socket.send(message, 0, message.length, from.port, from.address);
});
process.on("SIGHUP", () => void reload());
process.on("SIGTERM", () => process.exit(0));
socket.bind({ port: Number(port), address: "127.0.0.1" }, () => {
  socket.setRecvBufferSize(RECEIVE_OCTETS);
  process.stderr.write("Ready.\n");
});

async function reload() {
  const result = await thread.load({ ...order, known: digest });
  if (result.kind === "loaded") digest = result.digest;
  process.stderr.write(`"msg":"reloaded: ${result.kind}"\n`); // As privlink says it.
}
