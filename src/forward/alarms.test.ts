import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { countResources } from "../../test/loopback.ts";
import { Alarms } from "./alarms.ts";

/** The clock, the timers and the turns of the event loop are the test's own: a busy machine is late for real ones. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("alarms", () => {
  test("ring once, in their order, not before their time and not long after it", () => {
    const alarms = new Alarms({ everyMs: 2, perTurn: 4 });
    const start = performance.now();
    const rung: { ms: number; late: number }[] = [];
    for (const ms of [40, 5, 20, 0, 20]) alarms.set(ms, () => rung.push({ ms, late: performance.now() - start - ms }));
    vi.advanceTimersByTime(1000);
    expect(rung.map(({ ms }) => ms)).toEqual([0, 5, 20, 20, 40]);
    expect(rung.filter(({ late }) => late < 0 || late > 2)).toEqual([]);
  });

  test("that are cleared do not ring", () => {
    const alarms = new Alarms();
    const rung: number[] = [];
    const set = [10, 20, 30].map((ms) => alarms.set(ms, () => rung.push(ms)));
    for (const alarm of set) alarms.clear(alarm);
    alarms.clear(set[0]);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(100);
    expect(rung).toEqual([]);
  });

  test("that are cleared leave nothing of the machine's behind", async () => {
    vi.useRealTimers();
    const leftOver = countResources();
    const alarms = new Alarms();
    for (const alarm of [10, 20, 30].map((ms) => alarms.set(ms, () => undefined))) alarms.clear(alarm);
    expect(await leftOver()).toEqual([]);
  });

  test("may be set and cleared while others ring", () => {
    const alarms = new Alarms({ everyMs: 2, perTurn: 1 });
    const rung: string[] = [];
    const later = alarms.set(4, () => rung.push("cleared"));
    alarms.set(2, () => {
      rung.push("first");
      alarms.clear(later);
      alarms.set(2, () => rung.push("second"));
    });
    vi.advanceTimersByTime(100);
    expect(rung).toEqual(["first", "second"]);
  });

  test("may be cleared when they are due and wait for their turn", () => {
    const alarms = new Alarms({ everyMs: 2, perTurn: 1 });
    const rung: string[] = [];
    alarms.set(2, () => {
      rung.push("first");
      alarms.clear(second);
    });
    const second = alarms.set(2, () => rung.push("cleared"));
    alarms.set(2, () => rung.push("third"));
    vi.advanceTimersByTime(100);
    expect(rung).toEqual(["first", "third"]);
  });

  test("due by the thousand leave others their turn", () => {
    const alarms = new Alarms({ everyMs: 2, perTurn: 10 });
    let rung = 0;
    const rungBy: number[] = [];
    for (let i = 0; i < 1000; i++) alarms.set(4, () => (rung += 1));
    const others = (): void => {
      rungBy.push(rung);
      if (rung < 1000) setImmediate(others);
    };
    vi.advanceTimersByTime(3);
    expect(rung).toBe(0);
    setImmediate(others);
    vi.advanceTimersByTime(100);
    expect(rung).toBe(1000);
    const mostAtOnce = Math.max(...rungBy.map((by, i) => by - (rungBy[i - 1] ?? 0)));
    expect(mostAtOnce).toBe(10);
  });

  test("that are further away than the wheel is round ring in their own round", () => {
    const alarms = new Alarms({ everyMs: 1, perTurn: 10 });
    const rung: string[] = [];
    alarms.set(2048 + 20, () => rung.push("far"));
    alarms.set(20, () => rung.push("near"));
    vi.advanceTimersByTime(2060);
    expect(rung).toEqual(["near"]);
    vi.advanceTimersByTime(20);
    expect(rung).toEqual(["near", "far"]);
  });
});
