import { randomInt } from "node:crypto";
import type { OnSignal } from "../app/lifecycle.ts";

/** What a command gets of the world around it. Handed in, so that a test can be that world. */
export interface Io {
  /** Data. What is written after the reader has gone is dropped. */
  readonly stdout: (text: string) => void;
  /** Everything else. */
  readonly stderr: (text: string) => void;
  /** Which of the two a person looks at. */
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean };
  readonly env: Environment;
  /** Where the command runs. */
  readonly cwd: string;
  /** Where the built-in example lies. */
  readonly exampleFolder: string;
  readonly version: string;
  /** What it runs on: `node v20.20.2 linux x64`. */
  readonly runtime: string;
  /** The system, as Node calls it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** The number of the process. */
  readonly pid: number;
  readonly now: () => Date;
  /** A whole number from 0 up to `below`, `below` excluded, that nobody can foresee. */
  readonly random: (below: number) => number;
  readonly onSignal: OnSignal;
  /** Has rejections that nobody handled told, instead of ending the process over them, until it is called off. */
  readonly onUnhandled: (handler: (reason: unknown) => void) => () => void;
}

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is needed of a process. */
export interface ProcessAround {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  readonly pid: number;
  cwd(): string;
  on(event: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
  on(event: "unhandledRejection", listener: (reason: unknown) => void): unknown;
  off(event: "unhandledRejection", listener: (reason: unknown) => void): unknown;
}

/** What is needed of a stream. */
export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string, done?: (error?: Error | null) => void): boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** An `Io` on a process, and a way to wait until all that was written has been taken. */
export interface ProcessIo {
  readonly io: Io;
  /** Settles when both streams have given away what they hold, or never will. Gives what kept output from being written. */
  flush(this: void): Promise<Error | undefined>;
}

export function openIo(around: ProcessAround, version: string, exampleFolder: string): ProcessIo {
  const stdout = openWriter(around.stdout);
  const stderr = openWriter(around.stderr);
  return {
    io: {
      stdout: stdout.write,
      stderr: stderr.write,
      isTerminal: { stdout: around.stdout.isTTY === true, stderr: around.stderr.isTTY === true },
      env: around.env,
      cwd: around.cwd(),
      exampleFolder,
      version,
      runtime: `node ${around.version} ${around.platform} ${around.arch}`,
      platform: around.platform,
      pid: around.pid,
      now: () => new Date(),
      random: (below) => randomInt(below),
      onSignal: (name, handler) => {
        around.on(name, handler);
        return () => void around.off(name, handler);
      },
      onUnhandled: (handler) => {
        around.on("unhandledRejection", handler);
        return () => void around.off("unhandledRejection", handler);
      },
    },
    async flush() {
      const [lost] = await Promise.all([stdout.flush(), stderr.flush()]);
      return lost;
    },
  };
}

interface Writer {
  write(this: void, text: string): void;
  flush(this: void): Promise<Error | undefined>;
}

/**
 * Writes to a stream until its reader has gone: `privlink list | head -1` is no failure of anybody. Any other trouble, a
 * full disk for one, is kept for whoever flushes. The stream holds what its reader has not taken yet; nothing is dropped.
 */
function openWriter(stream: OutputStream): Writer {
  let hasGone = false;
  let failure: Error | undefined;
  stream.on("error", (error) => {
    hasGone = true;
    if (!isReaderGone(error)) failure ??= error;
  });
  return {
    write(text) {
      if (!hasGone && text !== "") stream.write(text);
    },
    flush: () =>
      new Promise((resolve) => {
        if (hasGone) resolve(failure);
        else stream.write("", (error) => resolve(error == null || isReaderGone(error) ? failure : error));
      }),
  };
}

function isReaderGone(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || code === "ECONNRESET";
}
