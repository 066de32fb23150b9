import { randomInt } from "node:crypto";
import type { Log } from "../observe/log.ts";
import { ResponseRates } from "../serve/response-rates.ts";

/** Lines a minute at most: who forges sources forges many, and shall not fill a log. */
const MAX_LINES = 20;
const MINUTE_MS = 60_000;

/** How many replies strangers have had, and a line in the log for a prefix that wants too many: once a minute. */
export function openRates(log: Pick<Log, "warn">, now: () => number = () => performance.now()): ResponseRates {
  let lines = 0;
  let since = now();
  return new ResponseRates({
    seed: randomInt(2 ** 32),
    now,
    onLimited(prefix, { responsesPerSecond, allPerSecond }) {
      if (now() - since >= MINUTE_MS) {
        since = now();
        lines = 0;
      }
      lines += 1;
      const limits = `${responsesPerSecond} alike, ${allPerSecond} in all`;
      if (lines <= MAX_LINES)
        log.warn(
          `${prefix} belongs to no network and gets no more than its replies a second over UDP (${limits}): if these are clients of yours, list them under clients of a network, or see rateLimit of the listener`,
        );
      else if (lines === MAX_LINES + 1)
        log.warn("more prefixes that belong to no network want too many replies: not told for the rest of a minute");
    },
  });
}
