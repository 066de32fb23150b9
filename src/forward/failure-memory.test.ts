import { describe, expect, test } from "vitest";
import { FailureMemory } from "./failure-memory.ts";

const FAILED = [{ target: "up", why: "SERVFAIL" }];

describe("a failure", () => {
  test.each([
    { hasStale: false, at: 999, is: true },
    { hasStale: false, at: 1000, is: false },
    { hasStale: true, at: 29_999, is: true },
    { hasStale: true, at: 30_000, is: false },
  ])("is remembered after $at ms: $is (a stale answer there: $hasStale)", ({ hasStale, at, is }) => {
    const memory = new FailureMemory();
    memory.keep("key", FAILED, 0, hasStale);
    expect(memory.find("other", 0)).toBeUndefined();
    expect(memory.find("key", at)).toEqual(
      is ? { kind: "failed", targets: [{ target: "up", why: "SERVFAIL", isRemembered: true }] } : undefined,
    );
  });

  test("gives way to later ones, beyond ten thousand", () => {
    const memory = new FailureMemory();
    for (let i = 0; i <= 10_000; i++) memory.keep(`key${i}`, FAILED, 0, false);
    expect([memory.find("key0", 0), memory.find("key1", 0) !== undefined]).toEqual([undefined, true]);
  });
});
