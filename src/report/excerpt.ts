import { lineText, positionOf, type SourceSpan } from "../source/source-file.ts";
import { columnsOf, visibleText } from "./visible-text.ts";

/** The line that a span starts in, and what stands under it. */
export interface Excerpt {
  /** Counted from 1. */
  readonly lineNumber: number;
  /** What is shown of the line: clipped when it is very long, `…` for what is left out. */
  readonly line: string;
  /** As wide as what stands before the span; a tab where the line has one, so any tab width fits. */
  readonly padding: string;
  /** One caret for each column of the span; at least one. */
  readonly carets: string;
}

/** The most characters of a line that are shown; a line from a generator may have a million. */
const MAX_LINE_CHARACTERS = 160;
/** How many of them stand before the span when the start of the line is left out. */
const CHARACTERS_BEFORE = 40;

/** The excerpt for a span, or `undefined` where its file is there for positions only. Of a longer span, the first line. */
export function excerptOf(span: SourceSpan): Excerpt | undefined {
  const text = lineText(span);
  if (text === undefined) return undefined;
  const start = positionOf(span);
  const end = positionOf({ file: span.file, start: Math.max(span.start, span.end), end: span.end });
  const characters = Array.from(visibleText(text));
  const from = Math.min(start.column - 1, characters.length);
  const to = end.line > start.line ? characters.length : Math.min(end.column - 1, characters.length);

  const first = to < MAX_LINE_CHARACTERS ? 0 : Math.max(0, from - CHARACTERS_BEFORE);
  const last = Math.min(characters.length, first + MAX_LINE_CHARACTERS);
  const before = `${first > 0 ? "…" : ""}${characters.slice(first, from).join("")}`;
  const under = characters.slice(from, Math.min(to, last));
  const after = `${characters.slice(from + under.length, last).join("")}${last < characters.length ? "…" : ""}`;
  return {
    lineNumber: start.line,
    line: `${before}${under.join("")}${after}`,
    padding: Array.from(before, (char) => (char === "\t" ? "\t" : " ".repeat(columnsOf(char)))).join(""),
    carets: "^".repeat(Math.max(1, columnsOfAll(under))),
  };
}

function columnsOfAll(characters: readonly string[]): number {
  let columns = 0;
  for (const char of characters) columns += columnsOf(char);
  return columns;
}
