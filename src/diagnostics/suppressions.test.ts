import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionOf, sourceFile } from "../source/source-file.ts";
import type { DiagnosticCode } from "./catalogue.ts";
import { type Diagnostic, Diagnostics } from "./diagnostic.ts";
import { findSuppressions, suppress } from "./suppressions.ts";

function found(text: string): string[] {
  return findSuppressions(sourceFile("f", text)).map(
    ({ code, reason, lines: [first, last], span }) =>
      `${first}-${last} ${code}: ${reason} at ${positionOf(span).column}`,
  );
}

describe("findSuppressions", () => {
  test.each([
    { text: "a: 1 # privlink-ignore link/none: later", finds: ["1-1 link/none: later at 6"] },
    { text: "# privlink-ignore link/none: later\na: 1", finds: ["1-2 link/none: later at 1"] },
    { text: "www A 10.0.0.1 ; privlink-ignore zone/zero-ttl: a: b", finds: ["1-1 zone/zero-ttl: a: b at 16"] },
    {
      text: "# privlink-ignore a/b: c\n\n# more\n  # privlink-ignore d/e: f\nx",
      finds: ["1-5 a/b: c at 1", "4-5 d/e: f at 3"],
    },
    { text: "x ;; privlink-ignore a/b: c\r\ny", finds: ["1-1 a/b: c at 3"] },
    { text: "x # privlink-ignore a/b", finds: ["1-1 a/b:  at 3"] },
    { text: "x # privlink-ignore", finds: ["1-1 :  at 3"] },
    { text: "x # privlink-ignored a/b: c", finds: [] },
    { text: "x#privlink-ignore a/b: c", finds: [] },
    { text: "privlink-ignore a/b: c", finds: [] },
    { text: 'www TXT "x ; privlink-ignore a/b: c"', finds: [] },
    { text: 'www TXT "x\\"" ; privlink-ignore a/b: c', finds: ["1-1 a/b: c at 15"] },
    { text: "# privlink-ignore a/b: the last line", finds: ["1-2 a/b: the last line at 1"] },
  ])("in $text finds $finds", ({ text, finds }) => {
    expect(found(text)).toEqual(finds);
  });

  test("ends on any text, with lines inside the file and one behind it", () => {
    const parts = fc.array(
      fc.constantFrom("# privlink-ignore", "; privlink-ignore a/b: c", "\n", "\r\n", '"', "x", " ", ":"),
    );
    fc.assert(
      fc.property(parts, (words) => {
        const file = sourceFile("f", words.join(""));
        for (const { lines, span } of findSuppressions(file)) {
          expect(lines[0]).toBe(positionOf(span).line);
          expect(lines[1]).toBeGreaterThanOrEqual(lines[0]);
          expect(lines[1]).toBeLessThanOrEqual(file.lineStarts.length + 1);
        }
      }),
    );
  });
});

/** What is told of findings `CODE@LINE` in a file with these comments, and what is excused. */
function sift(
  text: string,
  findings: readonly (readonly [DiagnosticCode, number])[],
  isComplete = true,
): { told: string[]; excused: string[] } {
  const file = sourceFile("f", text);
  const diagnostics = new Diagnostics();
  for (const [code, line] of findings) {
    const start = file.lineStarts[line - 1] ?? 0;
    diagnostics.report(code, "m", { file, start, end: start });
  }
  const { told, excused } = suppress(diagnostics.sorted(), findSuppressions(file), isComplete);
  const textOf = ({ code, span }: Diagnostic): string => `${code}@${positionOf(span).line}`;
  return { told: told.map(textOf), excused: excused.map(({ finding, reason }) => `${textOf(finding)} ${reason}`) };
}

describe("suppress", () => {
  test.each([
    {
      because: "a comment excuses its line",
      text: "a # privlink-ignore link/none: later\nb\n",
      findings: [["link/none", 1] as const, ["link/none", 2] as const],
      told: ["link/none@2"],
      excused: ["link/none@1 later"],
    },
    {
      because: "a comment of its own line excuses the next one, and findings about the file's start",
      text: "# privlink-ignore public/no-soa: made\na\n",
      findings: [["public/no-soa", 1] as const, ["public/no-soa", 2] as const],
      told: [],
      excused: ["public/no-soa@1 made", "public/no-soa@2 made"],
    },
    {
      because: "another code is not excused",
      text: "a # privlink-ignore link/none: later\n",
      findings: [["link/repeated", 1] as const],
      told: ["link/repeated@1", "suppression/unused@1"],
      excused: [],
    },
    {
      because: "without a reason nothing is excused",
      text: "a # privlink-ignore link/none\n",
      findings: [["link/none", 1] as const],
      told: ["link/none@1", "suppression/no-reason@1"],
      excused: [],
    },
    {
      because: "an error of loading is never excused",
      text: "a # privlink-ignore topology/unknown-key: old\n",
      findings: [["topology/unknown-key", 1] as const],
      told: ["topology/unknown-key@1", "suppression/of-error@1"],
      excused: [],
    },
    {
      because: "a code that does not exist is told",
      text: "a # privlink-ignore link/nine: old\n",
      findings: [],
      told: ["suppression/unknown-code@1"],
      excused: [],
    },
  ])("$because", ({ text, findings, told, excused }) => {
    expect(sift(text, findings)).toEqual({ told, excused });
  });

  test("does not call a comment unused while not everything was looked for", () => {
    expect(sift("a # privlink-ignore link/none: later\n", [], false).told).toEqual([]);
  });

  test("guesses what code was meant", () => {
    const { told } = suppress([], findSuppressions(sourceFile("f", "# privlink-ignore link/non: x")), true);
    expect(told.map(({ hint }) => hint)).toEqual(["did you mean link/none?"]);
  });
});
