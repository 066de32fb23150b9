import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ExcusedFinding } from "../diagnostics/excused-finding.ts";
import { renderCompact } from "./compact.ts";
import { renderGithub } from "./github.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { type RuleTexts, renderSarif } from "./sarif.ts";
import { renderText, type TextOptions } from "./text.ts";

/** What one run of `check` has to say, in whichever form. */
export interface Report {
  /** What is told, in order. */
  readonly findings: readonly Diagnostic[];
  /** What would be told if nobody had given a reason not to. */
  readonly excused: readonly ExcusedFinding[];
  /** What was checked, as the user named it. */
  readonly inputs: readonly { readonly name: string; readonly isClean: boolean }[];
  /** Whether a finding makes the exit code 2. */
  readonly isFailure: (finding: Diagnostic) => boolean;
  /** Of privlink. */
  readonly version: string;
  /** Cause and fix of each code, for the form that carries them. */
  readonly rules: RuleTexts;
}

/** The forms of a report: for people, editors, programs, code scanning, CI servers, and annotations of a run. */
export const REPORT_FORMATS = ["text", "compact", "json", "sarif", "junit", "github"] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The whole report in one form; of forms of lines, nothing where there is nothing to say. */
export function renderReport(format: ReportFormat, report: Report, options: TextOptions): string {
  const { findings, excused } = report;
  switch (format) {
    case "text":
      return findings.map((finding) => renderText(finding, options)).join("");
    case "compact":
      return findings.map(renderCompact).join("");
    case "json":
      return renderJson(findings, excused);
    case "sarif":
      return renderSarif(report);
    case "junit":
      return renderJunit(report);
    case "github":
      return findings.map(renderGithub).join("");
  }
}
