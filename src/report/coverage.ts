import type { Coverage, CoveredKind, CoveredThing } from "../expect/coverage.ts";
import { formatLine, positionOf } from "../source/source-file.ts";
import { visibleText } from "./visible-text.ts";

/** What no expectation touched, a line each, and how much of each kind was: for people. */
export function renderCoverage({ all, untouched }: Coverage): string {
  const width = Math.max(0, ...untouched.map(({ text }) => text.length));
  const lines = untouched.map(({ kind, text, span }) =>
    visibleText(`  ${kind.padEnd(8)}  ${span === undefined ? text : `${text.padEnd(width)}  ${formatLine(span)}`}`),
  );
  const counts = Object.entries(all)
    .filter(([, total]) => total > 0)
    .map(
      ([kind, total]) => `${total - untouched.filter((one) => one.kind === kind).length} of ${counted(total, kind)}`,
    );
  const head = lines.length === 0 ? [] : ["no expectation touched:", ...lines];
  return [...head, counts.length === 0 ? "nothing to touch" : `touched: ${counts.join(", ")}`, ""].join("\n");
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** The same for programs. */
export function coverageJson({ all, untouched }: Coverage): unknown {
  return { all: all satisfies Readonly<Record<CoveredKind, number>>, untouched: untouched.map(thingJson) };
}

function thingJson({ kind, text, span }: CoveredThing): unknown {
  return { kind, text, ...(span === undefined ? {} : { path: span.file.path, ...positionOf(span) }) };
}
