import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SignalName } from "../../src/app/lifecycle.ts";
import type { ExitCode } from "../../src/cli/exit-codes.ts";
import type { Io } from "../../src/cli/io.ts";
import { runCli } from "../../src/cli/run-cli.ts";

const ZONES = join(import.meta.dirname, "..", "..", "zones");

/** The example that comes with privlink. */
export const EXAMPLE_FOLDER: string = ZONES;

/** What a command said and how it ended. */
export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** A world in memory, in a folder; what is written to it can be read while a command runs. */
export interface MemoryIo {
  readonly io: Io;
  stdout(): string;
  stderr(): string;
  send(signal: SignalName): void;
}

/** Names no file of this world but its folder; the clock stands still and chance always says 0x1234. */
export function memoryIo(cwd: string, more: Partial<Io> = {}): MemoryIo {
  let stdout = "";
  let stderr = "";
  const handlers = new Map<SignalName, Set<() => void>>();
  const io: Io = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    isTerminal: { stdout: false, stderr: false },
    env: {},
    cwd,
    exampleFolder: EXAMPLE_FOLDER,
    version: "1.2.3",
    runtime: "node v20 test",
    platform: process.platform,
    pid: process.pid,
    now: () => new Date(Date.UTC(2026, 10, 20, 14, 30, 4)),
    random: (below) => 0x1234 % below,
    onUnhandled: () => () => undefined,
    onSignal: (name, handler) => {
      const all = handlers.get(name) ?? new Set();
      handlers.set(name, all.add(handler));
      return () => void all.delete(handler);
    },
    ...more,
  };
  return {
    io,
    stdout: () => stdout,
    stderr: () => stderr,
    send: (signal) => {
      for (const handler of handlers.get(signal) ?? []) handler();
    },
  };
}

/** Runs `privlink LINE` in a folder; words are separated by spaces. */
export async function run(line: string, cwd: string, more: Partial<Io> = {}): Promise<Ran> {
  const memory = memoryIo(cwd, more);
  const code = await runCli(line === "" ? [] : line.split(" "), memory.io);
  return { code, stdout: memory.stdout(), stderr: memory.stderr() };
}

/** A folder with files in it, by path; remove it when done. */
export function makeFolder(files: Readonly<Record<string, string>>): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "privlink-cli-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
