// Starts servers, asks them over TCP from given addresses, prints their replies and ends them. Its order is on standard
// input, as `export-servers.ts` writes it. It runs in a network namespace, which ends with it.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const { servers, patienceMs } = JSON.parse(readFileSync(0, "utf8"));

const results = await Promise.all(servers.map(run));
process.stdout.write(JSON.stringify(results), () => process.exit(0));

async function run({ command, cwd, at, batches }) {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  child.on("error", (error) => (printed += error.message));
  process.on("exit", () => child.kill("SIGKILL"));
  try {
    await untilItListens(child, at);
    const replies = [];
    for (const { from, queries } of batches) replies.push(await ask(at, from, queries));
    return { replies, printed };
  } catch (error) {
    return { error: `${error.message}\n${printed.slice(-3000)}` };
  } finally {
    child.kill("SIGKILL");
  }
}

async function untilItListens(child, at) {
  for (const end = Date.now() + patienceMs; ; ) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    try {
      await new Promise((resolve, reject) => {
        const socket = connect({ host: at.address, port: at.port });
        socket.on("connect", () => resolve(socket.destroy()));
        socket.on("error", reject);
      });
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

/** All questions on few connections, each reply by the id of its query, which is its place. */
async function ask(at, from, queries) {
  const size = 50;
  const replies = Array.from({ length: queries.length }, () => null);
  for (let start = 0; start < queries.length; start += size) {
    await askSome(at, from, queries.slice(start, start + size), replies);
  }
  return replies;
}

function askSome(at, from, queries, replies) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: at.address, port: at.port, localAddress: from });
    let buffer = Buffer.alloc(0);
    let left = queries.length;
    // Who says nothing has said so: the rest stays null.
    socket.setTimeout(patienceMs, () => resolve(socket.destroy()));
    socket.on("error", (error) => reject(new Error(`${from} asks ${at.address}: ${error.message}`)));
    socket.on("close", () => resolve());
    socket.on("connect", () => {
      for (const query of queries) {
        const octets = Buffer.from(query, "base64");
        const length = Buffer.alloc(2);
        length.writeUInt16BE(octets.length);
        socket.write(Buffer.concat([length, octets]));
      }
    });
    socket.on("data", (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
        const end = 2 + buffer.readUInt16BE(0);
        const reply = buffer.subarray(2, end);
        replies[reply.readUInt16BE(0)] = reply.toString("base64");
        buffer = buffer.subarray(end);
        left -= 1;
      }
      if (left === 0) resolve(socket.destroy());
    });
  });
}
