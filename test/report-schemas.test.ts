import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { default as ajvDraft04 } from "ajv-draft-04";
import { default as ajvFormats } from "ajv-formats";
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { CATALOGUE, type DiagnosticCode } from "../src/diagnostics/catalogue.ts";
import { CODE_PAGES } from "../src/diagnostics/code-pages.ts";
import type { Diagnostic } from "../src/diagnostics/diagnostic.ts";
import { type Report, renderReport } from "../src/report/report.ts";
import { sourceFile } from "../src/source/source-file.ts";
import { checkFolders, diagnosticsIn } from "./support/check-folders.ts";
import { needs } from "./support/tools.ts";

/** The schema of SARIF 2.1.0 as OASIS published it, and the XML that CI servers agree on. */
const SCHEMAS = join(import.meta.dirname, "support", "schemas");
const SARIF: object = JSON.parse(readFileSync(join(SCHEMAS, "sarif-2.1.0-rtm.5.json"), "utf8"));

const ajv = new ajvDraft04.default({ allErrors: true, strict: false, unicodeRegExp: false });
ajvFormats.default(ajv);
const isSarif = ajv.compile(SARIF);

/** What is wrong with a log; empty where nothing is. */
function sarifProblems(text: string): string {
  return isSarif(JSON.parse(text)) ? "" : ajv.errorsText(isSarif.errors);
}

function junitProblems(text: string): string {
  const { status, stderr } = spawnSync("xmllint", ["--noout", "--schema", join(SCHEMAS, "junit.xsd"), "-"], {
    input: text,
    encoding: "utf8",
  });
  return status === 0 ? "" : stderr;
}

function reportOf(findings: readonly Diagnostic[], more: Partial<Report> = {}): Report {
  const isFailure = ({ severity }: Diagnostic): boolean => severity === "error";
  return { findings, excused: [], inputs: [], isFailure, version: "1.2.3", rules: CODE_PAGES, ...more };
}

/** One finding of every code that can be printed. */
const ALL = [...checkFolders("err").values()].flatMap((folder) => diagnosticsIn(folder).slice(0, 3));
const EXCUSED = ALL.slice(0, 2).map((finding) => ({ finding, by: "comment" as const, reason: 'so "it" is <meant>' }));

/** Whatever a file, its path and our sentences may hold. */
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("]]>", "\u0000\u001B[1m", "\uFFFE", "a&b<c>\"d'", "\r\n\t"),
);
const findings = fc.array(
  fc.record({
    code: fc.constantFrom(...Object.keys(CATALOGUE).filter((code): code is DiagnosticCode => code in CATALOGUE)),
    severity: fc.constantFrom("error" as const, "warning" as const, "info" as const),
    message: texts,
    hint: texts,
    span: fc
      .tuple(texts, texts, fc.nat(20), fc.nat(20))
      .map(([path, text, start, length]) => ({ file: sourceFile(`a${path}`, text), start, end: start + length })),
    related: fc.constant([]),
  }),
  { maxLength: 4 },
);

describe("sarif", () => {
  test("of every code is a log by the schema", () => {
    expect(ALL.length).toBeGreaterThanOrEqual(Object.keys(CATALOGUE).length);
    expect(sarifProblems(renderReport("sarif", reportOf(ALL, { excused: EXCUSED }), { color: false }))).toBe("");
    expect(sarifProblems(renderReport("sarif", reportOf([]), { color: false }))).toBe("");
  });

  test("is what the schema looks at: a log with a wrong level is none", () => {
    const text = renderReport("sarif", reportOf(ALL), { color: false });
    expect(sarifProblems(text.replace('"level": "note"', '"level": "info"'))).toContain("must be equal to one of");
  });

  test("of whatever files hold is a log by the schema", () => {
    fc.assert(
      fc.property(findings, (found) => {
        expect(sarifProblems(renderReport("sarif", reportOf(found), { color: false }))).toBe("");
      }),
      { numRuns: 50 },
    );
  });
});

describe("junit", () => {
  beforeEach(needs("xmllint"));

  test("of every code is what CI servers read", () => {
    const inputs = [{ name: 'clean & "quiet".zone', isClean: true }];
    const text = renderReport("junit", reportOf(ALL, { excused: EXCUSED, inputs }), { color: false });
    expect(junitProblems(text)).toBe("");
    expect(junitProblems(renderReport("junit", reportOf([]), { color: false }))).toBe("");
    expect(junitProblems(text.replace(/ name="[^"]*" time/, " time"))).toContain("name");
  });

  test("of whatever files hold is what CI servers read", () => {
    const samples = fc.sample(findings, 20);
    for (const found of samples)
      expect(junitProblems(renderReport("junit", reportOf(found), { color: false })), JSON.stringify(found)).toBe("");
  });
});
