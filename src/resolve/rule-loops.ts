import { RecordTypes } from "../record/record-type.ts";
import { platformKey } from "../snapshot/compile.ts";
import { type Rule, type SimulatedResolver, type Snapshot, targetsOf } from "../snapshot/snapshot.ts";
import type { Target } from "../topology/model.ts";
import { resolveOffline } from "./resolve.ts";
import { findTarget } from "./targets.ts";

/** Rules that send the names of a domain in a circle. */
export interface RuleLoop {
  /** Of the first resolver in the path. */
  readonly rule: Rule;
  /** The other rules on the way. */
  readonly others: readonly Rule[];
  /** The resolvers in the order they are asked; the last one is the first. */
  readonly path: readonly string[];
}

/** Finds the circles that questions would go in, each once: what a client would get as SERVFAIL, before one asks. */
export function ruleLoops(snapshot: Snapshot): RuleLoop[] {
  const found = new Map<string, RuleLoop>();
  for (const resolver of inCircles(snapshot)) {
    for (const rule of resolver.view.rules) {
      const loop = loopFrom(snapshot, resolver, rule);
      if (loop === undefined) continue;
      const key = [loop.rule, ...loop.others].map(placeOf).toSorted().join("\n");
      if (!found.has(key)) found.set(key, loop);
    }
  }
  return [...found.values()];
}

/** Resolvers that can be reached from themselves: without one there is nothing to ask. */
function inCircles(snapshot: Snapshot): SimulatedResolver[] {
  const next = new Map<string, ReadonlySet<string>>();
  for (const { key, view } of snapshot.resolvers.values()) {
    next.set(key, new Set(view.rules.flatMap((rule) => ledTo(snapshot, rule, view.network))));
  }
  return [...snapshot.resolvers.values()].filter(({ key }) => {
    const seen = new Set<string>();
    const waiting = [...(next.get(key) ?? [])];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (at === key) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      waiting.push(...(next.get(at) ?? []));
    }
    return false;
  });
}

function ledTo(snapshot: Snapshot, rule: Rule, network: string | undefined): string[] {
  if (rule.isLocal) return [];
  if (rule.kind === "view") return [platformKey(rule.network)];
  const from = rule.kind === "to" ? (rule.network ?? network) : network;
  return targetsOf(rule).flatMap((target) => behind(snapshot, target, from));
}

function behind(snapshot: Snapshot, target: Target, from: string | undefined): string[] {
  const found = findTarget(snapshot, target, from);
  switch (found.kind) {
    case "resolver":
      return [found.resolver.key];
    case "servers":
      return found.targets.flatMap((server) => (server.kind === "network" ? [] : behind(snapshot, server, from)));
    case "internet":
    case "nobody":
      return [];
  }
}

/** The circle that the very name of a rule's domain goes in. */
function loopFrom(snapshot: Snapshot, resolver: SimulatedResolver, rule: Rule): RuleLoop | undefined {
  const question = { name: rule.domain, type: RecordTypes.A };
  const { outcome, trace } = resolveOffline(snapshot, { kind: "resolver", key: resolver.key }, question);
  if (outcome.kind !== "failed" || outcome.reason.kind !== "resolver-loop") return undefined;
  const { path } = outcome.reason;
  const start = trace.findIndex((step) => step.kind === "resolver" && step.resolver.key === path[0]);
  const rules = trace.slice(start).flatMap((step) => (step.kind === "rule" && !step.rule.isLocal ? [step.rule] : []));
  const [first] = rules;
  if (first === undefined) return undefined;
  const others = rules.filter((one, i) => rules.findIndex((other) => placeOf(other) === placeOf(one)) === i);
  return { rule: first, others: others.slice(1), path };
}

function placeOf({ span }: Rule): string {
  return `${span.file.path}:${span.start}`;
}
