import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import { placeOf } from "./place.ts";
import { textBelow } from "./text-below.ts";
import { type AnnotationKind, workflowCommand } from "./workflow-command.ts";

const KINDS: Readonly<Record<Severity, AnnotationKind>> = { error: "error", warning: "warning", info: "notice" };

/** One diagnostic as an annotation of GitHub Actions, with its line ending: notes and the hint are further lines of its message. */
export function renderGithub(diagnostic: Diagnostic): string {
  const { severity, code, message, span } = diagnostic;
  const { path: file, line, column: col, endLine, endColumn } = placeOf(span);
  // GitHub shows columns only of what stands on one line, and counts the last one in.
  const end = endLine === line && endColumn > col ? { endColumn: endColumn - 1 } : {};
  const properties = { file, line, ...(endLine > line ? { endLine } : {}), col, ...end, title: code };
  return workflowCommand(KINDS[severity], properties, [message, ...textBelow(diagnostic)].join("\n"));
}
