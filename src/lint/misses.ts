import { type PublicReason, publicReason } from "../explain/public-reason.ts";
import { originOf } from "../explain/verdict.ts";
import type { ExpandedName } from "../catalogue/expand.ts";
import type { EndpointPlan } from "../platform/allocate.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Asker } from "./askers.ts";
import type { Estate } from "./estate.ts";

/** A name of an approved endpoint for which clients who reach the endpoint get no private answer. */
export interface Miss {
  readonly plan: EndpointPlan;
  readonly member: string;
  readonly name: ExpandedName;
  /** Who asked: those networks of the class that reach the endpoint, the endpoint's own first. */
  readonly asker: Asker;
  readonly networks: readonly string[];
  /** What the first of them got. */
  readonly resolution: Resolution;
  /** Whether that was an answer from the internet; else it was none. */
  readonly isPublic: boolean;
  /** Why the answer is public, where it is. */
  readonly reason?: PublicReason;
}

/** Asks for every name of every approved endpoint from every class of networks that has a way to the endpoint. */
export function missesOf(estate: Estate): readonly Miss[] {
  const { snapshot, plans, askers } = estate;
  const misses: Miss[] = [];
  for (const plan of plans.values()) {
    const { endpoint } = plan;
    if (endpoint.connection !== "approved") continue;
    for (const asker of askers) {
      const networks = asker.networks
        .filter((network) => snapshot.reachable.get(network)?.has(endpoint.network) === true)
        .toSorted((a, b) => Number(b === endpoint.network) - Number(a === endpoint.network));
      const [first] = networks;
      if (first === undefined) continue;
      for (const member of plan.members) {
        for (const name of member.names) {
          const resolution = estate.ask({ kind: "servers-of", network: first }, name.publicName);
          const origin = originOf(resolution);
          if (origin === undefined || (origin === "private" && resolution.outcome.kind === "answer")) continue;
          const isPublic = origin === "public";
          const reason = publicReason(snapshot, resolution);
          const why = reason === undefined ? {} : { reason };
          misses.push({ plan, member: member.member, name, asker, networks, resolution, isPublic, ...why });
        }
      }
    }
  }
  return misses;
}
