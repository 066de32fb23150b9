/** Guesses what a misspelt word was meant to be. */

/** Longer words than these are no mnemonic misspelt. */
const MAX_GUESSED = 14;

/** The hint `did you mean X?` for the nearest candidate by typing mistakes, where one is near enough to be meant. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_GUESSED) return undefined;
  const typed = word.toUpperCase();
  let nearest: string | undefined;
  let least = typed.length <= 4 ? 2 : 3; // One mistake in a short word, two in a longer one.
  for (const candidate of candidates) {
    const mistakes = countMistakes(typed, candidate.toUpperCase());
    if (mistakes >= least || mistakes >= candidate.length) continue;
    least = mistakes;
    nearest = candidate;
  }
  return nearest === undefined ? undefined : `did you mean ${nearest}?`;
}

/** Chars added, dropped, changed or swapped with the next (optimal string alignment). */
function countMistakes(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
