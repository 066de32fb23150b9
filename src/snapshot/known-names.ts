import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import type { RecordType } from "../record/record-type.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import type { Snapshot } from "./snapshot.ts";

/** A name that has records, with the types of those in file order. */
export interface KnownName {
  readonly owner: DomainName;
  readonly types: readonly RecordType[];
}

/** A place that has names of its own: a private zone, the records written into public data, a public zone. */
export interface NamePlace {
  /** `zone:KEY`, `public` or `public:NAME`. */
  readonly where: string;
  readonly zone: Zone;
}

/**
 * Every place of a model that has names: private zones that some resolver sees, hidden ones among them, in the order of the
 * resolvers; then what services and `public.records` write; then public zones.
 */
export function namePlaces(snapshot: Snapshot): readonly NamePlace[] {
  return [
    ...Array.from(seenZones(snapshot), ([key, zone]) => ({ where: `zone:${key}`, zone })),
    { where: "public", zone: snapshot.internet.exact },
    ...Array.from(snapshot.internet.zones.values(), ({ zone }) => ({
      where: `public:${displayName(zone.origin)}`,
      zone,
    })),
  ];
}

/** The private zones that some resolver sees, by key. */
export function seenZones({ resolvers }: Snapshot): ReadonlyMap<string, Zone> {
  const zones = new Map<string, Zone>();
  for (const { view } of resolvers.values()) for (const { key, zone } of view.zones.values()) zones.set(key, zone);
  return zones;
}

/** The names of a zone that have records, wildcards as they are written. */
export function knownNames({ tree }: Zone): readonly KnownName[] {
  const names: { owner: DomainName; types: RecordType[] }[] = [];
  for (const { owner, type } of zoneRecords(tree)) {
    const last = names.at(-1);
    if (last?.owner.key === owner.key) last.types.push(type);
    else names.push({ owner, types: [type] });
  }
  return names;
}
