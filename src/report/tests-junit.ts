import type { TestResult, TestRun } from "../expect/results.ts";
import { formatLine } from "../source/source-file.ts";
import { detailsOf } from "./tests-text.ts";
import { xmlAttribute, xmlText } from "./xml-text.ts";

/**
 * A run of expectations in the XML of JUnit: a suite for each file, a case for each question, whose class is who asks. What
 * is unknown or was skipped is a skipped case.
 */
export function renderTestsJunit({ results }: TestRun): string {
  const suites = new Map<string, TestResult[]>();
  for (const result of results) {
    const { path } = result.expectation.span.file;
    const others = suites.get(path);
    if (others === undefined) suites.set(path, [result]);
    else others.push(result);
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="privlink test" ${countsOf(results)}>`,
    ...Array.from(suites, ([path, cases]) => suite(path, cases)),
    "</testsuites>\n",
  ].join("\n");
}

function countsOf(results: readonly TestResult[]): string {
  const failures = results.filter(({ verdict }) => verdict === "failed").length;
  const skipped = results.filter(({ verdict }) => verdict === "unknown" || verdict === "skipped").length;
  return `tests="${results.length}" failures="${failures}" errors="0" skipped="${skipped}" time="0"`;
}

function suite(path: string, results: readonly TestResult[]): string {
  return [
    `  <testsuite name="${xmlAttribute(path)}" ${countsOf(results)}>`,
    ...results.map(testCase),
    "  </testsuite>",
  ].join("\n");
}

function testCase(result: TestResult): string {
  const { expectation, from, name, type, verdict, faults, why = "" } = result;
  const head = `    <testcase classname="${xmlAttribute(from)}" name="${xmlAttribute(`${name} ${type}`)}" time="0"`;
  switch (verdict) {
    case "met":
      return `${head}/>`;
    case "unknown":
    case "skipped":
      return `${head}><skipped message="${xmlAttribute(`${verdict}: ${why}`)}"/></testcase>`;
    case "failed": {
      const said = faults.map(({ expected, got }) => `expected ${expected}, got ${got}`).join("; ");
      const body = [formatLine(expectation.span), ...detailsOf(result)].join("\n");
      return `${head}><failure type="expectation" message="${xmlAttribute(said)}">${xmlText(body)}</failure></testcase>`;
    }
  }
}
