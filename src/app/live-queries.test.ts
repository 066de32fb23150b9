import { expect, test } from "vitest";
import type { ControlStream } from "../control/route.ts";
import { openLiveQueries } from "./live-queries.ts";

test("watching begins with the first reader and ends with the last; a ninth is told to wait", async () => {
  const told: boolean[] = [];
  const live = openLiveQueries((isWatched) => told.push(isWatched));
  const stream = async (): Promise<ControlStream> => {
    const answer = await live.route.answer({ query: new URLSearchParams() });
    if ("status" in answer) throw new Error(JSON.stringify(answer));
    return answer;
  };
  const stops: (() => void)[] = [];
  for (let i = 0; i < 8; i++) stops.push((await stream()).follow(() => undefined));
  expect(live.hasReaders()).toBe(true);
  await expect(stream()).rejects.toThrow("8 others watch already");
  for (const stop of [...stops, ...stops]) stop(); // Twice is once.
  expect(live.hasReaders()).toBe(false);
  expect(told).toEqual([true, false]);
});
