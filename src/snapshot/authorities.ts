import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { longestSuffix, type SuffixMap } from "../name/suffix-map.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Topology } from "../topology/model.ts";
import type { ServedZones } from "../topology/served-zones.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import { layerZone, type ZoneChange } from "../zone/zone-tree.ts";
import type { Authority, PublicView, PublicZone, ServedZone, View, ViewZone } from "./snapshot.ts";

/** What the listeners of a topology can serve, compiled already. */
export interface AuthorityParts {
  readonly topology: Topology;
  /** Private zones by key. */
  readonly zones: ReadonlyMap<string, Zone>;
  /** What a network's platform resolver sees; nothing where there is none. */
  readonly viewOf: (network: string) => View | undefined;
  readonly internet: PublicView;
}

/** Makes what each authoritative listener serves, by the key of its choice: two listeners of one choice are one server. */
export function compileAuthorities(parts: AuthorityParts, diagnostics: Diagnostics): Map<string, Authority> {
  const authorities = new Map<string, Authority>();
  let open: SuffixMap<ServedZone> | undefined;
  const publicZones = (): SuffixMap<ServedZone> => (open ??= servedPublicZones(parts.internet));
  for (const { serves, span } of parts.topology.listeners) {
    if (serves === undefined) continue;
    const authority = authorities.get(serves.key) ?? { key: serves.key, zones: zonesOf(serves, parts, publicZones) };
    authorities.set(serves.key, authority);
    if (authority.zones.size > 0) continue;
    const message = `this authoritative listener is for ${serves.key}, and there are none: it refuses every question`;
    diagnostics.report("listener/no-zones", message, span, {
      hint: "name zones of the listener, or declare public zones",
    });
  }
  return authorities;
}

function zonesOf(
  serves: ServedZones,
  { topology, zones, viewOf }: AuthorityParts,
  publicZones: () => SuffixMap<ServedZone>,
): SuffixMap<ServedZone> {
  switch (serves.kind) {
    case "public":
      return publicZones();
    case "network": {
      const linked = viewOf(serves.network)?.zones.values() ?? [];
      return new Map([...publicZones(), ...[...linked].map(servedPrivately)]);
    }
    case "named":
      return new Map(
        serves.zones.flatMap((key) => {
          const zone = zones.get(key);
          const span = topology.zones.get(key)?.span;
          if (zone === undefined || span === undefined) return [];
          return [servedPrivately({ key, zone, span, onMiss: "nxdomain" })];
        }),
      );
  }
}

function servedPrivately(source: ViewZone): [string, ServedZone] {
  return [source.zone.origin.key, { kind: "private", source, zone: source.zone }];
}

/** The public zones with what services and `public.records` say inside them, as a zone's own data. */
function servedPublicZones({ zones, exact }: PublicView): Map<string, ServedZone> {
  const written = new Map<PublicZone, RRset[]>();
  for (const rrset of zones.size === 0 ? [] : zoneRecords(exact.tree)) {
    const zone = longestSuffix(zones, rrset.owner);
    if (zone === undefined) continue;
    const sets = written.get(zone);
    if (sets === undefined) written.set(zone, [rrset]);
    else sets.push(rrset);
  }
  return new Map(
    [...zones].map(([name, source]) => {
      const zone = withSets(source.zone, written.get(source) ?? []);
      return [name, { kind: "public", source: { ...source, zone }, zone }];
    }),
  );
}

/** A name that is written stands in place of the zone's own, as resolvers see it; but a zone keeps what makes it one. */
function withSets(zone: Zone, sets: readonly RRset[]): Zone {
  const { origin, tree } = zone;
  if (sets.length === 0) return zone;
  const isApex = ({ owner }: RRset): boolean => owner.key === origin.key;
  const taken = sets.filter((rrset) => !isApex(rrset) || !APEX_TYPES.has(rrset.type));
  const cleared: ZoneChange[] = taken.filter((rrset) => !isApex(rrset)).map(({ owner }) => ({ kind: "delete", owner }));
  const put: ZoneChange[] = taken.map((rrset) => ({ kind: "replace", rrset }));
  return { ...zone, tree: layerZone(tree, [...cleared, ...put]) };
}

/** What a zone has at its apex, and no record of somebody else replaces. */
const APEX_TYPES: ReadonlySet<number> = new Set([RecordTypes.SOA, RecordTypes.NS, RecordTypes.CNAME]);
