/**
 * A file as it was read. Offsets count units of `text`; lines and columns exist only when something is printed.
 *
 * Zone files are octets: their text has one char (U+0000 to U+00FF) per octet. Topologies are Unicode text.
 */
export interface SourceFile {
  /** As the user would type it: relative to where the command runs, or absolute. */
  readonly path: string;
  readonly encoding: "octets" | "unicode";
  /** Where each line starts, ascending, the first at 0. On shared memory: a file of a million lines crosses threads for nothing. */
  readonly lineStarts: Uint32Array;
  /** Absent where only positions are needed, once a zone is packed. */
  readonly text?: string;
  /** Where `text` is not there: lines that something is said of, by their index from 0. */
  readonly lines?: ReadonlyMap<number, string>;
}

/** A stretch of a file: `end` excluded. */
export interface SourceSpan {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/**
 * Where a reader finds it: both counted from 1. Columns count characters (code points), a tab as one, the file's byte-order
 * mark as none.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file of which `text` was read, as octets or as Unicode text. */
export function sourceFile(path: string, text: string, encoding: "octets" | "unicode" = "unicode"): SourceFile {
  return { path, encoding, text, lineStarts: findLineStarts(text) };
}

/**
 * The same file for whoever needs positions only: without its text a column counts octets, or UTF-16 units, of the file.
 */
export function withoutText(file: SourceFile): SourceFile {
  return { path: file.path, encoding: file.encoding, lineStarts: file.lineStarts };
}

/** The same file with the lines that the spans start in instead of its text: they print as they did. */
export function withLinesOf(file: SourceFile, spans: Iterable<SourceSpan>): SourceFile {
  const lines = new Map<number, string>();
  for (const { start } of spans) {
    const line = lineIndex(file.lineStarts, start);
    const text = lines.has(line) ? undefined : textOfLine(file, line);
    if (text !== undefined) lines.set(line, text);
  }
  return { ...withoutText(file), lines };
}

/** Counted first, so that no list of a million numbers is made on the way. */
function findLineStarts(text: string): Uint32Array {
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  const starts = new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT));
  let line = 1; // The first starts at 0.
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts[line++] = at + 1;
  return starts;
}

/** Where `span` starts. An offset behind the last line ending is on the last line, which may be empty. */
export function positionOf(span: SourceSpan): Position {
  const line = lineIndex(span.file.lineStarts, span.start);
  const lineStart = span.file.lineStarts[line] ?? 0;
  const before = textOfLine(span.file, line)?.slice(0, span.start - lineStart);
  const column =
    before === undefined ? span.start - lineStart : countCharacters(displayText(span.file, before, lineStart));
  return { line: line + 1, column: column + 1 };
}

/** The line that `span` starts in, counted from 1: without its column, which takes the time that the line is long. */
export function lineOf(span: SourceSpan): number {
  return lineIndex(span.file.lineStarts, span.start) + 1;
}

/**
 * Where each of the spans starts. In the order of the file each is counted on from the one before: what programs print is
 * often one line of many megabytes.
 */
export function positionsOf(spans: readonly SourceSpan[]): Position[] {
  let last: { readonly span: SourceSpan; readonly position: Position } | undefined;
  return spans.map((span) => {
    const position = (last === undefined ? undefined : countedOn(last, span)) ?? positionOf(span);
    last = { span, position };
    return position;
  });
}

/** The position of a span behind another on one line of Unicode text; a byte-order mark is in front of both. */
function countedOn(
  { span: { file, start }, position }: { readonly span: SourceSpan; readonly position: Position },
  span: SourceSpan,
): Position | undefined {
  const isBehind = start > 0 && file === span.file && start <= span.start && position.line === lineOf(span);
  if (!isBehind || file.encoding !== "unicode" || file.text === undefined) return undefined;
  return { line: position.line, column: position.column + countCharacters(file.text.slice(start, span.start)) };
}

/** The whole line that `span` starts in, without its line ending (LF or CRLF), as a person would see it. */
export function lineText(span: SourceSpan): string | undefined {
  const line = lineIndex(span.file.lineStarts, span.start);
  const text = textOfLine(span.file, line);
  if (text === undefined) return undefined;
  return displayText(span.file, text, span.file.lineStarts[line] ?? 0).replace(/\r$/, "");
}

/** A line as the file has it, without its LF; `undefined` where it was not kept. */
function textOfLine({ text, lines, lineStarts }: SourceFile, line: number): string | undefined {
  if (text === undefined) return lines?.get(line);
  return text.slice(lineStarts[line] ?? 0, (lineStarts[line + 1] ?? text.length + 1) - 1);
}

/** `path:line:column`. */
export function formatPosition(span: SourceSpan): string {
  const { line, column } = positionOf(span);
  return `${span.file.path}:${line}:${column}`;
}

/** `path:line`. */
export function formatLine(span: SourceSpan): string {
  return `${span.file.path}:${lineOf(span)}`;
}

/** Counted from 0: the last line that starts at or before `offset`. */
function lineIndex(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A piece of `file` at `offset` as text: octets as the UTF-8 that they most likely are, without the byte-order mark. */
function displayText(file: SourceFile, piece: string, offset: number): string {
  const text = file.encoding === "unicode" ? piece : decodeUtf8(piece);
  return offset === 0 && text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function decodeUtf8(octets: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(octets, (char) => char.charCodeAt(0)));
}

/** Code points: a pair of UTF-16 surrogates is one character. */
function countCharacters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}
