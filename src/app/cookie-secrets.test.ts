import { describe, expect, test } from "vitest";
import { dailySecrets } from "./cookie-secrets.ts";

const HOUR = 3600 * 1000;

describe("dailySecrets", () => {
  test("makes one at the start and one a day, and knows the one before", () => {
    let made = 0;
    let at = 1_800_000_000_000;
    const secrets = dailySecrets(
      () => Uint8Array.of(++made),
      () => at,
    );
    const seen = (): string => `${String(secrets().current)} after ${String(secrets().previous)}`;
    const after = [0, 23, 24, 47, 48, 500].map((hours) => {
      at = 1_800_000_000_000 + hours * HOUR;
      return `${hours} h: ${seen()}`;
    });
    expect(after).toEqual([
      "0 h: 1 after undefined",
      "23 h: 1 after undefined",
      "24 h: 2 after 1",
      "47 h: 2 after 1",
      "48 h: 3 after 2",
      "500 h: 4 after 3",
    ]);
  });
});
