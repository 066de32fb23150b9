import { resolve } from "node:path";
import { nearest } from "../name/nearest.ts";
import { REPORT_FORMATS, type Report, type ReportFormat, renderReport } from "../report/report.ts";
import type { Io } from "./io.ts";
import { writeWholeFile } from "./write-whole-file.ts";

/** A file that a report is written into. */
export interface ReportFile {
  readonly format: ReportFormat;
  /** As typed. */
  readonly path: string;
}

/** What `--report FORMAT=FILE` says, as often as it stands there; the sentence of the first that says nothing. */
export function readReportFiles(texts: readonly string[]): readonly ReportFile[] | string {
  const files: ReportFile[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const [word, path] = at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    const format = REPORT_FORMATS.find((one) => one === word);
    if (at === -1 || path === "") return `--report ${text} is no FORMAT=FILE: sarif=check.sarif`;
    if (format === undefined) {
      const near = nearest(word, REPORT_FORMATS);
      const guess = near === undefined ? "" : `: did you mean ${near}?`;
      return `--report ${text}: ${word} is none of ${REPORT_FORMATS.join(", ")}${guess}`;
    }
    // Two forms on one stream are neither: standard output has the form of --format.
    if (path === "-") return `--report ${text}: write --format ${format} to have it on standard output`;
    if (files.some((file) => file.path === path)) return `--report writes ${path} twice`;
    files.push({ format, path });
  }
  return files;
}

/** Writes each of them, and gives a sentence for each that could not be written. */
export function writeReportFiles(files: readonly ReportFile[], report: Report, io: Io): string[] {
  return files.flatMap(({ format, path }) => {
    const problem = writeWholeFile(resolve(io.cwd, path), renderReport(format, report, { color: false }));
    return problem === undefined ? [] : [`${path} ${problem}`];
  });
}
