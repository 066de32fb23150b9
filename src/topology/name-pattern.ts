import { matchesPattern } from "./_pattern.ts";

/** Whether a name, as text without a last dot, fits a pattern of an expectation: a star is any labels, or parts of them. */
export function fitsNamePattern(pattern: string, name: string): boolean {
  return matchesPattern(pattern, name);
}
