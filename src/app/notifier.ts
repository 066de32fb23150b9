import { type ExecFileException, execFile } from "node:child_process";
import type { Log } from "../observe/log.ts";
import type { LoadThread } from "../project/load-thread.ts";
import type { NotifyPlace } from "./service-manager.ts";

/** Tells a service manager how the service does (sd_notify(3)). What it is told arrives in order. */
export interface Notifier {
  /** Everything answers, for the first time or again after a reload. */
  ready(status: string): void;
  /** The files are being read again. */
  reloading(): void;
  stopping(): void;
  /** No more signs of life. Settles when all was told, or soon. */
  close(): Promise<void>;
}

/** Takes one message, lines of `NAME=value`. Rejects when it could not be handed over. */
export type SendNotice = (lines: readonly string[]) => Promise<void>;

export interface NotifierParts {
  readonly log: Pick<Log, "warn">;
  readonly send: SendNotice;
  /** A sign of life is expected at least this often; none when absent. */
  readonly watchdogMs?: number;
}

/** As long as an end waits for what is still to be told. */
const CLOSE_MS = 3000;
/** A timer takes no longer time: more often is as good. */
const MAX_TIMER_MS = 0x7fff_ffff;

/** For a server that nobody wants to hear of. */
export const silentNotifier: Notifier = {
  ready: () => undefined,
  reloading: () => undefined,
  stopping: () => undefined,
  close: () => Promise.resolve(),
};

/** Opens one. Signs of life come from the event loop that answers questions, so that none comes when that hangs. */
export function openNotifier({ log, send, watchdogMs }: NotifierParts): Notifier {
  let last: Promise<void> = Promise.resolve();
  let isLost = false; // Whether the last message was, which is said once.
  let waiting = 0;
  let isStopping = false; // A reload that was under way then is nobody's business any more.
  const tell = (...lines: readonly string[]): void => {
    waiting += 1;
    last = last.then(async () => {
      try {
        await send(lines);
        isLost = false;
      } catch (error) {
        if (!isLost) log.warn(`the service manager is not told how the service does: ${notTold(error)}`);
        isLost = true;
      }
      waiting -= 1;
    });
  };
  const signOfLife = (): void => {
    if (waiting === 0) tell("WATCHDOG=1"); // Who waits to be told hears of life all the same.
  };
  // Half the time is what sd_watchdog_enabled(3) recommends.
  const timer =
    watchdogMs === undefined ? undefined : setInterval(signOfLife, Math.min(watchdogMs / 2, MAX_TIMER_MS)).unref();
  return {
    ready(status) {
      if (!isStopping) tell("READY=1", `STATUS=${oneLine(status)}`);
    },
    reloading() {
      // Of the clock that the manager reads, in microseconds: what it heard before is of an earlier time.
      const now = process.hrtime.bigint() / 1000n;
      if (!isStopping) tell("RELOADING=1", `MONOTONIC_USEC=${now}`, "STATUS=reloading");
    },
    stopping() {
      isStopping = true;
      tell("STOPPING=1", "STATUS=answering what is under way");
    },
    async close() {
      clearInterval(timer);
      await Promise.race([last, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
    },
  };
}

/** The notifier of a process: silent where no manager wants to be told. */
export function notifierFor(place: NotifyPlace | undefined, log: Pick<Log, "warn">): Notifier {
  if (place === undefined) return silentNotifier;
  const { socket, watchdogMs } = place;
  return openNotifier({ log, send: noticesTo(socket), ...(watchdogMs === undefined ? {} : { watchdogMs }) });
}

/** A thread that says so before it loads. */
export function tellingOfLoads(thread: LoadThread, notifier: Notifier): LoadThread {
  return {
    ...thread,
    load(order) {
      notifier.reloading();
      return thread.load(order);
    },
  };
}

/** The program that sends for us: Node has no datagrams of Unix sockets. */
const PROGRAM = "systemd-notify";
const PATIENCE_MS = 5000;

/** Hands messages to the manager's socket. No shell is between, and nothing of our environment but where programs are. */
function noticesTo(socket: string): SendNotice {
  const env = { NOTIFY_SOCKET: socket, PATH: process.env["PATH"] ?? "/usr/bin:/bin" };
  return (lines) =>
    new Promise((resolve, reject) => {
      execFile(PROGRAM, [...lines], { env, timeout: PATIENCE_MS }, (error, _stdout, stderr) => {
        if (error === null) resolve();
        else reject(new Error(whyNotSent(error, stderr)));
      });
    });
}

function whyNotSent({ code, message }: ExecFileException, stderr: string): string {
  if (code === "ENOENT")
    return `NOTIFY_SOCKET is set and there is no program ${PROGRAM}: install it (it comes with systemd), or start the service without Type=notify`;
  const said = stderr.trim();
  return `${PROGRAM}: ${said === "" ? message : said}`;
}

function notTold(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A line ending would begin another field. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, " ");
}
