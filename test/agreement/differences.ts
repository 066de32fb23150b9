import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One agreed difference: a row of `differences.md`. */
export interface Difference {
  /** A zone file, or the name of a rule in a test. */
  readonly where: string;
  readonly ours: string;
  readonly theirs: string;
  readonly why: string;
}

/** The rows under one heading of `differences.md`, by where they apply. */
export function differencesUnder(heading: string): ReadonlyMap<string, Difference> {
  const text = readFileSync(join(import.meta.dirname, "differences.md"), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new RangeError(`differences.md has no heading ${heading}`);
  const [, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
  return new Map(rows.map((row) => [readRow(row).where, readRow(row)]));
}

/** Cells are code, or words: `\|` is a bar. */
function readRow(row: string): Difference {
  const cells = row.split(/(?<!\\)\|/).map((cell) =>
    cell
      .trim()
      .replace(/^`(.*)`$/, "$1")
      .replaceAll("\\|", "|"),
  );
  const [before, where = "", ours = "", theirs = "", why = "", after] = cells;
  if (before !== "" || after !== "" || why === "") throw new RangeError(`not a row of four cells: ${row}`);
  return { where, ours, theirs, why };
}
