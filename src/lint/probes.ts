import { type DomainName } from "../name/domain-name.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { SimulatedResolver } from "../snapshot/snapshot.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import { addressesIn } from "./effect.ts";
import type { Estate } from "./estate.ts";
import { namesOf } from "./survey.ts";

/** Enough to tell two resolvers apart that see different things: rules ask each of several for all of them. */
const MOST_NAMES = 100;

/**
 * Names by which resolvers can be told apart: those of endpoints that a network reaches, and of each zone that one of the
 * resolvers sees an owner of an address.
 */
export function probeNames(
  estate: Estate,
  network: string,
  resolvers: readonly SimulatedResolver[],
): readonly DomainName[] {
  const names = new Map<string, DomainName>();
  const add = (name: DomainName): void => void names.set(name.key, name);
  const reached = estate.snapshot.reachable.get(network);
  for (const plan of estate.plans.values()) {
    const { endpoint } = plan;
    if (names.size >= MOST_NAMES) break;
    if (endpoint.connection !== "approved" || reached?.has(endpoint.network) !== true) continue;
    const [first] = namesOf(plan);
    if (first !== undefined) add(first.name.publicName);
  }
  const zones = new Map(
    resolvers.flatMap(({ view }) => [...view.zones.values()].map((zone) => [zone.key, zone] as const)),
  );
  for (const { zone } of [...zones.values()].slice(0, MOST_NAMES)) {
    for (const { owner, type } of zoneRecords(zone.tree)) {
      if (type !== RecordTypes.A || owner.labels[0] === "*") continue;
      add(owner);
      break;
    }
  }
  return [...names.values()];
}

/** An answer as text to compare by, its addresses in any order; `undefined` where real servers would have to be asked. */
export function comparable({ outcome }: Resolution): string | undefined {
  if (outcome.kind === "upstream") return undefined;
  return outcome.kind === "answer" ? addressesIn(outcome).toSorted().join(" ") : outcome.kind;
}
