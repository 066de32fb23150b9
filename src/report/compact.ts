import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatPosition } from "../source/source-file.ts";
import { visibleText } from "./visible-text.ts";

/** One diagnostic on one line, as editors read them: `path:line:column: severity: message [code]`, with a line ending. */
export function renderCompact(diagnostic: Diagnostic): string {
  const { severity, message, span, code } = diagnostic;
  return `${visibleText(`${formatPosition(span)}: ${severity}: ${message}`)} [${code}]\n`;
}
