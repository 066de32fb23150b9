import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatPosition, positionOf } from "../source/source-file.ts";
import type { Report } from "./report.ts";
import { renderText } from "./text.ts";
import { xmlAttribute, xmlText } from "./xml-text.ts";

/**
 * Findings in the XML of JUnit, which every CI server reads: a suite for each file that has findings, a case for each finding.
 * Those that make the exit code 2 fail; others pass and tell what they have to say as output, so that the colours of the
 * report and the exit code agree. An input without findings is a suite of one case that passes. Excused findings are skipped.
 */
export function renderJunit({ findings, excused, inputs, isFailure }: Report): string {
  const suites = new Map<string, Case[]>();
  const add = (finding: Diagnostic, more: Omit<Case, "finding">): void => {
    const { path } = finding.span.file;
    suites.set(path, [...(suites.get(path) ?? []), { finding, ...more }]);
  };
  for (const finding of findings) add(finding, { fails: isFailure(finding) });
  for (const { finding, reason } of excused) add(finding, { fails: false, skipped: reason });

  const clean = inputs.filter(({ isClean }) => isClean).map(({ name }) => cleanSuite(name));
  const all = [...suites.values()].flat();
  const counts = countsOf(all, all.length + clean.length);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="privlink check" ${counts}>`,
    ...[...suites].map(([path, cases]) => suite(path, cases)),
    ...clean,
    "</testsuites>\n",
  ].join("\n");
}

/** One finding, as a test that somebody could have written. */
interface Case {
  readonly finding: Diagnostic;
  readonly fails: boolean;
  /** Why it does not count. */
  readonly skipped?: string;
}

function countsOf(cases: readonly Case[], tests: number): string {
  const failures = cases.filter(({ fails }) => fails).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  return `tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}"`;
}

function suite(path: string, cases: readonly Case[]): string {
  return [
    `  <testsuite name="${xmlAttribute(path)}" ${countsOf(cases, cases.length)} time="0">`,
    ...cases.map(testCase),
    "  </testsuite>",
  ].join("\n");
}

function cleanSuite(name: string): string {
  const text = xmlAttribute(name);
  return [
    `  <testsuite name="${text}" tests="1" failures="0" errors="0" skipped="0" time="0">`,
    `    <testcase classname="${text}" name="nothing found" time="0"/>`,
    "  </testsuite>",
  ].join("\n");
}

function testCase({ finding, fails, skipped }: Case): string {
  const { code, message, span } = finding;
  const { line, column } = positionOf(span);
  const name = `${code} at ${line}:${column}`;
  const head = `    <testcase classname="${xmlAttribute(span.file.path)}" name="${xmlAttribute(name)}" time="0">`;
  if (skipped !== undefined) return `${head}<skipped message="${xmlAttribute(skipped)}"/></testcase>`;
  const text = xmlText(renderText(finding, { color: false }).trimEnd());
  if (!fails) return `${head}<system-out>${text}</system-out></testcase>`;
  const said = xmlAttribute(`${formatPosition(span)}: ${message}`);
  return `${head}<failure type="${xmlAttribute(code)}" message="${said}">${text}</failure></testcase>`;
}
