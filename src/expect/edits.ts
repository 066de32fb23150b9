import type { SourceFile, SourceSpan } from "../source/source-file.ts";

/** A stretch of a file, and the text that takes its place. */
export interface Edit {
  readonly span: SourceSpan;
  readonly text: string;
}

/** A file with what it is to hold. */
export interface EditedFile {
  readonly file: SourceFile;
  readonly text: string;
}

/** The files with their edits made, in the order of the edits. Edits of one file must not overlap. */
export function applyEdits(edits: readonly Edit[]): readonly EditedFile[] {
  const byFile = new Map<SourceFile, Edit[]>();
  for (const edit of edits) {
    const others = byFile.get(edit.span.file);
    if (others === undefined) byFile.set(edit.span.file, [edit]);
    else others.push(edit);
  }
  return Array.from(byFile, ([file, own]) => ({ file, text: edited(file.text ?? "", own) }));
}

function edited(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { span, text: other } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start) + other;
    at = span.end;
  }
  return result + text.slice(at);
}

/** Whether two spans share a char. */
export function overlap(a: SourceSpan, b: SourceSpan): boolean {
  return a.file === b.file && a.start < b.end && b.start < a.end;
}

/** Lines shown around a change. */
const CONTEXT = 2;

/**
 * What edits change, as `diff -u` writes it. The edits are known, so nothing is searched for: each change is the whole
 * lines that edits touch.
 */
export function unifiedDiff(file: SourceFile, edits: readonly Edit[]): string {
  const text = file.text ?? "";
  const before = linesOf(text);
  const changes = changedLines(file, edits, before);
  const out = [`--- ${file.path}`, `+++ ${file.path}`];
  let shift = 0;
  for (const hunk of hunksOf(changes)) {
    const first = Math.max(0, (hunk[0]?.from ?? 0) - CONTEXT);
    const last = Math.min(before.length, (hunk.at(-1)?.to ?? 0) + CONTEXT);
    const body: string[] = [];
    let at = first;
    let added = 0;
    for (const { from, to, lines } of hunk) {
      body.push(...before.slice(at, from).map((line) => ` ${line}`));
      body.push(...before.slice(from, to).map((line) => `-${line}`), ...lines.map((line) => `+${line}`));
      added += lines.length - (to - from);
      at = to;
    }
    body.push(...before.slice(at, last).map((line) => ` ${line}`));
    const count = last - first;
    out.push(`@@ -${first + 1},${count} +${first + 1 + shift},${count + added} @@`, ...body);
    shift += added;
  }
  return `${out.join("\n")}\n`;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Lines `from` to `to`, `to` excluded, counted from 0, and what takes their place. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

function changedLines(file: SourceFile, edits: readonly Edit[], before: readonly string[]): Change[] {
  const changes: Change[] = [];
  const { lineStarts } = file;
  const lineAt = (offset: number): number => lineStarts.findLastIndex((start) => start <= offset);
  const sorted = edits.toSorted((a, b) => a.span.start - b.span.start);
  for (let i = 0; i < sorted.length; ) {
    const own = [sorted[i]].filter((edit) => edit !== undefined);
    const from = lineAt(own[0]?.span.start ?? 0);
    let to = lineAt(Math.max(own[0]?.span.start ?? 0, (own[0]?.span.end ?? 1) - 1)) + 1;
    // Edits that share a line are one change.
    for (i += 1; i < sorted.length; i++) {
      const next = sorted[i];
      if (next === undefined || lineAt(next.span.start) >= to) break;
      own.push(next);
      to = Math.max(to, lineAt(Math.max(next.span.start, next.span.end - 1)) + 1);
    }
    const start = lineStarts[from] ?? 0;
    const end = lineStarts[to] ?? (file.text ?? "").length;
    const piece = (file.text ?? "").slice(start, end);
    const moved = own.map(({ span, text }) => ({
      text,
      span: { ...span, start: span.start - start, end: span.end - start },
    }));
    changes.push({ from, to: Math.min(to, before.length), lines: linesOf(edited(piece, moved)) });
  }
  return changes;
}

/** Changes so near to one another that their surroundings touch are shown together. */
function hunksOf(changes: readonly Change[]): Change[][] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    const end = last?.at(-1)?.to;
    if (last !== undefined && end !== undefined && change.from - end <= 2 * CONTEXT) last.push(change);
    else hunks.push([change]);
  }
  return hunks;
}
