import { contrastWords, nameWords, placeWords, sideWords, summaryWords, typeWords } from "./_words.ts";
import type { Compared } from "./compared.ts";
import type { Change, Difference, Side } from "./difference.ts";
import { isBreaking } from "./ending.ts";

/** A table with more rows than this is folded: a pull request has other things to show. */
const OPEN_ROWS = 10;
/** The most rows of a table: a comment has room for some 65,000 characters. */
const MAX_ROWS = 60;
/** How many names, or askers, one cell lists. */
const MAX_IN_CELL = 5;
/** The most characters of one value in a cell. */
const MAX_IN_VALUE = 120;

/** The difference as Markdown for the comment of a pull request: breaking changes first, long tables folded. */
export function differenceMarkdown(difference: Difference, compared: Compared): string {
  const { changes } = difference;
  const breaking = changes.filter(({ contrast }) => isBreaking(contrast));
  const others = changes.filter(({ contrast }) => !isBreaking(contrast));
  const { before, after, onlyBefore, onlyAfter } = compared;
  const parts = [
    `### DNS answers, ${code(before)} → ${code(after)}`,
    `**${escape(summaryWords(difference))}**`,
    ...section("Breaking", breaking),
    ...section(breaking.length > 0 ? "Other changes" : "Changes", others),
    ...notCompared(onlyBefore, `only in ${before}`),
    ...notCompared(onlyAfter, `only in ${after}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function section(title: string, changes: readonly Change[]): string[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, MAX_ROWS);
  const left = changes.length - shown.length;
  const rows = [
    "| Name | Type | From | Before | Now | Decided before | Decides now |",
    "|---|---|---|---|---|---|---|",
    ...shown.map(row),
  ].join("\n");
  const rest = left === 0 ? [] : [`… and ${left} more: \`privlink diff\` lists them all.`];
  if (changes.length <= OPEN_ROWS) return [`#### ${title}`, rows, ...rest];
  const summary = `<details><summary>${title}: ${changes.length} rows</summary>`;
  return [summary, rows, ...rest, "</details>"];
}

function row(change: Change): string {
  const { contrast, askers, before, after, reason } = change;
  const kind = isBreaking(contrast) ? `${contrastWords(contrast)}: ` : "";
  const because = reason === undefined ? "" : `<br>${escape(reason.sentence)}`;
  const cells = [
    listed(nameWords(change)),
    escape(typeWords(change)),
    listed(askers),
    escape(shortened(sideWords(before, contrast))),
    escape(shortened(`${kind}${sideWords(after, contrast)}`)),
    decided(before),
    `${decided(after)}${because}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function decided(side: Side): string {
  if (side.decided === undefined) return "";
  const places = placeWords(side);
  const text = escape(shortened(side.decided.text));
  return places === "" ? text : `${text}<br>${code(places)}`;
}

function listed(texts: readonly string[]): string {
  const more = texts.length - MAX_IN_CELL;
  return [...texts.slice(0, MAX_IN_CELL).map(code), ...(more > 0 ? [`and ${more} more`] : [])].join("<br>");
}

function notCompared(askers: readonly string[], where: string): string[] {
  return askers.length === 0 ? [] : [`Not compared, ${code(where)}: ${askers.map(code).join(", ")}`];
}

function shortened(text: string): string {
  return text.length <= MAX_IN_VALUE ? text : `${text.slice(0, MAX_IN_VALUE - 1)}…`;
}

/** Text that Markdown and HTML leave as it is, on one line of a table. */
function escape(text: string): string {
  return flat(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]()+!|~]/g, "\\$&")
    .replace(/[@#]/g, "$&<!-- -->"); // Else a record could call somebody, or name an issue.
}

/** Text set as code: as it is, but for what would end the code or the cell. */
function code(text: string): string {
  const clean = flat(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...Array.from(clean.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${clean}\`` : `${fence} ${clean} ${fence}`;
}

function flat(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
