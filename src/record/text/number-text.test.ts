import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNumber, parseSeconds } from "./number-text.ts";

describe("parseNumber", () => {
  test.each([
    { text: "0", max: 255, value: 0 },
    { text: "255", max: 255, value: 255 },
    { text: "007", max: 255, value: 7 },
    { text: "4294967295", max: 0xffff_ffff, value: 4294967295 },
  ])("$text is $value", ({ text, max, value }) => {
    expect(parseNumber(text, max)).toBe(value);
  });

  test.each(["", "256", "-1", "+1", "1.0", "1e1", "0x1", " 1", "1 ", "٣", "9".repeat(400)])(
    "%s is no number up to 255",
    (text) => {
      expect(parseNumber(text, 255)).toBeUndefined();
    },
  );
});

describe("parseSeconds", () => {
  test.each([
    { text: "0", seconds: 0 },
    { text: "3600", seconds: 3600 },
    { text: "1h30m", seconds: 5400 },
    { text: "1W2D", seconds: 777600 },
    { text: "1w1d1h1m1s", seconds: 694861 },
    { text: "1m1H", seconds: 3660 },
    { text: "90s", seconds: 90 },
    { text: "99999999w", seconds: 60479999395200 },
  ])("$text is $seconds seconds", ({ text, seconds }) => {
    expect(parseSeconds(text)).toBe(seconds);
  });

  test.each(["", "h", "1h30", "1 h", "1y", "-1h", "1.5h", "h1", "1hh", "1ʜ"])("%s is no duration", (text) => {
    expect(parseSeconds(text)).toBeUndefined();
  });

  test("any text is a number of seconds from 0 on, or none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^([0-9]{1,4}[wdhmsWDHMSx]?){0,6}$/)), (text) => {
        const seconds = parseSeconds(text);
        if (seconds !== undefined) expect(seconds).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
