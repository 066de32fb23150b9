import { describe, expect, test } from "vitest";
import { ServerHealth } from "./server-health.ts";

const SETTINGS = { silentQueries: 3, silentMs: 1000, probeMs: 500, overdueQueries: 2 };

/** `f100` = a query sent at 100 ms failed 100 ms later, `r40` = a reply after 40 ms, `a300` = may it be asked at 300 ms. */
function run(steps: string): string {
  const health = new ServerHealth(SETTINGS);
  return steps
    .split(" ")
    .map((step) => {
      const number = Number(step.slice(1));
      if (step.startsWith("f")) return health.failed(number, number + 100) ? "DOWN" : ".";
      if (step.startsWith("r")) return health.replied(number) ? "BACK" : ".";
      return health.mayAsk(number) ? "yes" : "no";
    })
    .join(" ");
}

describe("a server", () => {
  test.each([
    { steps: "a0 f0 f0 f0 a100", gives: "yes . . . yes", because: "three at once are one bad moment" },
    { steps: "f0 f600 f1000 a1200", gives: ". . DOWN no", because: "nothing came for a second, three times" },
    { steps: "f0 f600 r5 f1000 f1100 a1300", gives: ". . . . . yes", because: "a reply starts the count again" },
    {
      steps: "f0 f600 f1000 a1599 a1600 a1700 a2100",
      gives: ". . DOWN no yes no yes",
      because: "it is tried now and then",
    },
    {
      steps: "f0 f600 f1000 a1600 f1600 a1700",
      gives: ". . DOWN yes . no",
      because: "a try that fails changes nothing",
    },
    { steps: "f0 f600 f1000 a1600 r5 a1601", gives: ". . DOWN yes BACK yes", because: "one reply is enough" },
  ])("$steps: $gives, because $because", ({ steps, gives }) => {
    expect(run(steps)).toBe(gives);
  });

  test("that lets many queries wait is not sent them again until it replies", () => {
    const health = new ServerHealth(SETTINGS);
    expect([health.overdue(), health.overdue(), health.overdue()]).toEqual([true, true, false]);
    health.replied(5);
    expect(health.overdue()).toBe(true);
  });

  test("has a round trip that follows its replies slowly", () => {
    const health = new ServerHealth();
    expect(health.roundTripMs).toBeUndefined();
    health.replied(80);
    expect(health.roundTripMs).toBe(80);
    health.replied(160);
    expect(health.roundTripMs).toBe(90);
  });
});
