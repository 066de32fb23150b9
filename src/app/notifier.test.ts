import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { notifierFor, openNotifier } from "./notifier.ts";

describe("a notifier", () => {
  test("tells in order, one thing at a time, however long each takes", async () => {
    const told: string[] = [];
    let busy = 0;
    const notifier = openNotifier({
      log: { warn: (text: unknown) => void told.push(String(text)) },
      async send(lines) {
        busy += 1;
        expect(busy).toBe(1);
        await pause(lines.includes("READY=1") ? 20 : 1);
        told.push(lines[0] ?? "");
        busy -= 1;
      },
    });
    notifier.ready("all\nwell");
    notifier.reloading();
    notifier.ready("all well");
    notifier.stopping();
    await notifier.close();
    expect(told).toEqual(["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"]);
  });

  test("tells of no reload any more once it stops", async () => {
    const told: string[] = [];
    const notifier = openNotifier({
      log: { warn: () => undefined },
      send: async ([line = ""]) => void told.push(line),
    });
    notifier.ready("");
    notifier.stopping();
    notifier.reloading();
    notifier.ready("");
    await notifier.close();
    expect(told).toEqual(["READY=1", "STOPPING=1"]);
  });

  test("puts a status into one line: a second one would be a field of its own", async () => {
    const told: (readonly string[])[] = [];
    const notifier = openNotifier({ log: { warn: () => undefined }, send: async (lines) => void told.push(lines) });
    notifier.ready("one\nWATCHDOG=trigger");
    await notifier.close();
    expect(told).toEqual([["READY=1", "STATUS=one WATCHDOG=trigger"]]);
  });

  test("says when a reload began by the clock that managers read", async () => {
    const told: string[] = [];
    const notifier = openNotifier({ log: { warn: () => undefined }, send: async (lines) => void told.push(...lines) });
    const before = process.hrtime.bigint() / 1000n;
    notifier.reloading();
    const after = process.hrtime.bigint() / 1000n;
    await notifier.close();
    const at = BigInt(told.find((line) => line.startsWith("MONOTONIC_USEC="))?.slice(15) ?? 0);
    expect(at >= before && at <= after).toBe(true);
  });

  test("warns once while nobody can be told, and goes on trying", async () => {
    const warned: string[] = [];
    const told: string[] = [];
    let tries = 0;
    const notifier = openNotifier({
      log: { warn: (text: unknown) => void warned.push(String(text)) },
      async send(lines) {
        tries += 1;
        if (tries <= 2) throw new Error("nobody there");
        told.push(lines[0] ?? "");
      },
    });
    notifier.ready("");
    notifier.reloading();
    notifier.ready("");
    await notifier.close();
    expect(warned).toEqual(["the service manager is not told how the service does: nobody there"]);
    expect(told).toEqual(["READY=1"]);
  });
});

test("who has no manager has nobody to tell and no timer", async () => {
  const before = process.getActiveResourcesInfo().length;
  const notifier = notifierFor(undefined, { warn: () => undefined });
  notifier.ready("");
  await notifier.close();
  expect(process.getActiveResourcesInfo().length).toBe(before);
});
