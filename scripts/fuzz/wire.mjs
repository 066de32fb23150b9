// Sends packets that nobody meant to a server in a process of its own, over UDP and TCP, and asks it in between whether it
// still answers those who mean what they say.
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { frame } from "../../dist/transport/stream-framing.js";
import { madeUp, mutate } from "./make-packets.mjs";
import { randomOf } from "./random.mjs";

/** Packets between two questions that are meant. */
const BATCH = 200;
const PATIENCE_MS = 5000;
/** How much more memory a server may have that was fuzzed than one that was fuzzed for a quarter of the time. */
const MAX_GROWTH_MB = 40;
/** myregistry.azurecr.io A, id 7. */
const PLAIN = Buffer.from("0007010000010000000000000a6d79726567697374727907617a757265637202696f0000010001", "hex");

/** Fuzzes for so many seconds, with mutations of `seeds`. Gives what was sent and what was found: sentences. */
export async function fuzzOverTheWire({ root, seed, seconds, seeds }) {
  const folder = mkdtempSync(join(tmpdir(), "privlink-fuzz-"));
  const server = await startServer(root, folder);
  const socket = createSocket("udp4");
  const found = [];
  let sent = 0;
  let quarter;
  try {
    socket.on("error", () => undefined);
    socket.connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    const start = performance.now();
    for (let share = 0; share < 1 && found.length === 0; share = (performance.now() - start) / (seconds * 1000)) {
      const random = randomOf(seed, sent);
      const packets = Array.from({ length: BATCH }, () => (random.oneIn(3) ? madeUp(random) : mutate(random, seeds)));
      for (const octets of packets) socket.send(octets.subarray(0, 65_000));
      await sendOverTcp(server.port, random, packets.slice(0, BATCH / 4));
      sent += packets.length;
      found.push(...(await troubles(server, socket)));
      if (quarter === undefined && share >= 0.25) quarter = megabytes(server.child.pid);
    }
    const grown = megabytes(server.child.pid) - (quarter ?? Number.POSITIVE_INFINITY);
    if (grown > MAX_GROWTH_MB)
      found.push(`the server has ${grown.toFixed(0)} MB more than after a quarter of the time`);
    found.push(...(await endOf(server)));
    return { sent, found, grown };
  } finally {
    socket.close();
    server.child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startServer(root, folder) {
  const readyFile = join(folder, "ready");
  const args = [join(root, "dist/program/main.js"), "serve", "--listen", "127.0.0.1:0", "--ready-file", readyFile];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const server = { child, said: "", port: 0 };
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text) => {
    server.said = `${server.said}${text}`.slice(-200_000);
  });
  for (const until = Date.now() + 20_000; !server.said.includes("Ready."); await pause(20))
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the server did not start: ${server.said}`);
  server.port = Number(readFileSync(readyFile, "utf8").trim().split(":").at(-1));
  return server;
}

/** A connection that says what it says, in pieces, some of it cut short, and goes away without a word. */
async function sendOverTcp(port, random, packets) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.resume();
  await Promise.race([once(socket, "connect"), pause(PATIENCE_MS)]);
  for (const octets of packets) {
    const framed = frame(octets);
    socket.write(random.oneIn(20) ? framed.subarray(0, random.below(framed.length)) : framed);
  }
  if (random.oneIn(3)) socket.resetAndDestroy();
  else socket.end();
  await Promise.race([once(socket, "close"), pause(200)]);
  socket.destroy();
}

/** What is wrong with a server: it is gone, it told of a bug, or it does not answer. */
async function troubles({ child, said }, socket) {
  if (child.exitCode !== null || child.signalCode !== null) return [`the server ended: ${said.slice(-2000)}`];
  if (/a bug in privlink/.test(said)) return [`the server told of a bug: ${/.*a bug in privlink.*/.exec(said)?.[0]}`];
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
    socket.send(PLAIN);
    if (await repliedTo(socket)) return [];
  }
  return ["the server does not answer any more"];
}

function repliedTo(socket) {
  return new Promise((resolve) => {
    const onMessage = (octets) => {
      const isReply = octets.length > PLAIN.length && octets.subarray(12, PLAIN.length).equals(PLAIN.subarray(12));
      if (isReply && octets[0] === 0 && octets[1] === 7) done(true);
    };
    const done = (isAnswered) => {
      clearTimeout(timer);
      socket.off("message", onMessage);
      resolve(isAnswered);
    };
    const timer = setTimeout(() => done(false), 500);
    socket.on("message", onMessage);
  });
}

async function endOf({ child }) {
  if (child.exitCode !== null) return [];
  child.kill("SIGTERM");
  await Promise.race([once(child, "exit"), pause(10_000)]);
  return child.exitCode === 0 ? [] : [`the server ended with ${child.exitCode ?? child.signalCode}`];
}

function megabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
