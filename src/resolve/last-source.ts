import type { Step } from "./resolution.ts";

/** The steps in which somebody spoke of a name, rather than sent it on. */
export type SourceStep = Extract<
  Step,
  { kind: "zone" | "rule-answer" | "public" | "builtin" | "offline" | "upstream" }
>;

/** Who spoke last: whose data, or whose denial, ended the chain. */
export function lastSource(trace: readonly Step[]): SourceStep | undefined {
  return trace.findLast((step): step is SourceStep => isSource(step));
}

/** Everybody who spoke, in order. */
export function sourceSteps(trace: readonly Step[]): readonly SourceStep[] {
  return trace.filter((step): step is SourceStep => isSource(step));
}

function isSource(step: Step): boolean {
  switch (step.kind) {
    case "zone":
    case "rule-answer":
    case "public":
    case "builtin":
    case "offline":
    case "upstream":
      return true;
    case "authority":
    case "resolver":
    case "redirect":
    case "rule":
    case "target":
    case "cut":
    case "assumed":
      return false;
  }
}
