import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { RecordTypes } from "../record/record-type.ts";
import { checkApex, HabitCheck } from "../zone/check-habits.ts";
import { checkTargets, type ZoneFinder } from "../zone/check-targets.ts";
import { lookup } from "../zone/lookup.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import { findNode } from "../zone/zone-tree.ts";
import { seenZones } from "./known-names.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Reports what is unusual in each zone of a model, and aliases and hosts that lead nowhere, as far as that is so for whoever
 * asks: of a private zone only names that it alone decides, of public zones all that public zones say. For a model that
 * loaded without errors; `check` tells it, a server does not.
 */
export function checkZones(snapshot: Snapshot, diagnostics: Diagnostics): void {
  const { internet, topology } = snapshot;
  const publicZoneOf = (name: DomainName): Zone | undefined =>
    // What services and `public.records` say at a name counts before zones (SEMANTICS 6).
    findNode(internet.exact.tree, name) === undefined ? longestSuffix(internet.zones, name)?.zone : undefined;
  for (const { zone } of internet.zones.values()) {
    checkRecords(zone, publicZoneOf, diagnostics);
    if (topology.networks.size === 0) checkApex(zone, diagnostics); // Beside networks, zones are a model of what is public.
  }
  const zones = seenZones(snapshot);
  const others = placesOf(snapshot, zones);
  for (const [key, zone] of zones) {
    const declared = topology.zones.get(key);
    const isPassed =
      declared === undefined ||
      declared.onMiss === "internet" ||
      declared.links.some(({ onMiss }) => onMiss === "internet");
    checkRecords(zone, (name) => decidedBy(zone, name, others, isPassed), diagnostics);
  }
}

function checkRecords(zone: Zone, zoneOf: ZoneFinder, diagnostics: Diagnostics): void {
  const habits = new HabitCheck(zone.origin, diagnostics);
  for (const rrset of zoneRecords(zone.tree)) {
    habits.see(rrset);
    checkTargets(rrset, zone, zoneOf, diagnostics);
  }
  habits.finish();
}

/** The keys of every domain that some view has a zone or a rule for. */
function placesOf({ resolvers }: Snapshot, zones: ReadonlyMap<string, Zone>): ReadonlyMap<string, true> {
  const places = new Map<string, true>();
  for (const { origin } of zones.values()) places.set(origin.key, true);
  for (const { view } of resolvers.values()) for (const { domain } of view.rules) places.set(domain.key, true);
  return places;
}

/** The zone, if no view has anything nearer to the name, and what is missing in it is missing. */
function decidedBy(
  zone: Zone,
  name: DomainName,
  others: ReadonlyMap<string, true>,
  isPassed: boolean,
): Zone | undefined {
  let key = name.key;
  while (!others.has(key)) {
    if (key.length <= 1) return undefined;
    key = key.slice(1 + key.charCodeAt(0));
  }
  if (key !== zone.origin.key) return undefined;
  return isPassed && lookup(zone, name, RecordTypes.A).kind === "nxdomain" ? undefined : zone;
}
