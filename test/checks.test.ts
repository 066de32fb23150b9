import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LINT_CODES } from "../src/diagnostics/catalogue/lint.ts";
import { CATALOGUE, type DiagnosticCode } from "../src/diagnostics/catalogue.ts";
import { LINT_RULES } from "../src/lint/rule-list.ts";
import { CHECK_FOLDER } from "./support/check-folders.ts";

/** Rows of docs/checks.md: the rule, what goes wrong, and the codes that tell it or why nothing does. */
const ROWS = [
  ...readFileSync(join(import.meta.dirname, "..", "docs", "checks.md"), "utf8").matchAll(
    /^\| ((?:PEDNS|cloud-|zone-)\S*) \| (.+?) \| (.+?) \|$/gm,
  ),
].map(([, rule = "", title = "", told = ""]) => ({ rule, title, told }));

const NAMED = ROWS.flatMap(({ rule, told }) =>
  [...told.matchAll(/`([a-z]+\/[a-z0-9-]+)`/g)].map(([, code = ""]) => ({ rule, code })),
);

describe("the table of docs/checks.md", () => {
  test("has every rule once", () => {
    const numbered = (prefix: string, count: number, width: number): string[] =>
      Array.from({ length: count }, (_, i) => `${prefix}${String(i + 1).padStart(width, "0")}`);
    expect(ROWS.map(({ rule }) => rule)).toEqual([
      ...numbered("PEDNS", 44, 3),
      ...numbered("cloud-", 15, 2),
      "zone-elsewhere",
    ]);
  });

  test.each(NAMED)("$rule is told by $code, which exists and has its two folders", ({ code }) => {
    expect(Object.keys(CATALOGUE)).toContain(code);
    for (const half of ["err", "ok"]) expect(existsSync(join(CHECK_FOLDER, half, code.replace("/", "--")))).toBe(true);
  });

  test("excuses at most five", () => {
    const excused = ROWS.filter(({ told }) => !told.includes("`"));
    for (const { told } of excused.filter((row) => row.told !== "—")) expect(told).toMatch(/^excused: .+/);
    expect(excused.filter(({ told }) => told.startsWith("excused")).length).toBeLessThanOrEqual(5);
  });
});

test("rules report what the catalogue has for them, each code in one rule", () => {
  const codes: readonly DiagnosticCode[] = LINT_RULES.flatMap((rule) => rule.codes);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of Object.keys(LINT_CODES)) expect(codes).toContain(code);
});
