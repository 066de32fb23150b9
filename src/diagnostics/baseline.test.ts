import { describe, expect, test } from "vitest";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { BASELINE_SCHEMA, type BaselineEntry, readBaseline, siftByBaseline, writeBaseline } from "./baseline.ts";
import type { DiagnosticCode } from "./catalogue.ts";
import { type Diagnostic, Diagnostics } from "./diagnostic.ts";

const TEXT = "one\ntwo\nthree\n";
const pathOf = ({ path }: SourceFile): string => path;

function findings(
  ...found: readonly (readonly [code: DiagnosticCode, message: string, start: number])[]
): Diagnostic[] {
  const diagnostics = new Diagnostics();
  const file = sourceFile("zones/a.zone", TEXT);
  for (const [code, message, start] of found) diagnostics.report(code, message, { file, start, end: start + 1 });
  return diagnostics.sorted();
}

function entriesIn(text: string): readonly BaselineEntry[] {
  const read = readBaseline(sourceFile("baseline.json", text));
  return read.kind === "baseline" ? read.entries : expect.fail(read.message);
}

describe("a baseline", () => {
  const before = findings(["link/none", "a", 0], ["link/none", "a", 4], ["zone/zero-ttl", "b", 8]);
  const text = writeBaseline(before, pathOf);

  test("holds each finding with its count, sorted, on a line of its own", () => {
    expect(text.split("\n").slice(0, 5)).toEqual([
      "{",
      `  "schema": "${BASELINE_SCHEMA}",`,
      '  "findings": [',
      expect.stringMatching(
        /^ {4}\{"fingerprint":"[0-9a-f]{32}","code":"link\/none","path":"zones\/a\.zone","message":"a","count":2\},$/,
      ),
      expect.stringMatching(/"code":"zone\/zero-ttl".*"count":1\}$/),
    ]);
    expect(writeBaseline(before.toReversed(), pathOf)).toBe(text);
  });

  test("excuses what it has, wherever it stands now", () => {
    const now = findings(["link/none", "a", 8], ["link/none", "a", 9], ["zone/zero-ttl", "b", 0]);
    const { told, excused } = siftByBaseline(now, entriesIn(text), pathOf, () => true);
    expect(told).toEqual([]);
    expect(excused).toHaveLength(3);
  });

  test("tells what is new: another message, or one time more", () => {
    const now = findings(
      ["link/none", "a", 0],
      ["link/none", "a", 1],
      ["link/none", "a", 2],
      ["zone/zero-ttl", "c", 3],
    );
    const { told } = siftByBaseline(now, entriesIn(text), pathOf, () => true);
    expect(told.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "baseline/stale no longer found: zone/zero-ttl in zones/a.zone: b",
      "link/none a",
      "zone/zero-ttl c",
    ]);
  });

  test("says what is there fewer times, at its line, unless nobody looked", () => {
    const now = findings(["link/none", "a", 0], ["zone/zero-ttl", "b", 8]);
    const { told } = siftByBaseline(now, entriesIn(text), pathOf, () => true);
    expect(told.map(({ message }) => message)).toEqual(["1 fewer than in the baseline: link/none in zones/a.zone: a"]);
    const [stale] = told;
    expect(text.slice(stale?.span.start, stale?.span.end)).toMatch(/^"[0-9a-f]{32}"$/);
    expect(siftByBaseline(now, entriesIn(text), pathOf, () => false).told).toEqual([]);
  });

  test("never holds errors of loading, nor what is wrong with excuses", () => {
    const now = findings(["topology/unknown-key", "a", 0], ["suppression/unused", "b", 4]);
    expect(entriesIn(writeBaseline(now, pathOf))).toEqual([]);
    const forged = findings(["link/none", "a", 0]);
    const entries = entriesIn(writeBaseline(forged, pathOf));
    expect(siftByBaseline(now, entries, pathOf, () => false).told).toHaveLength(2);
  });

  test.each(["", "[]", "{}", '{"schema":"privlink/baseline/v2","findings":[]}', `{"schema":"${BASELINE_SCHEMA}"}`])(
    "is not %s",
    (other) => {
      expect(readBaseline(sourceFile("f", other))).toEqual({
        kind: "problem",
        message: `is no baseline: it has not the schema ${BASELINE_SCHEMA}`,
      });
    },
  );

  test("whose entry lacks something says which", () => {
    const other = `{"schema":"${BASELINE_SCHEMA}","findings":[{"code":"link/none"}]}`;
    expect(readBaseline(sourceFile("f", other))).toMatchObject({
      kind: "problem",
      message: "is no baseline: finding 1 has not fingerprint, code, path and message",
    });
  });
});
