import { availableParallelism } from "node:os";

/** Each has a model of its own; more than there are processors answer no faster. */
const MAX_WORKERS = 64;

/** How many processes are to answer, from what was typed; the sentence of what is no such number. */
export function readWorkerCount(text = "1", processors = availableParallelism()): number | string {
  if (text === "auto") return Math.min(processors, MAX_WORKERS);
  const count = /^\d{1,4}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (count < 1 || count > MAX_WORKERS) return `--workers: ${text} is no number from 1 to ${MAX_WORKERS}, nor auto`;
  return count;
}
