import { type Diagnostic, Diagnostics } from "../diagnostics/diagnostic.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { estateOf } from "./estate.ts";
import { LINT_RULES } from "./rule-list.ts";

/** Adds to `diagnostics` what the rules find in a model. Of a model with errors nothing in particular can be said: call it without. */
function lint(snapshot: Snapshot, diagnostics: Diagnostics): void {
  const estate = estateOf(snapshot);
  for (const rule of LINT_RULES) rule.check(estate, diagnostics);
}

/** What loading found, and what the rules find: in one order. Where loading found an error, that alone. */
export function withFindings(snapshot: () => Snapshot, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const diagnostics = new Diagnostics();
  diagnostics.add(found);
  if (diagnostics.hasErrors) return found;
  lint(snapshot(), diagnostics);
  return diagnostics.sorted();
}
