// The attacked server, and what it takes of its machine.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { askOverTcp, pause } from "./local-client.mjs";
import { writeModel } from "./model.mjs";

const PROGRAM = fileURLToPath(new URL("../../dist/program/main.js", import.meta.url));
const START_MS = 15_000;
const COUNTERS = "127.0.0.1:9153";

/** Starts the built program; `within` are words in front of it. Waits until it answers. */
export async function startServer(folder, within = []) {
  const [program, ...words] = [...within, process.execPath, PROGRAM, ...writeModel(folder), "--metrics", COUNTERS];
  let said = "";
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  process.on("exit", () => child.kill("SIGKILL"));
  const until = performance.now() + START_MS;
  while ((await askOverTcp()) === undefined) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`the server does not answer:\n${said}`);
    await pause(50);
  }
  return {
    pid: child.pid,
    isRunning: () => child.exitCode === null,
    said: () => said,
    megabytes: () => statusOf(child.pid, "VmRSS") / 1024,
    peakMegabytes: () => statusOf(child.pid, "VmHWM") / 1024,
    /** Seconds so far that its answering thread was ready to run and others had the processors; Linux alone tells. */
    waitedSeconds: () => Number(readFileSync(`/proc/${child.pid}/schedstat`, "latin1").split(" ")[1]) / 1e9,
    files: () => readdirSync(`/proc/${child.pid}/fd`).length,
    counters: async () => (await fetch(`http://${COUNTERS}/metrics`)).text(),
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
      if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
      clearTimeout(timer);
    },
  };
}

function statusOf(pid, field) {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}
