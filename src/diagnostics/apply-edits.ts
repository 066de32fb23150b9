import type { TextEdit } from "./diagnostic.ts";

/**
 * The text of a file with edits of it made, wherever they stand in the list; text put in at one place keeps the order of the
 * list. `undefined` where two of them want the same text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | undefined {
  const sorted = edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const parts: string[] = [];
  let at = 0;
  for (const { span, text: put } of sorted) {
    if (span.start < at || span.end < span.start || span.end > text.length) return undefined;
    parts.push(text.slice(at, span.start), put);
    at = span.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
