import type { NamedDifference } from "./differences.ts";

/** How we and a server differ about one thing: two verdicts, or what only one side has. */
export interface Found {
  readonly server: string;
  readonly thing: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Differences that no row of `differences.md` allows. */
export function notAgreed(found: readonly Found[], rows: readonly NamedDifference[]): Found[] {
  return found.filter((difference) => !rows.some((row) => allows(row, difference)));
}

/** What rows say and nothing found needs: a server, a thing, or a part of their cells. */
export function notNeeded(rows: readonly NamedDifference[], found: readonly Found[]): string[] {
  return rows.flatMap((row) => {
    const used = found.filter((difference) => allows(row, difference));
    const idle = [
      ...row.servers.filter((server) => !used.some((difference) => difference.server === server)),
      ...row.things.filter((thing) => !used.some((difference) => thing.test(difference.thing))).map(String),
      ...partsOf(row.ours).filter((part) => !used.some(({ ours }) => partsOf(ours).includes(part))),
      ...partsOf(row.theirs).filter((part) => !used.some(({ theirs }) => partsOf(theirs).includes(part))),
    ];
    return idle.map((what) => `${row.where}: nothing differs in ${what}`);
  });
}

function allows(row: NamedDifference, { server, thing, ours, theirs }: Found): boolean {
  if (!row.servers.includes(server) || !row.things.some((pattern) => pattern.test(thing))) return false;
  const holds = (cell: string, text: string): boolean => partsOf(text).every((part) => partsOf(cell).includes(part));
  return holds(row.ours, ours) && holds(row.theirs, theirs);
}

/** A cell may list what several things differ in. */
function partsOf(cell: string): string[] {
  return cell.split("; ").filter((part) => part !== "");
}
