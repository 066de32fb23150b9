import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressPort } from "../../src/net/address.ts";
import { knownAddressPort } from "./serving.ts";

/** The built program; another one, an installed package for instance, where `PRIVLINK_TEST_PROGRAM` names it. */
export const PROGRAM =
  process.env["PRIVLINK_TEST_PROGRAM"] ?? join(import.meta.dirname, "..", "..", "dist", "program", "main.js");
/** Longer than any start on a busy machine. */
const START_MS = 15_000;
const SIGHT_MS = 8000;

/** How a process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `privlink serve` as a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Where it listens, in the order of `listen`. */
  readonly at: readonly AddressPort[];
  readonly readyFile: string;
  /** Everything that it wrote to standard error, and to standard output. */
  readonly stderr: () => string;
  readonly stdout: () => string;
  readonly exited: Promise<Exit>;
  /** Waits until standard error, from `since` on, has something; gives what fits. */
  sees(pattern: RegExp, since?: number): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, then the end; SIGKILL when that does not come. */
  stop(): Promise<Exit>;
}

export interface ServerOptions {
  /** `127.0.0.1:0` unless said. */
  readonly listen?: readonly string[];
  /** Further arguments. */
  readonly args?: readonly string[];
  /** Where it runs; an empty folder unless said, so that it serves the built-in example. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words in front of the command: a program that prepares a place for it and then becomes it. */
  readonly within?: readonly string[];
  /** The number of the user that it will be: the folder of its ready file is given to it. */
  readonly owner?: number;
}

/** Children that live: none outlives the tests. */
const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/** Starts the built program and waits for its `Ready.`. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const { listen = ["127.0.0.1:0"], args = [], env = {}, within = [] } = options;
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} does not exist: npm run build`);
  const folder = mkdtempSync(join(tmpdir(), "privlink-server-"));
  if (options.owner !== undefined) chownSync(folder, options.owner, options.owner);
  const readyFile = join(folder, "ready");
  const said = { stdout: "", stderr: "" };
  const [command = "", ...words] = within.concat(process.execPath, PROGRAM, "serve");
  const child = spawn(
    command,
    [...words, ...listen.flatMap((one) => ["--listen", one]), "--ready-file", readyFile, ...args],
    { cwd: options.cwd ?? folder, env: { ...plainEnvironment(), ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  living.add(child);
  const watchers = new Set<() => void>();
  const exited = new Promise<Exit>((resolve) => {
    child.on("close", (code, signal) => {
      living.delete(child);
      rmSync(folder, { recursive: true, force: true });
      resolve({ code, signal });
      for (const look of watchers) look();
    });
  });
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
      for (const look of watchers) look();
    });
  }
  const sees = (pattern: RegExp, since = 0, patienceMs = SIGHT_MS): Promise<string> =>
    new Promise((resolve, reject) => {
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        watchers.delete(look);
        end();
      };
      const fail = (why: string): void =>
        finish(() => reject(new Error(`${why}: no ${String(pattern)} in\n${said.stderr.slice(since)}`)));
      const look = (): void => {
        const found = pattern.exec(said.stderr.slice(since));
        if (found !== null) finish(() => resolve(found[0]));
        else if (!living.has(child)) fail("the server has ended");
      };
      const timer = setTimeout(() => fail(`waited ${patienceMs} ms`), patienceMs);
      watchers.add(look);
      look();
    });

  await sees(/^Ready\.$/m, 0, START_MS);
  const at = readFileSync(readyFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => knownAddressPort(line));
  return {
    pid: child.pid ?? 0,
    at,
    readyFile,
    stderr: () => said.stderr,
    stdout: () => said.stdout,
    exited,
    sees: (pattern, since) => sees(pattern, since),
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

/** What a program that ended by itself said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program to its end. */
export function runProgram(args: readonly string[], cwd: string): Promise<Ended> {
  return runTool(process.execPath, [PROGRAM, ...args], cwd);
}

/** Runs a program without a shell to its end; one that does not end is killed, and has no code then. */
export function runTool(tool: string, args: readonly string[], cwd = tmpdir()): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      tool,
      args,
      { timeout: START_MS, killSignal: "SIGKILL", cwd, env: plainEnvironment() },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** Nothing of the machine's that shapes output: no language, no colours, no variables of the program. */
function plainEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), LC_ALL: "C", TZ: "UTC" };
}
