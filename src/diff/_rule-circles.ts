import { findTarget } from "../resolve/targets.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";

/** Whether a resolver's rules lead, over others, back to it. */
export function isInCircle(snapshot: Snapshot, start: SimulatedResolver): boolean {
  const met = new Set<SimulatedResolver>();
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const other of askedBy(snapshot, next)) {
      if (other === start) return true;
      if (met.has(other)) continue;
      met.add(other);
      waiting.push(other);
    }
  }
  return false;
}

/** The resolvers that a resolver's rules lead to. */
function askedBy(snapshot: Snapshot, { view }: SimulatedResolver): readonly SimulatedResolver[] {
  return view.rules.flatMap((rule) => {
    if (rule.kind === "view") {
      const resolver = snapshot.resolvers.get(platformKey(rule.network));
      return resolver === undefined ? [] : [resolver];
    }
    if (rule.kind === "answer") return [];
    const from = rule.network ?? view.network;
    return rule.targets.flatMap((target) => {
      const found = findTarget(snapshot, target, from);
      if (found.kind === "resolver") return [found.resolver];
      if (found.kind !== "servers") return [];
      return found.targets.flatMap((server) => {
        const behind = findTarget(snapshot, server, from);
        return behind.kind === "resolver" ? [behind.resolver] : [];
      });
    });
  });
}
