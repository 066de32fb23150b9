/** Lines that an arrow carries at most. */
const MOST = 4;

/** What is written at an arrow: the first lines, and how many more there are. */
export function shownLines(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST - 1), `and ${lines.length - MOST + 1} more`];
}
