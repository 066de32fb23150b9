import type { Diagnostic } from "./diagnostic.ts";

/** A finding that is not told, and who says so: a comment beside it, or the baseline. */
export interface ExcusedFinding {
  readonly finding: Diagnostic;
  readonly by: "comment" | "baseline";
  readonly reason: string;
}
