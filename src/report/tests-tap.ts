import type { TestResult, TestRun } from "../expect/results.ts";
import { positionOf } from "../source/source-file.ts";
import { visibleText } from "./visible-text.ts";

/** A run of expectations as TAP 14, a test point for each question; what failed has a YAML block, what is unknown is SKIP. */
export function renderTestsTap({ results }: TestRun): string {
  const lines = ["TAP version 14", `1..${results.length}`, ...results.flatMap((result, i) => pointOf(result, i + 1))];
  return `${lines.join("\n")}\n`;
}

function pointOf(result: TestResult, id: number): string[] {
  const { from, name, type, verdict, why = "" } = result;
  const point = `${verdict === "failed" ? "not ok" : "ok"} ${id} - ${escape(`${from}: ${name} ${type}`)}`;
  switch (verdict) {
    case "met":
      return [point];
    case "unknown":
    case "skipped":
      return [`${point} # SKIP ${escape(`${verdict}: ${why}`)}`];
    case "failed":
      return [point, "  ---", ...diagnosisOf(result), "  ..."];
  }
}

/** A number sign would begin a directive, and a backslash escapes. */
function escape(text: string): string {
  return visibleText(text).replaceAll(/[\\#]/g, "\\$&");
}

/** YAML, of which JSON is a part: every text is quoted. */
function diagnosisOf({ expectation, faults, explanation }: TestResult): string[] {
  const { span, because } = expectation;
  const { line, column } = positionOf(span);
  const lines = [`  at: { file: ${JSON.stringify(span.file.path)}, line: ${line}, column: ${column} }`];
  if (because !== undefined) lines.push(`  because: ${JSON.stringify(because)}`);
  lines.push("  faults:");
  for (const { expected, got } of faults)
    lines.push(`    - { expected: ${JSON.stringify(expected)}, got: ${JSON.stringify(got)} }`);
  if (explanation !== undefined)
    lines.push(
      "  trace:",
      ...explanation
        .trimEnd()
        .split("\n")
        .map((text) => `    - ${JSON.stringify(text)}`),
    );
  return lines;
}
