import { displayName } from "../name/name-text.ts";
import { formatLine } from "../source/source-file.ts";
import type { Expectation } from "../topology/model.ts";
import { askerText } from "./askers.ts";

/** Which expectations are run. */
export interface Choice {
  /** One of these must be said of it; empty: all are run. */
  readonly only: readonly string[];
  /** None of these may be. */
  readonly except: readonly string[];
}

/** The expectations that a choice leaves, in their order. */
export function choose(expectations: readonly Expectation[], { only, except }: Choice): readonly Expectation[] {
  if (only.length === 0 && except.length === 0) return expectations;
  return expectations.filter(
    (one) => (only.length === 0 || only.some((text) => isSaid(one, text))) && !except.some((text) => isSaid(one, text)),
  );
}

/** Whether a text is a tag of the expectation, or part of its reason, its names, who asks, or `file:line`. */
function isSaid({ tags, because = "", names, from, span }: Expectation, text: string): boolean {
  const wanted = text.toLowerCase();
  if (tags.some((tag) => tag.toLowerCase() === wanted)) return true;
  const texts = [
    because,
    ...names.map((one) => (one.kind === "name" ? displayName(one.name) : one.text)),
    ...from.map(askerText),
    formatLine(span),
  ];
  return texts.some((one) => one.toLowerCase().includes(wanted));
}
