import type { RRset } from "../record/rrset.ts";
import type { Rule, SimulatedResolver, View } from "../snapshot/snapshot.ts";
import type { FailoverCause, Target } from "../topology/model.ts";
import type { Context } from "./context.ts";
import { findPublic } from "./find-public.ts";
import { end, type Found } from "./found.ts";
import type { FailedTarget, Failure, Outcome, Question, Refusal, Silence } from "./resolution.ts";
import { findTarget } from "./targets.ts";
import type { Walk } from "./upstream.ts";

/** One resolver's reply, as another resolver or a client gets it. */
export interface Reply {
  /** The key of who answered; absent when nobody did. */
  readonly resolver?: string;
  readonly aliases: readonly RRset[];
  readonly outcome: Outcome;
}

/** The way back to the loop: a resolver of the model answers a question. */
export type AnswerAs = (context: Context, resolver: SimulatedResolver, question: Question) => Walk<Reply>;

/** What a rule's targets gave. */
export interface TargetsReply {
  readonly found: Found;
  /** A target was `internet`: the resolver asked public data itself, and aliases are its own affair (SEMANTICS 4). */
  readonly isIterated: boolean;
}

/** Asks a rule's targets in order: silence moves on, any reply is final unless the resolver says more (SEMANTICS 19). */
export function* askTargets(
  context: Context,
  rule: Extract<Rule, { kind: "to" }>,
  view: View,
  question: Question,
  answerAs: AnswerAs,
): Walk<TargetsReply> {
  const { targets, network = view.network } = rule;
  const failed: FailedTarget[] = [];
  let ownFault: Failure | undefined;
  for (const [i, target] of targets.entries()) {
    const found = findTarget(context.snapshot, target, network);
    const alternatives = context.alternatives + targets.length - 1 - i;
    if (found.kind === "internet") return { found: yield* findPublic(context, view, question), isIterated: true };
    const reply = yield* askOne({ ...context, alternatives }, found, network, question, answerAs);
    if (reply.outcome.kind === "no-reply") {
      const why = reply.outcome.reason;
      context.trace.push({ kind: "target", target, result: "no-reply", why });
      failed.push(...(why.kind === "targets-silent" ? why.targets : [{ target: target.text, why: "no reply" }]));
      continue;
    }
    const failure = failureOf(reply.outcome);
    if (failure !== undefined && view.failover.includes(failure.cause)) {
      const result = target === targets.at(-1) ? "failed" : "moved-on";
      context.trace.push({ kind: "target", target, result, ...failure.why });
      failed.push({ target: target.text, why: failure.cause.toUpperCase() });
      if (reply.outcome.kind === "failed" && isOwnFault(reply.outcome.reason)) ownFault ??= reply.outcome.reason;
      continue;
    }
    context.trace.push({ kind: "target", target, result: "answered" });
    return { found: end(passedOn(target, reply.outcome), reply.aliases), isIterated: false };
  }
  const reason = ownFault ?? { kind: "targets-failed", targets: failed };
  return { found: end({ kind: "failed", reason }), isIterated: false };
}

/** Asks a client's DNS servers in order, as its stub resolver does: it moves on unless the reply says something of the name. */
export function* askServers(
  context: Context,
  servers: readonly Target[],
  network: string | undefined,
  question: Question,
  answerAs: AnswerAs,
): Walk<Reply> {
  const silent: { target: string; reason: Silence }[] = [];
  let last: Reply | undefined;
  for (const [i, target] of servers.entries()) {
    const found = findTarget(context.snapshot, target, network);
    const alternatives = context.alternatives + servers.length - 1 - i;
    const reply = yield* askOne({ ...context, alternatives }, found, network, question, answerAs);
    const { outcome } = reply;
    if (outcome.kind === "no-reply") {
      context.trace.push({ kind: "target", target, result: "no-reply", why: outcome.reason });
      silent.push({ target: target.text, reason: outcome.reason });
      continue;
    }
    const failure = failureOf(outcome);
    if (failure === undefined) {
      context.trace.push({ kind: "target", target, result: "answered" });
      return reply;
    }
    const result = target === servers.at(-1) ? "failed" : "moved-on";
    context.trace.push({ kind: "target", target, result, ...failure.why });
    last = reply;
  }
  if (last !== undefined) return last;
  const [first] = silent;
  const reason: Silence =
    silent.length === 1 && first !== undefined
      ? first.reason
      : { kind: "targets-silent", targets: silent.map(({ target }) => ({ target, why: "no reply" })) };
  return { aliases: [], outcome: { kind: "no-reply", reason } };
}

/** A reply that says nothing of the name, by its rcode, with the reason where there is one. */
function failureOf(
  outcome: Outcome,
):
  | { readonly cause: Exclude<FailoverCause, "no-reply">; readonly why: { readonly why?: Failure | Refusal } }
  | undefined {
  switch (outcome.kind) {
    case "failed":
      return { cause: "servfail", why: { why: outcome.reason } };
    case "refused":
      return { cause: "refused", why: { why: outcome.reason } };
    case "not-implemented":
      return { cause: "notimp", why: {} };
    case "answer":
    case "nodata":
    case "nxdomain":
    case "yxdomain":
    case "referral":
    case "unfollowed":
    case "no-reply":
    case "upstream":
      return undefined;
  }
}

function* askOne(
  context: Context,
  found: ReturnType<typeof findTarget>,
  network: string | undefined,
  question: Question,
  answerAs: AnswerAs,
): Walk<Reply> {
  switch (found.kind) {
    case "resolver":
      return yield* answerAs(context, found.resolver, question);
    case "internet":
      return yield* answerAs(context, context.snapshot.internetResolver, question);
    case "servers":
      return yield* askServers(context, found.targets, network, question, answerAs);
    case "nobody":
      return { aliases: [], outcome: { kind: "no-reply", reason: found.silence } };
  }
}

/** A rcode that says nothing of the name reaches the client as SERVFAIL that names the target (SEMANTICS 19). */
function passedOn(target: Target, outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case "failed":
      return { kind: "failed", reason: isOwnFault(outcome.reason) ? outcome.reason : failedTarget(target, "SERVFAIL") };
    case "refused":
      // What RD=0 forbids is forbidden all the way, and is the client's own wish (SEMANTICS 17).
      if (outcome.reason.kind === "recursion-not-desired") return outcome;
      return { kind: "failed", reason: failedTarget(target, "REFUSED") };
    case "not-implemented":
      return { kind: "failed", reason: failedTarget(target, "NOTIMP") };
    case "answer":
    case "nodata":
    case "nxdomain":
    case "yxdomain":
    case "referral":
    case "unfollowed":
    case "no-reply":
    case "upstream":
      return outcome;
  }
}

/** A loop or a limit is worth more to the reader than which target told of it. */
function isOwnFault(reason: Failure): boolean {
  return reason.kind !== "targets-failed";
}

function failedTarget(target: Target, why: string): Failure {
  return { kind: "targets-failed", targets: [{ target: target.text, why }] };
}
