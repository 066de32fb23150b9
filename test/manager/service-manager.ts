import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { closeAfterEach } from "../loopback.ts";

/** Longer than any message takes on a busy machine. */
const PATIENCE_MS = 10_000;

/** Words in front of a program that is started with open sockets: `udp=127.0.0.1:53`. */
export function activated(...sockets: readonly string[]): string[] {
  return ["python3", join(import.meta.dirname, "activate.py"), ...sockets, "--"];
}

/** A service manager that hears how a service does. */
export interface ManagerEar {
  /** For `NOTIFY_SOCKET`. */
  readonly socket: string;
  /** In the order in which they came. */
  readonly messages: readonly string[];
  /** How many began with a line, `READY=1`. */
  count(line: string): number;
  /** Waits until something holds, looking at each message. */
  until(holds: () => boolean, what: string): Promise<void>;
}

export async function managerEar(later: ReturnType<typeof closeAfterEach>): Promise<ManagerEar> {
  const folder = mkdtempSync(join(tmpdir(), "privlink-manager-"));
  const socket = join(folder, "notify");
  const child = spawn("python3", [join(import.meta.dirname, "ear.py"), socket], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  later(() => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const messages: string[] = [];
  const watchers = new Set<() => void>();
  let isListening = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = String(JSON.parse(line));
    isListening = true;
    if (message !== "listening" && message !== "BARRIER=1") messages.push(message);
    for (const look of watchers) look();
  });
  const count = (line: string): number => messages.filter((one) => one.split("\n")[0] === line).length;
  const until = (holds: () => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        watchers.delete(look);
        end();
      };
      const look = (): void => {
        if (holds()) finish(resolve);
      };
      const fail = (): void => reject(new Error(`waited in vain until ${what}: ${JSON.stringify(messages)}`));
      const timer = setTimeout(() => finish(fail), PATIENCE_MS);
      watchers.add(look);
      look();
    });
  await until(() => isListening, "the manager listened");
  return { socket, messages, count, until };
}
