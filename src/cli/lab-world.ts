import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LabProcess, LabWorld, ToolResult } from "../lab/lab-world.ts";
import type { LabMachine } from "../lab/plan.ts";
import type { Environment } from "./io.ts";

/** This program, as the servers of a lab are started. */
const PROGRAM = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));
const NSSWITCH = "/etc/nsswitch.conf";

/** Why this machine, or this user, can have no lab: a sentence without a full stop; `undefined` when it can. */
export async function whyNoLab(): Promise<string | undefined> {
  if (process.platform !== "linux")
    return `a lab is made of network namespaces, which ${process.platform} does not have: use Linux`;
  if (process.getuid?.() !== 0) return "a lab needs root, who alone makes network namespaces: run it with sudo";
  const { code } = await run("ip", ["-V"]);
  return code === 0 ? undefined : "a lab needs the command ip: install iproute2";
}

/** What the plan of a lab depends on. */
export function thisMachine(): LabMachine {
  const hasIpv6 = existsSync("/proc/net/if_inet6");
  return { hasIpv6, ...(existsSync(NSSWITCH) ? { nsswitch: readFileSync(NSSWITCH, "utf8") } : {}) };
}

/** The path that a lab is called after: the same through every link to it, and also when the file has gone. */
export function trueFile(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return existsSync(dirname(path)) ? join(realpathSync(dirname(path)), basename(path)) : path;
  }
}

/** The machine, for the lab of a topology. */
export function openLabWorld(topology: string, env: Environment): LabWorld {
  return {
    ip: (args, input) => run("ip", args, input),
    write(path, text) {
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        return undefined;
      } catch (error) {
        return `${path} cannot be written: ${messageOf(error)}`;
      }
    },
    remove: (path) => rmSync(path, { recursive: true, force: true }),
    list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
    serve: (namespace, listen, logs) => startServer(topology, namespace, listen, logs, env),
    signal(pid, name) {
      try {
        return process.kill(pid, name);
      } catch {
        return false; // It ended in between.
      }
    },
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/**
 * Runs a program to its end, in a session of its own: Ctrl-C at the terminal is for privlink, which undoes what was made,
 * and needs `ip` for it.
 */
function run(program: string, args: readonly string[], input = ""): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "pipe", detached: true });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on("error", (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    child.stdin.on("error", () => undefined); // It ended without reading.
    child.stdin.end(input);
  });
}

/** Starts a server that outlives this process. What steers other servers by the environment is not meant for this one. */
function startServer(
  topology: string,
  namespace: string,
  listen: readonly string[],
  logs: string,
  env: Environment,
): LabProcess {
  const log = join(logs, `${namespace}.log`);
  const ready = join(logs, `${namespace}.ready`);
  mkdirSync(logs, { recursive: true });
  const output = openSync(log, "w");
  const own = Object.entries(env).filter(([name]) => !name.startsWith("PRIVLINK_"));
  const flags = listen.flatMap((at) => ["--listen", at]);
  const command = [process.execPath, PROGRAM, "serve", "-c", topology, "--ready-file", ready, "--query-log", ...flags];
  const child = spawn("ip", ["netns", "exec", namespace, ...command], {
    detached: true,
    stdio: ["ignore", output, output],
    env: Object.fromEntries(own),
    cwd: dirname(topology),
  });
  closeSync(output);
  let hasEnded = false;
  child.on("error", () => {
    hasEnded = true;
  });
  child.on("exit", () => {
    hasEnded = true;
  });
  child.unref();
  return {
    state: () => (hasEnded ? "ended" : existsSync(ready) ? "ready" : "starting"),
    said: () => readFileSync(log, "utf8"),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
