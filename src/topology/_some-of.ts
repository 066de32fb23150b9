/** As many candidates as fit a hint: `a, b, c and 4 more`. */
export function someOf(candidates: readonly string[], most = 6): string {
  const shown = candidates.slice(0, most).join(", ");
  return candidates.length > most ? `${shown} and ${candidates.length - most} more` : shown;
}
