// The servers that are measured, each started on one core as its users start it.
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAX_START_MS = 30_000;

/** Every server by name: its port, and the command that starts it with the files of a workload. */
export const SERVERS = {
  privlink: {
    port: 5390,
    command: (folder) => [
      process.execPath,
      join(ROOT, "dist/program/main.js"),
      "serve",
      "-c",
      join(folder, "privlink.yaml"),
    ],
  },
  "privlink-node": {
    port: 5397,
    command: (folder) => [...SERVERS.privlink.command(folder), "--listen", "127.0.0.1:5397", "--datagrams", "node"],
  },
  named: { port: 5391, command: (folder) => ["named", "-g", "-n", "1", "-c", join(folder, "named.conf")] },
  unbound: { port: 5392, command: (folder) => ["unbound", "-d", "-c", join(folder, "unbound.conf")] },
  "unbound-anew": { port: 5396, command: (folder) => ["unbound", "-d", "-c", join(folder, "unbound-anew.conf")] },
  dnsmasq: { port: 5393, command: (folder) => ["dnsmasq", "-C", join(folder, "dnsmasq.conf")] },
  bare: {
    port: 5394,
    command: (folder) => [process.execPath, join(ROOT, "bench/bare.mjs"), "5394", join(folder, "answers.hex")],
  },
};

/** Starts a server on one core; resolves once it answers a question, with what ends it. */
export function startServer(name, folder, core, question) {
  return start({ name, ...SERVERS[name] }, folder, core, question);
}

/** As `startServer`, one that is not in the list: its port, and the command that starts it. */
export async function start({ name, port, command }, folder, core, question) {
  const child = spawn("taskset", ["-c", String(core), ...command(folder)], {
    stdio: "ignore",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  const until = Date.now() + MAX_START_MS;
  while ((await askOnce(port, question)) === undefined) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${name} does not answer`);
  }
  return {
    name,
    port,
    pid: child.pid,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGTERM");
      }),
  };
}

/** One question over UDP: the reply, or nothing after a moment. */
export function askOnce(port, name, waitMs = 200) {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const done = (reply) => {
      clearTimeout(timer);
      socket.close(() => resolve(reply));
    };
    const timer = setTimeout(() => done(undefined), waitMs);
    socket.once("message", (reply) => done(reply));
    socket.once("error", () => done(undefined));
    socket.send(questionOctets(name), port, "127.0.0.1");
  });
}

/** A question for an A record, as dnsperf sends it. */
export function questionOctets(name, id = 1) {
  const labels = name.split(".").map((label) => Buffer.from(String.fromCharCode(label.length) + label, "latin1"));
  const header = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

/** Asks many questions, some at once: each reply as a line in hexadecimal. */
export async function recordAnswers(port, names) {
  const lines = [];
  const socket = createSocket("udp4");
  await new Promise((resolve) => {
    const waiting = new Set(names);
    let next = 0;
    const sendNext = () => {
      if (next < names.length) socket.send(questionOctets(names[next++]), port, "127.0.0.1");
    };
    socket.on("message", (reply) => {
      lines.push(reply.toString("hex"));
      waiting.delete(nameIn(reply));
      if (lines.length === names.length) resolve();
      sendNext();
    });
    for (let i = 0; i < 50; i++) sendNext();
  });
  socket.close();
  return lines;
}

function nameIn(message) {
  const labels = [];
  for (let at = 12; message[at] !== 0; at += message[at] + 1) {
    labels.push(message.latin1Slice(at + 1, at + 1 + message[at]));
  }
  return labels.join(".");
}
