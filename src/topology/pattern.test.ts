import { expect, test } from "vitest";
import { matchesPattern } from "./_pattern.ts";
import { someOf } from "./_some-of.ts";

test.each([
  { pattern: "spoke-*", text: "spoke-1", fits: true },
  { pattern: "SPOKE-*", text: "spoke-", fits: true },
  { pattern: "*", text: "", fits: true },
  { pattern: "?", text: "", fits: false },
  { pattern: "a?c", text: "abc", fits: true },
  { pattern: "a?c", text: "ac", fits: false },
  { pattern: "*-eu-*", text: "hub-eu-eu-1", fits: true },
  { pattern: "*-eu", text: "hub-eu-1", fits: false },
  { pattern: "a.c", text: "abc", fits: false },
  { pattern: "*a*b", text: "aab", fits: true },
])("$pattern fits $text: $fits", ({ pattern, text, fits }) => {
  expect(matchesPattern(pattern, text)).toBe(fits);
});

test("a pattern made to be slow is not", () => {
  const started = performance.now();
  expect(matchesPattern("*a".repeat(50), `${"a".repeat(5000)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});

test("a long list of candidates is cut", () => {
  expect(someOf(["a", "b", "c"], 2)).toBe("a, b and 1 more");
  expect(someOf(["a", "b"], 2)).toBe("a, b");
});
