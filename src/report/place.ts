import { positionOf, type SourceSpan } from "../source/source-file.ts";

/** A stretch of a file as programs are told of it: counted from 1, the end excluded, columns in characters. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where a span starts and ends; one of nothing ends where it starts. */
export function placeOf(span: SourceSpan): Place {
  const { line, column } = positionOf(span);
  const end = positionOf({ file: span.file, start: Math.max(span.start, span.end), end: span.end });
  return { path: span.file.path, line, column, endLine: end.line, endColumn: end.column };
}
