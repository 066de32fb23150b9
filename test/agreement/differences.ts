import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One agreed difference: a row of `differences.md`. */
export interface Difference {
  /** A rule in a test, or a server with what it differs about. */
  readonly where: string;
  readonly ours: string;
  readonly theirs: string;
  readonly why: string;
}

/** A difference about named things: `named-checkzone: a, b` differs about both, `*` standing for any text. */
export interface NamedDifference extends Difference {
  readonly servers: readonly string[];
  readonly things: readonly RegExp[];
}

/** The rows under one heading of `differences.md`, by where they apply. */
export function differencesUnder(heading: string): ReadonlyMap<string, Difference> {
  return new Map(rowsUnder(heading).map((row) => [row.where, row]));
}

/** The rows under a heading whose first cells name servers and things: `named-checkzone, kzonecheck: a, b*`. */
export function namedDifferencesUnder(heading: string): readonly NamedDifference[] {
  return rowsUnder(heading).map((row) => {
    const [, servers = "", things = ""] = /^([^:]*): (.*)$/.exec(row.where) ?? [];
    const names = things.includes("`")
      ? [...things.matchAll(/`([^`]*)`/g)].map(([, name = ""]) => name)
      : things.split(", ");
    if (servers === "" || names.length === 0) throw new RangeError(`no servers and things: ${row.where}`);
    return { ...row, servers: servers.split(", "), things: names.map(patternOf) };
  });
}

function patternOf(name: string): RegExp {
  const parts = name.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

function rowsUnder(heading: string): Difference[] {
  const text = readFileSync(join(import.meta.dirname, "differences.md"), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new RangeError(`differences.md has no heading ${heading}`);
  const [, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.map(readRow);
}

/** Cells are code, or words: `\|` is a bar. */
function readRow(row: string): Difference {
  const cells = row.split(/(?<!\\)\|/).map((cell) =>
    cell
      .trim()
      .replace(/^`([^`]*)`$/, "$1")
      .replaceAll("\\|", "|"),
  );
  const [before, where = "", ours = "", theirs = "", why = "", after] = cells;
  if (before !== "" || after !== "" || why === "") throw new RangeError(`not a row of four cells: ${row}`);
  return { where, ours, theirs, why };
}
