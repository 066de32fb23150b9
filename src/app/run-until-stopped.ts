import type { Log } from "../observe/log.ts";
import type { Answering } from "./answering.ts";
import { runBeside } from "./beside.ts";
import type { Readiness, StopSignals } from "./lifecycle.ts";
import type { Notifier } from "./notifier.ts";

/** Replies under way get this long once the server was told to stop. */
const DRAIN_MS = 5000;

/** Who hears of the end of a server. */
interface StoppableParts {
  readonly readiness: Readiness;
  readonly log: Log;
  readonly notifier: Notifier;
}

/**
 * Waits for a signal or for the command's end, goes on answering for a while as somebody who is not ready, then drains. A second
 * signal ends both at once.
 */
export async function runUntilStopped(
  answering: Answering,
  stop: StopSignals,
  { readiness, log, notifier }: StoppableParts,
  { command, lameduckMs }: { readonly command?: readonly string[]; readonly lameduckMs: number },
  stderr: (text: string) => void,
): Promise<number> {
  const [program, ...args] = command ?? [];
  const tell = (text: string): void => stderr(`privlink: ${text}\n`);
  const beside = program === undefined ? undefined : runBeside(program, args, tell);
  const ended = await Promise.race([stop.asked, ...(beside === undefined ? [] : [beside.ended])]);
  readiness.stop();
  notifier.stopping();
  const isLame = typeof ended === "string" && lameduckMs > 0;
  if (isLame) log.info(`${ended}: not ready any more, answering for ${lameduckMs / 1000} s all the same`);
  const lame = isLame ? await Promise.race([pause(lameduckMs), stop.insisted]) : undefined;
  // In one turn with the end of listening: who reads the line gets no new answer.
  if (typeof ended === "string") log.info(`${ended}: answering what is under way, then ending`);
  beside?.stop("SIGTERM");
  const drained = Promise.all([answering.close(lame === undefined ? DRAIN_MS : 0), beside?.ended]);
  const insisted = lame ?? (await Promise.race([drained.then(() => undefined), stop.insisted]));
  if (insisted !== undefined) {
    beside?.stop("SIGKILL"); // What is still under way ends with the process.
  }
  return typeof ended === "string" ? 0 : ended;
}

/** Lets some time go by, which nothing waits for when the process could end. */
function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms);
  });
}
