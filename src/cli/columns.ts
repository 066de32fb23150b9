import { columnsOf, visibleText } from "../report/visible-text.ts";

/** Spaces between columns. */
const GAP = 3;

/**
 * A table in columns, left-aligned, without borders and without spaces at the ends of lines. An empty cell is `-`: every
 * line has as many words as the first has titles, so that awk can read it as long as no cell has spaces.
 */
export function formatColumns(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = [titles, ...rows].map((row) => titles.map((_, i) => cellText(row[i])));
  const widths = titles.map((_, i) => Math.max(...table.map((row) => widthOf(row[i] ?? ""))));
  const lines = table.map((row) =>
    row
      .map((cell, i) => (i === titles.length - 1 ? cell : cell + " ".repeat((widths[i] ?? 0) - widthOf(cell) + GAP)))
      .join(""),
  );
  return `${lines.join("\n")}\n`;
}

function cellText(cell: string | undefined): string {
  return cell === undefined || cell === "" ? "-" : visibleText(cell);
}

function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += columnsOf(char);
  return width;
}
