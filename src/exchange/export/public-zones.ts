import { type DomainName, ROOT } from "../../name/domain-name.ts";
import { displayName, knownName } from "../../name/name-text.ts";
import { longestSuffix } from "../../name/suffix-map.ts";
import { addressOf } from "../../net/address.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import type { PublicView } from "../../snapshot/snapshot.ts";
import { zoneOfRRsets } from "../../snapshot/zone-of-rrsets.ts";
import { zoneRecords } from "../../zone/zone-records.ts";
import type { PlannedZone } from "./plan.ts";

/** The name server of zones that have none: a resolver is never told of it, and every server wants one (RFC 1035 §5.2). */
export const NAME_SERVER: DomainName = knownName("localhost");

/**
 * Public data as zones, by apex: each public zone with the records of services and of `public.records` that lie in it, and
 * the simulated root with all that is in none.
 */
export function publicZones(internet: PublicView): ReadonlyMap<string, PlannedZone> {
  const written = new Map<string, RRset[]>();
  for (const rrset of zoneRecords(internet.exact.tree)) {
    const { key } = longestSuffix(internet.zones, rrset.owner)?.zone.origin ?? ROOT;
    written.set(key, [...(written.get(key) ?? []), rrset]);
  }
  const root = zoneOfRRsets(ROOT, internet.rootSoa, [internet.rootNs, ...LOCALHOST, ...(written.get(ROOT.key) ?? [])]);
  const zones = new Map<string, PlannedZone>([[ROOT.key, { title: "public data", kind: "public", zone: root }]]);
  for (const { zone } of internet.zones.values()) {
    const { origin, soa, tree } = zone;
    const more = written.get(origin.key) ?? [];
    // An exact owner counts alone: what the zone has there is not seen (SEMANTICS 6).
    const owners = new Set(more.map(({ owner }) => owner.key));
    const own = [...zoneRecords(tree)].filter(({ owner }) => !owners.has(owner.key) || owner.key === origin.key);
    const title = `public zone ${displayName(origin)}`;
    zones.set(origin.key, { title, kind: "public", zone: zoneOfRRsets(origin, soa, [...own, ...more]) });
  }
  return zones;
}

/** The simulated root's own server. */
const LOCALHOST: readonly RRset[] = [
  { owner: NAME_SERVER, type: RecordTypes.A, ttl: 10, rdatas: [Uint8Array.of(127, 0, 0, 1)] },
  {
    owner: NAME_SERVER,
    type: RecordTypes.AAAA,
    ttl: 10,
    rdatas: [addressOf(Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0))).octets],
  },
];
