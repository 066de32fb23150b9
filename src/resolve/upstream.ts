import type { RRset } from "../record/rrset.ts";
import type { Target } from "../topology/model.ts";
import type { FailedTarget, Outcome, Question } from "./resolution.ts";

/** What came back from real servers, as far as it counts (SEMANTICS 46). */
export type UpstreamReply =
  | {
      readonly kind: "reply";
      readonly aliases: readonly RRset[];
      readonly outcome: Extract<Outcome, { kind: "answer" | "nodata" | "nxdomain" | "yxdomain" }>;
    }
  | { readonly kind: "failed"; readonly targets: readonly FailedTarget[] };

/** The port to real servers, tried in order; never rejects. `resolve` without it sends nothing. */
export type AskUpstream = (targets: readonly Target[], question: Question) => Promise<UpstreamReply>;

/** What a walk needs from outside before it can go on. */
export interface UpstreamQuestion {
  readonly targets: readonly Target[];
  readonly question: Question;
}

/** A walk that runs to its end at once while every source is local, and stops only where a real server must be asked. */
export type Walk<T> = Generator<UpstreamQuestion, T, UpstreamReply>;

/** Runs a walk: a value when nothing outside was needed, else a promise. No microtask on the local path. */
export function runWalk<T>(walk: Walk<T>, ask: AskUpstream | undefined): T | Promise<T> {
  const first = walk.next();
  if (first.done === true) return first.value;
  if (ask === undefined) throw new Error("a walk asked upstream without a port");
  return finishWalk(walk, first.value, ask);
}

async function finishWalk<T>(walk: Walk<T>, first: UpstreamQuestion, ask: AskUpstream): Promise<T> {
  let wanted = first;
  for (;;) {
    const next = walk.next(await ask(wanted.targets, wanted.question));
    if (next.done === true) return next.value;
    wanted = next.value;
  }
}
