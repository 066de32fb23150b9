import { type DomainName, sameName } from "../name/domain-name.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneRecords } from "../zone/zone-records.ts";

const { A, NS, CNAME, SOA, AAAA } = RecordTypes;

/** What rules want to know of the records of a zone, read in one pass: of a large zone little is kept. */
export interface ZoneReading {
  readonly zone: Zone;
  /** Record sets, without SOA and NS of the apex: those say nothing to a client. */
  readonly sets: number;
  readonly wildcards: readonly RRset[];
  readonly aliases: readonly Alias[];
  readonly addresses: readonly RRset[];
  /** Sets by type, the first of each. */
  readonly firstOf: ReadonlyMap<RecordType, RRset>;
  /** The set with the most records. */
  readonly largest: RRset | undefined;
  readonly shortestLived: RRset | undefined;
  readonly longestLived: RRset | undefined;
}

/** A CNAME of a zone. */
export interface Alias {
  readonly rrset: RRset;
  readonly target: DomainName;
}

/** Reads every record of a zone once. */
export function readZone(zone: Zone): ZoneReading {
  const wildcards: RRset[] = [];
  const aliases: Alias[] = [];
  const addresses: RRset[] = [];
  const firstOf = new Map<RecordType, RRset>();
  let sets = 0;
  let largest: RRset | undefined;
  let shortestLived: RRset | undefined;
  let longestLived: RRset | undefined;
  for (const rrset of zoneRecords(zone.tree)) {
    const { owner, type, rdatas, ttl } = rrset;
    if ((type === SOA || type === NS) && sameName(owner, zone.origin)) continue;
    sets++;
    if (!firstOf.has(type)) firstOf.set(type, rrset);
    if (owner.labels[0] === "*") wildcards.push(rrset);
    if (rdatas.length > (largest?.rdatas.length ?? 0)) largest = rrset;
    if (ttl < (shortestLived?.ttl ?? Number.POSITIVE_INFINITY)) shortestLived = rrset;
    if (ttl > (longestLived?.ttl ?? -1)) longestLived = rrset;
    const [rdata] = rdatas;
    if (type === CNAME && rdata !== undefined) aliases.push({ rrset, target: aliasTarget(rdata) });
    else if (type === A || type === AAAA) addresses.push(rrset);
  }
  return { zone, sets, wildcards, aliases, addresses, firstOf, largest, shortestLived, longestLived };
}
