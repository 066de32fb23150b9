import type { DiagnosticCode } from "../diagnostics/catalogue.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { Estate } from "./estate.ts";

/**
 * A reading of a model that holds no mistake: it can be served, and somebody will be surprised by what it answers. A rule asks
 * the model what a client would ask, and shows the answer that it got; it never works out by itself what the answer would be.
 */
export interface LintRule {
  /** What it may report, and nothing else. */
  readonly codes: readonly DiagnosticCode[];
  check(estate: Estate, diagnostics: Diagnostics): void;
}
