import { contrastWords, nameWords, placeWords, sideWords, summaryWords, typeWords } from "./_words.ts";
import type { Change, Difference, Side } from "./difference.ts";
import { isBreaking } from "./ending.ts";

/** How many names of one change are written out. */
const MAX_NAMES = 8;

/**
 * The difference as text: a paragraph for each change, with what decided before and what decides now, then the count.
 * Breaking ones begin with `!`.
 */
export function differenceText(difference: Difference): string {
  const paragraphs = difference.changes.map((change) => `${paragraph(change).join("\n")}\n`);
  return [...paragraphs, `${summaryWords(difference)}\n`].join("\n");
}

function paragraph(change: Change): string[] {
  const { contrast, askers, before, after, reason } = change;
  const mark = isBreaking(contrast) ? "!" : " ";
  const names = nameWords(change);
  const more = names.length - MAX_NAMES;
  const shown = [...names.slice(0, MAX_NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
  return [
    `${mark} ${shown} ${typeWords(change)}, from ${askers.join(", ")}`,
    `    ${contrastWords(contrast)}: ${sideWords(before, contrast)} → ${sideWords(after, contrast)}`,
    ...decidedLine("before", before),
    ...decidedLine("now", after),
    ...(reason === undefined ? [] : [`    because ${reason.sentence}; to change it: ${reason.change}`]),
  ];
}

function decidedLine(when: string, side: Side): string[] {
  const { decided } = side;
  if (decided === undefined) return [];
  const places = placeWords(side);
  return [`    ${when}: ${decided.text}${places === "" ? "" : `   [${places}]`}`];
}
