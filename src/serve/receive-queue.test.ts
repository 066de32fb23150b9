import { describe, expect, test } from "vitest";
import { ReceiveQueue } from "./receive-queue.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The size that a queue begins with and those that it asked for, while so many datagrams come, each so long after the other and so long in work. */
function sizesWhile(
  rounds: readonly { count: number; everyMs: number; workMs: number }[],
  maxOctets = 4 * MIB,
): number[] {
  const sizes: number[] = [maxOctets];
  let now = 0;
  let active = 0;
  const queue = new ReceiveQueue({ maxOctets, resize: (octets) => sizes.push(octets), times: () => ({ now, active }) });
  for (const { count, everyMs, workMs } of rounds) {
    for (let i = 0; i < count; i++) {
      now += everyMs;
      active += workMs;
      queue.count();
    }
  }
  return sizes;
}

const datagrams = (octets: number | undefined): number => ((octets ?? 0) * 2) / 768;

describe("the queue of datagrams", () => {
  test.each([
    { says: "before anything is known it is as long as it may be", rounds: [], ends: 4 * MIB },
    { says: "fast answers have all there is", rounds: [{ count: 20_000, everyMs: 0.01, workMs: 0.01 }], ends: 4 * MIB },
    { says: "fast answers of a quiet server too", rounds: [{ count: 1000, everyMs: 10, workMs: 0.01 }], ends: 4 * MIB },
    {
      says: "slow answers of a server that has time too",
      rounds: [{ count: 1000, everyMs: 3, workMs: 2 }],
      ends: 4 * MIB,
    },
    {
      says: "slow answers of code that is not compiled yet too",
      rounds: [{ count: 5000, everyMs: 1, workMs: 1 }],
      ends: 4 * MIB,
    },
    {
      says: "slow answers of code that is have half a second",
      rounds: [{ count: 5500, everyMs: 1, workMs: 1 }],
      ends: 192_000,
    },
    {
      says: "what is as good as before is left alone",
      rounds: [
        { count: 5500, everyMs: 1, workMs: 1 },
        { count: 5000, everyMs: 1.2, workMs: 1.2 },
      ],
      ends: 192_000,
    },
    { says: "it never goes away", rounds: [{ count: 6000, everyMs: 100, workMs: 100 }], ends: 104 * KIB },
  ])("$says", ({ rounds, ends }) => {
    expect(sizesWhile(rounds).at(-1)).toBe(ends);
  });

  test.each([0.1, 0.3, 0.6, 1, 2])("of answers that take %d ms each waits at most some half a second", (workMs) => {
    const sizes = sizesWhile([{ count: 10_000, everyMs: workMs, workMs }]);
    expect(datagrams(sizes.at(-1)) * workMs).toBeLessThanOrEqual(500 * 1.25 + 1);
  });

  test("is long again when answers are fast again, and never longer than it may be", () => {
    const sizes = sizesWhile([
      { count: 6000, everyMs: 2, workMs: 2 },
      { count: 100_000, everyMs: 0.01, workMs: 0.01 },
    ]);
    expect([Math.min(...sizes), sizes.at(-1)]).toEqual([104 * KIB, 4 * MIB]);
    expect(sizesWhile([{ count: 100_000, everyMs: 0.01, workMs: 0.01 }], 200 * KIB)).toEqual([200 * KIB]);
  });
});
