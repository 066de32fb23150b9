import type { TestResult, TestRun, Verdict } from "../expect/results.ts";
import { formatLine } from "../source/source-file.ts";
import type { TextOptions } from "./text.ts";
import { visibleText } from "./visible-text.ts";

export interface TestsTextOptions extends TextOptions {
  /** Whether what is met, unknown or skipped is told too, a line each. */
  readonly verbose: boolean;
}

/** A run of expectations for people: of what failed where, what was expected, what came back and why; a blank line behind each. */
export function renderTestsText({ results }: TestRun, { color, verbose }: TestsTextOptions): string {
  const told = results.filter(({ verdict }) => verbose || verdict === "failed");
  return told.map((result) => `${linesOf(result, color).join("\n")}\n`).join("");
}

/** Numbers of Select Graphic Rendition (ECMA-48 §8.3.117). */
const GRAPHIC_RENDITION: Readonly<Record<Verdict, string>> = {
  met: "32",
  failed: "1;31",
  unknown: "1;33",
  skipped: "2",
};

function linesOf(result: TestResult, color: boolean): string[] {
  const { expectation, from, name, type, verdict, got, why } = result;
  const mark = color ? `\u001B[${GRAPHIC_RENDITION[verdict]}m${verdict}\u001B[0m` : verdict;
  const head = `${visibleText(`${formatLine(expectation.span)}: ${from} asks ${name} ${type}`)}: ${mark}`;
  if (verdict === "met") return [`${head}: ${visibleText(got)}`];
  if (verdict !== "failed") return [`${head}: ${visibleText(why ?? "")}`];
  return [head, ...detailsOf(result).map((line) => (line === "" ? "" : `  ${visibleText(line)}`)), ""];
}

/** What is told of a failure below its head: expected and got, why it must hold, and the explanation. */
export function detailsOf({ expectation, faults, explanation, resolution }: TestResult): string[] {
  const { because } = expectation;
  const lines = because === undefined ? [] : [`because   ${because}`];
  for (const { expected, got } of faults) lines.push(`expected  ${expected}`, `got       ${got}`);
  // The first two lines of an explanation say what was asked by whom, which stands in the head.
  if (explanation === undefined) return lines;
  if (resolution === undefined) lines.push("", "what the model says:");
  lines.push("", ...explanation.trimEnd().split("\n").slice(2));
  return lines;
}
