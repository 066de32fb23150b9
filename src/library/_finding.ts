import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { positionOf, type SourceSpan } from "../source/source-file.ts";
import type { Finding, Place } from "./privlink.ts";

/** A diagnostic as plain data. */
export function findingOf({ code, severity, message, hint, span }: Diagnostic): Finding {
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), ...placeIn(span) };
}

export function placeIn(span: SourceSpan): Place {
  return { file: span.file.path, ...positionOf(span) };
}
