// A server as a process of its own: what it says, what it counts, what it holds.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setPriority } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/program/main.js", import.meta.url));
const PATIENCE_MS = 60_000;
/** Of nice(2). */
const PRECEDENCE = -15;
/** Lines of errors that are kept at most. */
const MAX_ERRORS = 10_000;
const IS_ERROR = /"level":"(error|fatal)"/;

/** Starts `privlink serve` in the folder, answering as the network `office`; resolves once it said `Ready.`. */
export async function startServed(folder, { args = [], nodeArgs = [] } = {}) {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const at = ["--listen", `127.0.0.1:${port}=office`, "--metrics", `127.0.0.1:${metricsPort}`];
  const serve = [MAIN, "serve", "-c", join(folder, "privlink.yaml"), "--log-format", "json"];
  const server = await startProgram([...nodeArgs, ...serve, ...at, ...args], folder);
  return {
    ...server,
    port,
    /** The numbers at /metrics by their name with its labels. */
    metrics: () => readMetrics(metricsPort),
  };
}

/** Starts `node COMMAND…`; resolves once it said `Ready.` on standard error. Its lines are looked at and not kept. */
export async function startProgram(command, folder) {
  const child = spawn(process.execPath, command, {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const watchers = new Set();
  const errors = [];
  let last = "";
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      last = line;
      if (IS_ERROR.test(line) && errors.length < MAX_ERRORS) errors.push(line);
      for (const look of watchers) look(line);
    }
  });
  const ended = new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      process.removeListener("exit", kill);
      resolve(`${code ?? signal}`);
    });
  });
  const sees = (pattern) =>
    new Promise((resolve, reject) => {
      const finish = (end, what) => {
        clearTimeout(timer);
        watchers.delete(look);
        end(what);
      };
      const look = (line) => {
        if (pattern.test(line)) finish(resolve, line);
      };
      const timer = setTimeout(() => finish(reject, new Error(`waited in vain for ${pattern}: ${last}`)), PATIENCE_MS);
      watchers.add(look);
      void ended.then((how) => finish(reject, new Error(`the server ended with ${how}: ${last}`)));
    });
  await sees(/^Ready\.$/);
  return {
    pid: child.pid,
    /** Waits for a line that is still to come. */
    sees,
    /** Lines of errors in its log so far. */
    errors,
    signal: (name) => void child.kill(name),
    /** Milliseconds so far that its answering thread was ready to run and others had the processors; Linux alone tells. */
    waitedMs: () => waitedMs(child.pid),
    async stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function waitedMs(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}

async function readMetrics(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

/** A port of 127.0.0.1 that nobody has at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Gives this thread, and whatever it starts from now on, precedence over other work of the machine, where it may: what others
 * do must not count as a loss. Gives whether it may.
 */
export function takePrecedence() {
  try {
    setPriority(PRECEDENCE);
    return true;
  } catch {
    return false; // Not root: the machine should be quiet then.
  }
}

export function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Resolves once it holds; fails after a minute. */
export async function until(holds, what) {
  for (const end = performance.now() + PATIENCE_MS; !holds(); await pause(2))
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
}
