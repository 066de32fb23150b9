import type { QueryEvent } from "../serve/query-event.ts";
import type { LogFormat } from "./log.ts";
import { QueryLines } from "./query-lines.ts";

/** Lines wait at most this long, and at most this many, before they are written together. */
const FLUSH_MS = 100;
const FLUSH_LINES = 500;

/** A log of questions, written in batches so that a busy server spends little on it. `close` writes what is left. */
export interface QueryLog {
  write(event: QueryEvent): void;
  close(): void;
}

export function openQueryLog(format: LogFormat, write: (lines: string) => void): QueryLog {
  const form = new QueryLines(format);
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) write(lines.join(""));
    lines = [];
  };
  const timer = setInterval(flush, FLUSH_MS);
  timer.unref();
  return {
    write(event) {
      lines.push(form.lineOf(event));
      if (lines.length >= FLUSH_LINES) flush();
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}
