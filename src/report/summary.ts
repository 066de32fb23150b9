import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";

/** How many diagnostics there are of each severity. */
export function countSeverities(diagnostics: Iterable<Diagnostic>): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}

/** The counts in words, `2 errors, 1 warning`, without a line ending; `no errors` when there is nothing to say. */
export function formatSummary(diagnostics: Iterable<Diagnostic>): string {
  const { error, warning, info } = countSeverities(diagnostics);
  const parts = [counted(error, "error"), counted(warning, "warning"), counted(info, "info")].filter(
    (part) => part !== "",
  );
  return parts.length === 0 ? "no errors" : parts.join(", ");
}

function counted(count: number, noun: string): string {
  if (count === 0) return "";
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
