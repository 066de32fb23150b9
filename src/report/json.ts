import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ExcusedFinding } from "../diagnostics/excused-finding.ts";
import { placeOf } from "./place.ts";
import { countSeverities } from "./summary.ts";

/** What the JSON form is; its number rises when a field goes away or changes its meaning, not when one is added. */
const DIAGNOSTICS_SCHEMA = "privlink/diagnostics/v1";

/**
 * Diagnostics as one JSON document, in the order given: for programs. Lines and columns are numbers from 1, ends excluded.
 * What was excused is listed apart, by whom and why.
 */
export function renderJson(diagnostics: readonly Diagnostic[], excused: readonly ExcusedFinding[] = []): string {
  const document = {
    schema: DIAGNOSTICS_SCHEMA,
    summary: countSeverities(diagnostics),
    diagnostics: diagnostics.map(diagnosticEntry),
    excused: excused.map(({ finding, by, reason }) => ({ ...diagnosticEntry(finding), by, reason })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** One diagnostic as data. */
export function diagnosticEntry({ code, severity, message, span, related, effect, hint }: Diagnostic): object {
  return {
    code,
    severity,
    message,
    ...placeOf(span),
    related: related.map((other) => ({ message: other.message, ...placeOf(other.span) })),
    ...(effect === undefined ? {} : { effect }),
    ...(hint === undefined ? {} : { hint }),
  };
}
