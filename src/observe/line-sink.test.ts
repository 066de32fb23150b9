import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openLineSink } from "./line-sink.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A place that takes what `room` allows, or throws what `trouble` says. */
function place() {
  const state = { text: "", room: Number.POSITIVE_INFINITY, trouble: "", tries: 0, longest: 0 };
  const take = (octets: Uint8Array): number => {
    state.tries += 1;
    if (state.trouble !== "") throw Object.assign(new Error(state.trouble), { code: state.trouble });
    if (state.room === 0) throw Object.assign(new Error("full"), { code: "EAGAIN" });
    const count = Math.min(octets.length, state.room);
    state.room -= count;
    state.text += Buffer.from(octets.subarray(0, count)).toString();
    state.longest = Math.max(state.longest, count);
    return count;
  };
  return { state, sink: openLineSink((count) => `${count} lost\n`, take) };
}

describe("lines", () => {
  test("are written at once, as many together as a pipe takes whole", () => {
    const { state, sink } = place();
    const line = `${"x".repeat(99)}\n`;
    sink.write(line.repeat(100));
    expect(state.text).toBe(line.repeat(100));
    expect(state.longest).toBe(4000);
  });

  test("that are longer than a pipe takes whole go alone", () => {
    const { state, sink } = place();
    sink.write(`a\n${"x".repeat(5000)}\nb\n`);
    expect(state.text).toBe(`a\n${"x".repeat(5000)}\nb\n`);
    expect(state.tries).toBe(3);
  });

  test("wait for a reader that has stopped, in order, and cost one try each time", () => {
    const { state, sink } = place();
    state.room = 3;
    sink.write("first\n");
    sink.write("second\n");
    expect(state.text).toBe("fir");
    const before = state.tries;
    vi.advanceTimersByTime(1000);
    expect(state.tries - before).toBeLessThanOrEqual(50);
    state.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(20);
    expect(state.text).toBe("first\nsecond\n");
    expect(sink.lost).toBe(0);
  });

  test("beyond a bound are lost and counted, and the reader is told once it reads again", () => {
    const { state, sink } = place();
    state.room = 0;
    const line = `${"x".repeat(1023)}\n`;
    for (let i = 0; i < 1500; i++) sink.write(line);
    expect(sink.lost).toBe(1500 - 1024);
    state.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(20);
    sink.write("now\n");
    expect(state.text.split("\n").length - 1).toBe(1024 + 2);
    expect(state.text.endsWith("x\n476 lost\nnow\n")).toBe(true);
  });

  test.each(["ENOSPC", "EPIPE", "EIO"])("are lost without a word while there is %s, and go on after it", (trouble) => {
    const { state, sink } = place();
    state.trouble = trouble;
    for (let i = 0; i < 10; i++) sink.write("gone\n");
    vi.advanceTimersByTime(60_000);
    expect(state.tries).toBe(10); // None in between: only what is written tries.
    state.trouble = "";
    sink.write("back\n");
    expect(state.text).toBe("10 lost\nback\n");
  });

  test("that were cut off by a full disk end where they were cut", () => {
    const { state, sink } = place();
    state.room = 3;
    sink.write("first\n");
    state.trouble = "ENOSPC";
    vi.advanceTimersByTime(20);
    state.trouble = "";
    state.room = Number.POSITIVE_INFINITY;
    sink.write("second\n");
    expect(state.text).toBe("fir\n1 lost\nsecond\n");
  });

  test("that still wait at the end have a moment, then the end comes all the same", async () => {
    const { state, sink } = place();
    state.room = 0;
    sink.write("late\n");
    setTimeout(() => {
      state.room = Number.POSITIVE_INFINITY;
    }, 100);
    const closed = sink.close(500);
    await vi.advanceTimersByTimeAsync(200);
    await closed;
    expect(state.text).toBe("late\n");
    state.room = 0;
    sink.write("never\n");
    const given = sink.close(500);
    await vi.advanceTimersByTimeAsync(600);
    await given;
    expect(sink.lost).toBe(1);
  });
});
