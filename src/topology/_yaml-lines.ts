/** A word as a sentence about it shows it. */
export interface LineWord {
  readonly start: number;
  readonly text: string;
  /** Whether a colon makes it a key. */
  readonly isKey: boolean;
}

/** Longer ones are cut: a sentence is one line. */
const MAX_SHOWN = 40;

export function lineStartBefore(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

export function lineEndAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/** What stands at `at` or after the blanks, line ends and comments there: a key, a dash, or the rest of the line. */
export function wordFrom(text: string, at: number): LineWord | undefined {
  const gap = /(?:\s|#[^\n]*)*/y;
  gap.lastIndex = at;
  const start = at + (gap.exec(text)?.[0].length ?? 0);
  if (start >= text.length) return undefined;
  const line = text.slice(start, lineEndAfter(text, start)).replace(/\s+(?:#.*)?$/, "");
  const word = /^-(?=\s|$)/.exec(line)?.[0] ?? line.replace(/:(?:\s.*)?$/, "");
  const isKey = word !== "-" && word !== line;
  return { start, text: word.length > MAX_SHOWN ? `${word.slice(0, MAX_SHOWN)}…` : word, isKey };
}

/** How many blanks stand before `start` on its line; `undefined` when something else does. */
export function indentAt(text: string, start: number): number | undefined {
  const before = text.slice(lineStartBefore(text, start), start);
  return before.trim() === "" ? before.length : undefined;
}

/** A line that what comes below may be as far from the margin as. */
export interface Level {
  readonly indent: number;
  readonly isItem: boolean;
}

/** The levels that are open above the line that starts at `lineStart`, the innermost first. */
export function levelsAbove(text: string, lineStart: number): Level[] {
  const levels: Level[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let end = lineStart - 1; end >= 0 && least > 0; ) {
    const start = lineStartBefore(text, end);
    const line = text.slice(start, end);
    const indent = line.search(/\S/);
    if (indent !== -1 && indent < least && line[indent] !== "#") {
      levels.push({ indent, isItem: /^\s*-(?:\s|$)/.test(line) });
      least = indent;
    }
    end = start - 1;
  }
  return levels;
}
