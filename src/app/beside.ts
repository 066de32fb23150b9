import { spawn } from "node:child_process";
import { environmentForChildren } from "./service-manager.ts";

/** A program that runs beside the server, with the terminal that the server has. */
export interface Beside {
  /** Settles when it ended, with its exit code; 128 and the signal's number when a signal ended it, 1 when it never ran. */
  readonly ended: Promise<number>;
  /** Asks it to end, or ends it. */
  stop(signal: "SIGTERM" | "SIGKILL"): void;
}

/** Signals by number, as shells report them. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 };

/** Starts a program; `onProblem` is told when it cannot be run. What a service manager told the server is not said to it. */
export function runBeside(program: string, args: readonly string[], onProblem: (text: string) => void): Beside {
  const child = spawn(program, args, { stdio: "inherit", env: environmentForChildren(process.env) });
  const ended = new Promise<number>((resolve) => {
    child.on("error", (error) => {
      onProblem(`${program} could not be run: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + (SIGNAL_NUMBERS[signal ?? ""] ?? 0)));
  });
  return { ended, stop: (signal) => void child.kill(signal) };
}
