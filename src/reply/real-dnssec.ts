import { coveredType } from "../record/rdata-wire.ts";
import type { RRset } from "../record/rrset.ts";
import { sourceSteps } from "../resolve/last-source.ts";
import type { Resolution, Step } from "../resolve/resolution.ts";

/**
 * Whether every part of an answer came from a real server that says it has validated it: what is ours is not validated, and
 * one set of ours makes the whole insecure (RFC 4035 §3.2.3, SEMANTICS 15).
 */
export function isAuthentic({ trace, outcome }: Resolution): boolean {
  if (outcome.kind === "failed") return false;
  const steps = sourceSteps(trace);
  return steps.length > 0 && steps.every((step) => step.kind === "upstream" && step.marks?.isAuthentic === true);
}

/** The sets of a section, each with the signatures behind it that real servers sent for it. */
export function withRealSignatures(sets: readonly RRset[], trace: readonly Step[]): readonly RRset[] {
  const signatures = sourceSteps(trace).flatMap((step) =>
    step.kind === "upstream" ? (step.marks?.signatures ?? []) : [],
  );
  if (signatures.length === 0) return sets;
  return sets.flatMap((set) => [set, ...signatures.filter((one) => covers(one, set))]);
}

/** What proves the denials that real servers gave, and that a wildcard may speak for a name (RFC 4035 §3.1.3). */
export function realProof(trace: readonly Step[]): readonly RRset[] {
  return sourceSteps(trace).flatMap((step) => (step.kind === "upstream" ? (step.marks?.proof ?? []) : []));
}

function covers({ owner, rdatas }: RRset, set: RRset): boolean {
  const [rdata] = rdatas;
  return rdata !== undefined && owner.key === set.owner.key && coveredType(rdata) === set.type;
}
