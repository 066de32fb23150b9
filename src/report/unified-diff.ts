/** Lines of the old text around a change, which show where it is. */
const CONTEXT = 3;

/** One line of the way from one text to another. */
type Line = { readonly kind: "same" | "old" | "new"; readonly text: string };

/**
 * How one text becomes another, as `diff -u` and `git apply` write and read it; empty where they are equal. Paths are told
 * as `a/` and `b/`.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const lines = linesBetween(splitLines(before), splitLines(after));
  const hunks = hunksOf(lines).map((hunk) => hunkText(lines, hunk));
  const place = path.replace(/^\/+/, "");
  return `--- a/${place}\n+++ b/${place}\n${hunks.join("")}`;
}

/** With their line endings: a last line without one differs from one with it. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What both begin and end with is the same; between, the longest common list of lines. */
function linesBetween(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ kind: "same", text }));
  const middle = middleLines(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))];
}

/** Tables larger than this are not made: the stretch between the first and the last change is then one change. */
const MOST_CELLS = 4_000_000;

function middleLines(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  const lines: Line[] = [];
  const put = (kind: Line["kind"], text = ""): void => void lines.push({ kind, text });
  if (before.length * width > MOST_CELLS) {
    for (const text of before) put("old", text);
    for (const text of after) put("new", text);
    return lines;
  }
  // `common` at (i, j): how many lines the rest of both have in common.
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const down = common[(i + 1) * width + j] ?? 0;
      const right = common[i * width + j + 1] ?? 0;
      const diagonal = common[(i + 1) * width + j + 1] ?? 0;
      common[i * width + j] = before[i] === after[j] ? diagonal + 1 : Math.max(down, right);
    }
  }
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const down = common[(i + 1) * width + j] ?? 0;
    const right = common[i * width + j + 1] ?? 0;
    if (i < before.length && j < after.length && before[i] === after[j]) {
      put("same", before[i]);
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || down >= right)) put("old", before[i++]);
    else put("new", after[j++]);
  }
  return lines;
}

/** A stretch of lines, `end` excluded. */
interface Hunk {
  readonly start: number;
  readonly end: number;
}

/** Changes with the lines around them; those that would touch are one. */
function hunksOf(lines: readonly Line[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const [at, { kind }] of lines.entries()) {
    if (kind === "same") continue;
    const start = Math.max(0, at - CONTEXT);
    const end = Math.min(lines.length, at + 1 + CONTEXT);
    const last = hunks.at(-1);
    if (last !== undefined && start <= last.end) hunks[hunks.length - 1] = { start: last.start, end };
    else hunks.push({ start, end });
  }
  return hunks;
}

const SIGNS: Readonly<Record<Line["kind"], string>> = { same: " ", old: "-", new: "+" };

function hunkText(lines: readonly Line[], { start, end }: Hunk): string {
  const inside = lines.slice(start, end);
  const count = (kind: "old" | "new", some: readonly Line[]): number =>
    some.filter((line) => line.kind === "same" || line.kind === kind).length;
  const range = (kind: "old" | "new"): string => {
    const length = count(kind, inside);
    const before = count(kind, lines.slice(0, start));
    const first = length === 0 ? before : before + 1; // Of nothing, the line before it.
    return length === 1 ? String(first) : `${first},${length}`;
  };
  const body = inside.map(({ kind, text }) => {
    const ended = text.endsWith("\n") ? text : `${text}\n\\ No newline at end of file\n`;
    return `${SIGNS[kind]}${ended}`;
  });
  return `@@ -${range("old")} +${range("new")} @@\n${body.join("")}`;
}
