/**
 * Guesses which word a misspelt one was meant to be. It lives here because every room with a "did you mean" may open this
 * one, and because it is about names as people type them: case does not count, and nothing but text is looked at.
 */

/** The candidate that was probably meant, the first of equally near ones; `undefined` when none is near enough. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = mistakesAllowed(text) + 1;
  for (const candidate of candidates) {
    // Lengths first: most candidates are ruled out by them. As many mistakes as chars would make it of anything.
    if (Math.abs(candidate.length - text.length) >= least) continue;
    const mistakes = countMistakes(text, candidate);
    if (mistakes >= least || mistakes >= candidate.length) continue;
    least = mistakes;
    best = candidate;
  }
  return best;
}

/** How many mistakes a text may have to be taken for another one: one in three chars, at least one, at most five. */
export function mistakesAllowed(text: string): number {
  return Math.min(5, Math.max(1, Math.floor(text.length / 3)));
}

/** Chars put in, left out, changed, or swapped with their neighbour, each once (optimal string alignment); case folded. */
export function countMistakes(text: string, meant: string): number {
  const a = text.toLowerCase();
  const b = meant.toLowerCase();
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? (beforeLast[j - 2] ?? 0) + 1 : change;
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
