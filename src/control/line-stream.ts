import type { ServerResponse } from "node:http";
import type { ControlStream } from "./route.ts";

/** Lines wait at most this long, before they are written together. */
const FLUSH_MS = 50;
/** Octets that wait for a slow reader; what comes then is lost to it. */
const MAX_WAITING = 1 << 20;

/**
 * Writes lines of JSON until the reader leaves. Whoever gives the lines never waits: a reader that does not keep up loses
 * lines, and is told how many as soon as it reads again: `{"lost": 12}`.
 */
export function streamLines(response: ServerResponse, { first, follow }: ControlStream): void {
  let lines: string[] = [];
  let waiting = 0;
  let lost = 0;
  const add = (line: object): void => {
    const text = `${JSON.stringify(line)}\n`;
    lines.push(text);
    waiting += text.length;
  };
  const flush = (): void => {
    if (lost > 0 && hasRoom()) {
      add({ lost });
      lost = 0;
    }
    if (lines.length > 0) response.write(lines.join(""));
    lines = [];
    waiting = 0;
  };
  const hasRoom = (): boolean => waiting + response.writableLength < MAX_WAITING;
  const push = (line: object): void => {
    if (lost > 0 || !hasRoom()) lost += 1;
    else add(line);
  };
  add(first);
  const stop = follow(push);
  const timer = setInterval(flush, FLUSH_MS);
  response.on("close", () => {
    clearInterval(timer);
    stop();
  });
  flush();
}
