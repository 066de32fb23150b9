import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TestRun } from "../expect/results.ts";
import { describeSystemError } from "../project/project-files.ts";
import { renderTests, TESTS_FORMATS, type TestsFormat } from "../report/tests-report.ts";
import { didYouMean } from "./did-you-mean.ts";

/** `--report FORMAT=FILE`. */
export interface WantedReport {
  readonly format: TestsFormat;
  readonly path: string;
}

/** Reads what `--report` says; the sentence of what is wrong with it. */
export function readReports(texts: readonly string[]): readonly WantedReport[] | string {
  const reports: WantedReport[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const word = at === -1 ? text : text.slice(0, at);
    const format = TESTS_FORMATS.find((one) => one === word);
    if (format === undefined)
      return `--report: ${word} is none of ${TESTS_FORMATS.join(", ")}${didYouMean(word, TESTS_FORMATS)}`;
    if (at === -1 || at === text.length - 1) return `--report: ${text} names no file: write ${word}=FILE`;
    reports.push({ format, path: text.slice(at + 1) });
  }
  return reports;
}

/** Writes the reports, from where the command runs; the sentence of the first that cannot be written. */
export function writeReports(reports: readonly WantedReport[], run: TestRun, cwd: string): string | undefined {
  for (const { format, path } of reports) {
    try {
      writeFileSync(resolve(cwd, path), renderTests(format, run, { color: false, verbose: true }));
    } catch (error) {
      return `--report: ${path} ${describeSystemError(error).replace("be read", "be written").replace("read by", "written by")}`;
    }
  }
  return undefined;
}
