import { describe, expect, test } from "vitest";
import { countResources, pause, until } from "../../test/loopback.ts";
import { Alarms } from "./alarms.ts";

describe("alarms", () => {
  test("ring once, in their order, not before their time", async () => {
    const alarms = new Alarms({ everyMs: 2, perTurn: 4 });
    const start = performance.now();
    const rung: { ms: number; at: number }[] = [];
    for (const ms of [40, 5, 20, 0, 20]) alarms.set(ms, () => rung.push({ ms, at: performance.now() - start }));
    await until(() => rung.length === 5, "all rang");
    expect(rung.map(({ ms }) => ms)).toEqual([0, 5, 20, 20, 40]);
    expect(rung.filter(({ ms, at }) => at < ms - 2)).toEqual([]);
    await pause(20);
    expect(rung.length).toBe(5);
  });

  test("that are cleared do not ring, and nothing is left of them", async () => {
    const leftOver = countResources();
    const alarms = new Alarms();
    const rung: number[] = [];
    const set = [10, 20, 30].map((ms) => alarms.set(ms, () => rung.push(ms)));
    for (const alarm of set) alarms.clear(alarm);
    alarms.clear(set[0]);
    expect(await leftOver()).toEqual([]);
    await pause(50);
    expect(rung).toEqual([]);
  });

  test("may be set and cleared while others ring", async () => {
    const alarms = new Alarms({ everyMs: 2, perTurn: 1 });
    const rung: string[] = [];
    const later = alarms.set(4, () => rung.push("cleared"));
    alarms.set(2, () => {
      rung.push("first");
      alarms.clear(later);
      alarms.set(2, () => rung.push("second"));
    });
    await until(() => rung.length === 2, "both rang");
    await pause(10);
    expect(rung).toEqual(["first", "second"]);
  });

  test("due by the thousand leave others their turn", async () => {
    const alarms = new Alarms({ everyMs: 2, perTurn: 10 });
    let rung = 0;
    let turns = 0;
    const turnOf: number[] = [];
    const ring = (): void => {
      rung += 1;
      turnOf.push(turns);
    };
    for (let i = 0; i < 1000; i++) alarms.set(4, ring);
    const count = (): void => {
      turns += 1;
      if (rung < 1000) setImmediate(count);
    };
    setImmediate(count);
    await until(() => rung === 1000, "all rang");
    expect(new Set(turnOf).size).toBeGreaterThan(50);
  });

  test("that are further away than the wheel is round ring in their own round", async () => {
    const alarms = new Alarms({ everyMs: 1, perTurn: 10 });
    const rung: string[] = [];
    alarms.set(2048 + 20, () => rung.push("far"));
    alarms.set(20, () => rung.push("near"));
    await pause(200);
    expect(rung).toEqual(["near"]);
  });
});
