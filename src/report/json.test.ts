import { expect, test } from "vitest";
import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import { sourceFile } from "../source/source-file.ts";
import { renderJson } from "./json.ts";
import { countSeverities, formatSummary } from "./summary.ts";

const FILE = sourceFile("zones/é.zone", "www A 10.0.0.7\nwww (\nCNAME ) web\n");

function problem(severity: Severity, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: "zonefile/syntax",
    severity,
    message: "no entry",
    span: { file: FILE, start: 19, end: 28 },
    related: [],
    ...more,
  };
}

test("renderJson is one document with a schema, numbers for places, notes and hints", () => {
  const related = [{ message: 'a "note"\n', span: { file: FILE, start: 4, end: 5 } }];
  const text = renderJson([problem("error", { related, hint: "remove it" }), problem("info")]);
  expect(text.endsWith("}\n")).toBe(true);
  const place = { path: "zones/é.zone", line: 2, column: 5, endLine: 3, endColumn: 8 };
  expect(JSON.parse(text)).toEqual({
    schema: "privlink/diagnostics/v1",
    summary: { error: 1, warning: 0, info: 1 },
    diagnostics: [
      {
        code: "zonefile/syntax",
        severity: "error",
        message: "no entry",
        ...place,
        related: [{ message: 'a "note"\n', path: "zones/é.zone", line: 1, column: 5, endLine: 1, endColumn: 6 }],
        hint: "remove it",
      },
      { code: "zonefile/syntax", severity: "info", message: "no entry", ...place, related: [] },
    ],
    excused: [],
  });
});

test("renderJson of nothing is a document too", () => {
  expect(JSON.parse(renderJson([]))).toEqual({
    schema: "privlink/diagnostics/v1",
    summary: { error: 0, warning: 0, info: 0 },
    diagnostics: [],
    excused: [],
  });
});

test.each<{ severities: Severity[]; says: string }>([
  { severities: [], says: "no errors" },
  { severities: ["error"], says: "1 error" },
  { severities: ["warning", "error", "error"], says: "2 errors, 1 warning" },
  { severities: ["warning", "warning"], says: "2 warnings" },
  { severities: ["info", "error"], says: "1 error, 1 info" },
  { severities: ["info", "info", "warning", "error"], says: "1 error, 1 warning, 2 infos" },
])("formatSummary of $severities says $says", ({ severities, says }) => {
  const diagnostics = severities.map((severity) => problem(severity));
  expect(formatSummary(diagnostics)).toBe(says);
  const counts = countSeverities(diagnostics);
  expect(counts.error + counts.warning + counts.info).toBe(severities.length);
});
