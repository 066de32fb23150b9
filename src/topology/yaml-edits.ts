import type { TextEdit } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { type Declared, spanAt } from "./model.ts";

/**
 * Adds items to what a key of a declared thing holds, one value or several, in the style that it is written in; where the key
 * is not there, adds it. `undefined` where that is not plain to see, as with YAML anchors: nothing is better than a guess.
 * `texts` are YAML already.
 */
export function addItems(thing: Declared, key: string, texts: readonly string[]): readonly TextEdit[] | undefined {
  const span = thing.spans.get(key);
  if (span === undefined) return addKey(thing, `${key}: ${texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`}`);
  return isWrittenBelow(thing, span) ? appended(span, texts) : undefined;
}

/** Adds lines to a literal block (`|`); `undefined` where the key holds something else. */
export function appendLines(thing: Declared, key: string, lines: readonly string[]): readonly TextEdit[] | undefined {
  const span = thing.spans.get(key);
  if (span === undefined || !isWrittenBelow(thing, span)) return undefined;
  const raw = textOf(span);
  const body = raw.trimEnd();
  const indent = /^\|[+-]?[ \t]*(?:#.*)?\r?\n(?:[ \t]*\r?\n)*([ ]+)\S/.exec(raw)?.[1];
  if (indent === undefined) return undefined;
  return [inserted(span, span.start + body.length, lines.map((line) => `\n${indent}${line}`).join(""))];
}

/** Text as a YAML scalar: as it is where that cannot be misread, else in double quotes. */
export function scalar(text: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Puts text in at an offset. */
function inserted({ file }: SourceSpan, at: number, text: string): TextEdit {
  return { span: { file, start: at, end: at }, text };
}

function appended(span: SourceSpan, texts: readonly string[]): readonly TextEdit[] | undefined {
  const raw = textOf(span);
  const body = raw.trimEnd();
  const end = span.start + body.length;
  const added = texts.map((text) => `, ${text}`).join("");
  if (body.startsWith("[")) {
    if (!body.endsWith("]") || body.includes("#")) return undefined;
    const inside = body.slice(1, -1).trimEnd();
    const at = span.start + 1 + inside.length;
    return [inserted(span, at, inside === "" ? texts.join(", ") : inside.endsWith(",") ? added.slice(1) : added)];
  }
  if (/^-\s/.test(body)) {
    const indent = " ".repeat(columnOf(span));
    return [inserted(span, end, texts.map((text) => `\n${indent}- ${text}`).join(""))];
  }
  if (/^[|>&*!]/.test(body)) return undefined;
  return [inserted(span, span.start, "["), inserted(span, end, `${added}]`)];
}

/** A key of its own for a thing that lacks it: in its braces, behind its colon, or as its first line. */
function addKey({ span, spans }: Declared, entry: string): readonly TextEdit[] | undefined {
  const text = span.file.text ?? "";
  const head = /^["']?[ \t]*:/.exec(text.slice(span.end))?.[0];
  if (head === undefined) return undefined;
  const at = span.end + head.length;
  const rest = text.slice(at);
  const brace = /^[ \t]*\{/.exec(rest)?.[0];
  if (brace !== undefined) {
    const isEmpty = /^\s*\}/.test(rest.slice(brace.length));
    return [inserted(span, at + brace.length, isEmpty ? ` ${entry} ` : ` ${entry},`)];
  }
  if (!/^[ \t]*(?:#.*)?(?:\r?\n|$)/.test(rest)) return undefined;
  if (spans.size === 0) return [inserted(span, at, ` { ${entry} }`)];
  const first = /\n(?=([ \t]+)[^\s#])/.exec(rest);
  const indent = first?.[1];
  if (first === null || indent === undefined || indent.length <= columnOf(span)) return undefined;
  return [inserted(span, at + first.index + 1, `${indent}${entry}\n`)];
}

/** Whether a value stands where its thing does: not in defaults, nor behind an anchor that others share. */
function isWrittenBelow(thing: Declared, { file, start }: SourceSpan): boolean {
  const own = spanAt(thing, "");
  if (own.file !== file || start < own.end) return false;
  const between = (file.text ?? "").slice(own.end, start);
  const column = columnOf(own);
  return (
    !/[&*]/.test(between) &&
    !between
      .split("\n")
      .slice(1, -1)
      .some((line) => /\S/.test(line) && indentOf(line) <= column)
  );
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function textOf({ file, start, end }: SourceSpan): string {
  return (file.text ?? "").slice(start, end);
}

/** Counted from 0, in chars of the line. */
function columnOf({ file, start }: SourceSpan): number {
  return start - ((file.text ?? "").lastIndexOf("\n", start - 1) + 1);
}
