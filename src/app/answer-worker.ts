import { AnswerWorker } from "./answering-worker.ts";
import type { ToWorker } from "./worker-messages.ts";

/** The first process alone is told to stop; a terminal, or whoever ends a whole group, tells all. */
const NOT_FOR_WORKERS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A process that answers, started and told by the first one; it ends with it. */
function work(): void {
  for (const name of NOT_FOR_WORKERS) process.on(name, () => undefined);
  const worker = new AnswerWorker((message, sent) => process.send?.(message, undefined, undefined, () => sent?.()));
  process.on("unhandledRejection", (reason) => worker.unhandled(reason));
  process.on("message", (message: ToWorker) => worker.hear(message));
  worker.wake();
}

work();
