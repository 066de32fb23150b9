import type { DomainName } from "../name/domain-name.ts";
import { addressOf } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";
import type { Outcome } from "./resolution.ts";
import { resolveOffline } from "./resolve.ts";

/** A name that a forwarder answers one way while it trusts its target's reply, and another once it chases aliases. */
export interface AliasSplit {
  readonly resolver: SimulatedResolver;
  readonly name: DomainName;
  /** What the name is an alias of, in the zone that the endpoint writes to. */
  readonly alias: DomainName;
  /** What each of the two gives, in words. */
  readonly trusting: string;
  readonly chasing: string;
}

/** Asks every forwarder for the names of endpoints, both ways (SEMANTICS 2): the first name of each that differs. */
export function aliasSplits(snapshot: Snapshot): AliasSplit[] {
  const names = [...snapshot.endpointNames.values()].flat().filter((name) => name.publicName !== name.privateName);
  const forwarders = [...snapshot.resolvers.values()].filter(
    ({ kind, view }) => kind === "forwarder" && hasRules(view),
  );
  return forwarders.flatMap((resolver) => {
    const trusting = withAliases(snapshot, resolver, "trust");
    const chasing = withAliases(snapshot, resolver, "chase");
    for (const { publicName: name, privateName: alias } of names) {
      const given = { trusting: said(trusting, resolver, name), chasing: said(chasing, resolver, name) };
      if (given.trusting !== given.chasing) return [{ resolver, name, alias, ...given }];
    }
    return [];
  });
}

/** One rule for everything treats a name and its alias alike. */
function hasRules({ rules }: SimulatedResolver["view"]): boolean {
  return rules.some(({ domain }) => domain.labels.length > 0);
}

function withAliases(snapshot: Snapshot, resolver: SimulatedResolver, aliases: "trust" | "chase"): Snapshot {
  const changed: SimulatedResolver = { ...resolver, view: { ...resolver.view, aliases } };
  return { ...snapshot, resolvers: new Map([...snapshot.resolvers, [resolver.key, changed]]) };
}

function said(snapshot: Snapshot, { key }: SimulatedResolver, name: DomainName): string {
  return textOf(resolveOffline(snapshot, { kind: "resolver", key }, { name, type: RecordTypes.A }).outcome);
}

function textOf(outcome: Outcome): string {
  if (outcome.kind !== "answer") return outcome.kind;
  return outcome.rrsets.flatMap(({ rdatas }) => rdatas.map((rdata) => addressOf(rdata).text)).join(", ");
}
