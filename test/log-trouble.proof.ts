import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { AddressPort } from "../src/net/address.ts";
import { closeAfterEach, datagramClient, pause, queryOctets, until } from "./loopback.ts";
import { PROGRAM } from "./support/server.ts";
import { knownAddressPort } from "./support/serving.ts";

const later = closeAfterEach();
const folder = mkdtempSync(join(tmpdir(), "privlink-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** More lines than a pipe and the memory for them hold. */
const QUESTIONS_EACH = 5500;

/** A busy machine takes its time for a start, and for thousands of questions. */
const SLOW_MS = 60_000;

/** Starts a server that logs each question where `stderr` says; gives it once it answers. */
async function serveLoggingTo(
  stderr: "pipe" | number,
  workers: number,
): Promise<{ child: ChildProcess; at: AddressPort }> {
  const ready = join(folder, `ready-${workers}-${String(stderr)}`);
  const args = ["--listen", "127.0.0.1:0", "--ready-file", ready, "--query-log", "--workers", String(workers)];
  const child = spawn(process.execPath, [PROGRAM, "serve", ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", stderr],
  });
  later(() => void child.kill("SIGKILL"));
  let text = "";
  for (const end = performance.now() + 15_000; text === "" && performance.now() < end; await pause(20)) {
    try {
      text = readFileSync(ready, "utf8");
    } catch {
      // Not yet.
    }
  }
  return { child, at: knownAddressPort(text.trim()) };
}

/** Asks so many questions, some at a time; how many were answered. */
async function askMany(at: AddressPort, count: number): Promise<number> {
  const client = await datagramClient();
  later(() => client.close());
  for (let asked = 0; asked < count; asked += 100) {
    for (let i = 0; i < 100; i++) client.send(queryOctets(i, `q${i}.example`), at);
    await until(() => client.replies.length >= asked + 100, `${asked + 100} are answered`);
  }
  return client.replies.length;
}

/** Processor time that a process has had, in milliseconds. */
function processorMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid ?? 0}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentMegabytes({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, "utf8"))?.[1]) / 1024;
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  return ended;
}

test.each([{ workers: 1 }, { workers: 2 }])(
  "a log whose reader has stopped keeps nobody waiting, with $workers processes: lines are lost and counted, memory and time are not",
  async ({ workers }) => {
    const questions = QUESTIONS_EACH * workers;
    const { child, at } = await serveLoggingTo("pipe", workers);
    const megabytes = residentMegabytes(child);
    expect(await askMany(at, questions)).toBe(questions); // Nobody has read a line.
    expect(residentMegabytes(child) - megabytes).toBeLessThan(80);
    const before = processorMs(child);
    await pause(300);
    expect(processorMs(child) - before).toBeLessThan(100);
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const told = (): number => [...text.matchAll(/"lost":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    await until(
      () => told() > 0 && text.split('"name":"q').length - 1 + told() === questions,
      "each line is there or counted",
    );
    expect(await endOf(child)).toBe(0);
  },
  SLOW_MS,
);

test(
  "a log whose reader has gone, or whose disk is full, stops no answer and no end",
  async () => {
    const closed = await serveLoggingTo("pipe", 1);
    closed.child.stderr?.destroy();
    expect(await askMany(closed.at, 500)).toBe(500);
    const full = await serveLoggingTo(openSync("/dev/full", "w"), 1);
    expect(await askMany(full.at, 500)).toBe(500);
    await endOf(closed.child);
    await endOf(full.child);
  },
  SLOW_MS,
);
