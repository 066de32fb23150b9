import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CATALOGUE } from "./catalogue.ts";
import type { CodeEntry } from "./code-entry.ts";

/** The files that hold the codes, each with its one table. */
const TABLES = readdirSync(new URL("catalogue/", import.meta.url)).filter((file) => !file.endsWith(".test.ts"));

async function codesOf(file: string): Promise<string[]> {
  const exports: Record<string, unknown> = await import(new URL(`catalogue/${file}`, import.meta.url).href);
  return Object.values(exports).flatMap((table) =>
    table !== null && typeof table === "object" ? Object.keys(table) : [],
  );
}

describe("the catalogue of codes", () => {
  const entries: [string, CodeEntry][] = Object.entries(CATALOGUE);

  test.each(entries)("%s is subject/what-is-wrong with a noun phrase for lists", (code, { summary }) => {
    expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(summary).not.toMatch(/[.!?:]$|^[A-Z][a-z]|\n|^\s|\s$/);
    expect(summary.length).toBeGreaterThan(5);
    expect(summary.length).toBeLessThan(100);
  });

  test("holds every code of every table, each in one table only", async () => {
    const codes = (await Promise.all(TABLES.map((file) => codesOf(file)))).flat();
    expect(codes.toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
  });

  test("says no two codes in the same words", () => {
    const summaries = entries.map(([, { summary }]) => summary);
    expect(new Set(summaries).size).toBe(summaries.length);
  });
});
