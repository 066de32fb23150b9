import type { SourceSpan } from "../source/source-file.ts";
import type { ZoneText } from "./model.ts";

/** How a scalar is written, as the YAML library names it. */
export type ScalarStyle = "BLOCK_LITERAL" | "BLOCK_FOLDED" | "PLAIN" | "QUOTE_SINGLE" | "QUOTE_DOUBLE";

type Stretch = ZoneText["stretches"][number];

/**
 * Says where each char of a scalar's `text` stands in its file, indentation, quotes, escapes and folded lines taken away.
 *
 * A char that one char of the file stands for has exactly its place; one made by an escape has the place of the escape, a
 * blank made of a line end that of the line end. `span` covers the scalar, its quotes or block header included.
 */
export function scalarPlaces(text: string, style: ScalarStyle, span: SourceSpan): ZoneText {
  const raw = (span.file.text ?? "").slice(span.start, span.end);
  const stretches = style === "BLOCK_LITERAL" ? literalStretches(text, raw) : align(text, unitsOf(raw, style, text));
  return {
    text,
    file: span.file,
    stretches: stretches.map(({ at, offset }) => ({ at, offset: offset + span.start })),
  };
}

/** A literal block has its lines as they are, less the same indentation: line by line, without looking at chars. */
function literalStretches(text: string, raw: string): Stretch[] {
  const lines = blockLines(raw, text);
  const builder = new StretchBuilder();
  let at = 0;
  for (const { start, end, lineEnd } of lines) {
    if (at >= text.length) break;
    builder.add(at, start);
    at += end - start;
    builder.add(at, lineEnd);
    at += 1;
  }
  return builder.stretches;
}

interface BlockLine {
  /** After the indentation. */
  readonly start: number;
  /** Before the line end, and before its carriage return. */
  readonly end: number;
  /** The line feed, or the end of the file. */
  readonly lineEnd: number;
}

function blockLines(raw: string, text: string): BlockLine[] {
  const header = raw.indexOf("\n");
  if (header === -1) return [];
  const lines: { start: number; end: number; lineEnd: number }[] = [];
  for (let start = header + 1; start <= raw.length; ) {
    const found = raw.indexOf("\n", start);
    const lineEnd = found === -1 ? raw.length : found;
    lines.push({ start, end: lineEnd > start && raw.charAt(lineEnd - 1) === "\r" ? lineEnd - 1 : lineEnd, lineEnd });
    start = lineEnd + 1;
  }
  const indentation = indentationOf(lines, raw, text);
  return lines.map((line) => ({ ...line, start: Math.min(line.start + indentation, line.end) }));
}

/** The first line with something on it, as long as in the file less as long as in the text. */
function indentationOf(lines: readonly BlockLine[], raw: string, text: string): number {
  const first = lines.find(({ start, end }) => raw.slice(start, end).trim() !== "");
  const content = /^(?:[ \t]*\n)*([^\n]*)/.exec(text)?.[1] ?? "";
  if (first === undefined) return Number.MAX_SAFE_INTEGER;
  const blanks = /^ */.exec(raw.slice(first.start, first.end))?.[0].length ?? 0;
  const kept = /^ */.exec(content)?.[0].length ?? 0;
  return blanks - kept;
}

/** A piece of what the file says: some chars of text, or a line end that may be a blank, line ends or nothing. */
interface Unit {
  readonly text: string;
  readonly offset: number;
  readonly folds: boolean;
}

/** Goes through text and units together: a line end stands for a blank or a line end of the text, or for nothing. */
function align(text: string, units: readonly Unit[]): Stretch[] {
  const builder = new StretchBuilder();
  let at = 0;
  for (const unit of units) {
    if (at >= text.length) break;
    if (unit.folds && text.charAt(at) !== " " && text.charAt(at) !== "\n") continue;
    builder.add(at, unit.offset);
    at += unit.folds ? 1 : unit.text.length;
  }
  return builder.stretches;
}

function unitsOf(raw: string, style: Exclude<ScalarStyle, "BLOCK_LITERAL">, text: string): Unit[] {
  switch (style) {
    case "BLOCK_FOLDED":
      return blockLines(raw, text).flatMap(({ start, end, lineEnd }) => [
        ...charsOf(raw, start, end),
        { text: "\n", offset: lineEnd, folds: true },
      ]);
    case "PLAIN":
      return flowUnits(raw, 0, raw.length, () => undefined);
    case "QUOTE_SINGLE":
      return flowUnits(raw, 1, raw.length - 1, singleEscape);
    case "QUOTE_DOUBLE":
      break;
  }
  return flowUnits(raw, 1, raw.length - 1, doubleEscape);
}

function charsOf(raw: string, start: number, end: number): Unit[] {
  const units: Unit[] = [];
  for (let at = start; at < end; at++) units.push({ text: raw.charAt(at), offset: at, folds: false });
  return units;
}

type Escape = (raw: string, at: number) => { readonly text: string; readonly length: number } | undefined;

/** Quoted and plain text: line ends swallow the blanks around them. */
function flowUnits(raw: string, start: number, end: number, escape: Escape): Unit[] {
  const units: Unit[] = [];
  const lineEnd = /[ \t]*\r?\n[ \t]*/y;
  for (let at = start; at < end; ) {
    lineEnd.lastIndex = at;
    const fold = lineEnd.exec(raw);
    const escaped = fold === null ? escape(raw, at) : undefined;
    if (fold !== null) units.push({ text: "\n", offset: at + fold[0].indexOf("\n"), folds: true });
    else if (escaped === undefined) units.push({ text: raw.charAt(at), offset: at, folds: false });
    else if (escaped.text !== "") units.push({ text: escaped.text, offset: at, folds: false });
    at += fold?.[0].length ?? escaped?.length ?? 1;
  }
  return units;
}

function singleEscape(raw: string, at: number): ReturnType<Escape> {
  return raw.startsWith("''", at) ? { text: "'", length: 2 } : undefined;
}

/** How many digits follow `\x`, `\u` and `\U`. */
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** YAML 1.2.2 §5.7. What the escape stands for does not matter here, only how long it is on both sides. */
function doubleEscape(raw: string, at: number): ReturnType<Escape> {
  if (raw.charAt(at) !== "\\") return undefined;
  const lineEnd = /\\\r?\n[ \t]*/y;
  lineEnd.lastIndex = at;
  const joined = lineEnd.exec(raw);
  if (joined !== null) return { text: "", length: joined[0].length };
  const digits = HEX_DIGITS.get(raw.charAt(at + 1));
  if (digits === undefined) return { text: "?", length: 2 };
  const point = Number.parseInt(raw.slice(at + 2, at + 2 + digits), 16);
  return { text: point > 0xffff ? "??" : "?", length: 2 + digits };
}

/** Collects places and keeps only those where the text does not simply go on in the file. */
class StretchBuilder {
  readonly stretches: Stretch[] = [];

  add(at: number, offset: number): void {
    const last = this.stretches.at(-1);
    if (last !== undefined && last.offset - last.at === offset - at) return;
    if (last?.at === at) this.stretches.pop();
    this.stretches.push({ at, offset });
  }
}
