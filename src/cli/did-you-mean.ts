import { nearest } from "../name/nearest.ts";

/** `: did you mean serve?`, or nothing when no candidate is near; fits after a sentence that names what was typed. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const near = nearest(text, candidates);
  return near === undefined ? "" : `: did you mean ${near}?`;
}
