import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { positionOf, type SourceSpan } from "../source/source-file.ts";
import { countSeverities } from "./summary.ts";

/** What the JSON form is; its number rises when a field goes away or changes its meaning, not when one is added. */
export const DIAGNOSTICS_SCHEMA = "privlink/diagnostics/v1";

/** Diagnostics as one JSON document, in the order given: for programs. Lines and columns are numbers from 1, ends excluded. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  const document = {
    schema: DIAGNOSTICS_SCHEMA,
    summary: countSeverities(diagnostics),
    diagnostics: diagnostics.map(({ code, severity, message, span, related, effect, hint }) => ({
      code,
      severity,
      message,
      ...place(span),
      related: related.map((other) => ({ message: other.message, ...place(other.span) })),
      ...(effect === undefined ? {} : { effect }),
      ...(hint === undefined ? {} : { hint }),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function place(span: SourceSpan): { path: string; line: number; column: number; endLine: number; endColumn: number } {
  const { line, column } = positionOf(span);
  const end = positionOf({ file: span.file, start: Math.max(span.start, span.end), end: span.end });
  return { path: span.file.path, line, column, endLine: end.line, endColumn: end.column };
}
