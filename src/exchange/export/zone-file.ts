import { type DomainName, isAtOrBelow, nameFromLabels } from "../../name/domain-name.ts";
import { displayName, formatName } from "../../name/name-text.ts";
import { nameRdata } from "../../record/name-rdata.ts";
import { formatRdata } from "../../record/rdata-text.ts";
import { RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import { typeName } from "../../record/type-names.ts";
import type { Zone } from "../../zone/zone.ts";
import { zoneRecords } from "../../zone/zone-records.ts";
import { NAME_SERVER } from "./public-zones.ts";

/** Seconds that a made NS record lives. */
const NS_TTL = 3600;

export interface ZoneFileOptions {
  /** Lines above the records, without their comment sign. */
  readonly comments: readonly string[];
  /** Whether a zone without name servers gets one: servers load none without. */
  readonly needsNs: boolean;
}

/**
 * A zone as a master file in its one canonical form: the SOA, the apex, then owners in canonical order (RFC 4034 §6.1), one
 * record on each line with its owner, TTL and class, columns aligned. The same zone gives the same text.
 */
export function zoneFileText(zone: Zone, { comments, needsNs }: ZoneFileOptions): string {
  const { origin } = zone;
  const sets = [...zoneRecords(zone.tree)].filter(({ owner, type }) => !isSoa(owner, type, origin));
  const added = needsNs && lacksNs(zone) ? [nameServers(origin)] : [];
  const records = [zone.soa, ...added, ...sets].flatMap((rrset) => recordsOf(rrset, origin));
  const widths = [0, 1, 3].map((column) => Math.max(...records.map((fields) => fields[column]?.length ?? 0)));
  const lines = records.map(([owner = "", ttl = "", recordClass = "", type = "", rdata = ""]) =>
    [owner.padEnd(widths[0] ?? 0), ttl.padStart(widths[1] ?? 0), recordClass, type.padEnd(widths[2] ?? 0), rdata].join(
      " ",
    ),
  );
  return [...comments.map((line) => `; ${line}`.trimEnd()), `$ORIGIN ${formatName(origin)}`, ...lines, ""].join("\n");
}

/** Whether a server would ask for name servers that the zone does not have. */
export function lacksNs({ origin, tree }: Zone): boolean {
  for (const { owner, type } of zoneRecords(tree)) {
    if (owner.key !== origin.key) return true; // The apex comes first.
    if (type === RecordTypes.NS) return false;
  }
  return true;
}

function nameServers(owner: DomainName): RRset {
  return { owner, type: RecordTypes.NS, ttl: NS_TTL, rdatas: [nameRdata(NAME_SERVER)] };
}

function isSoa(owner: DomainName, type: number, origin: DomainName): boolean {
  return type === RecordTypes.SOA && owner.key === origin.key;
}

function recordsOf({ owner, type, ttl, rdatas }: RRset, origin: DomainName): string[][] {
  const texts = rdatas.map((rdata) => formatRdata(type, rdata));
  // In the order of the octets (RFC 4034 §6.3), so that the order of a file does not show.
  const sorted = texts.toSorted();
  return sorted.map((text) => [relativeName(owner, origin), String(ttl), "IN", typeName(type), text]);
}

/** `@`, `www`, and the whole name where the zone is the root. */
function relativeName(name: DomainName, origin: DomainName): string {
  if (name.key === origin.key) return "@";
  if (origin.labels.length === 0 || !isAtOrBelow(name, origin)) return formatName(name);
  return displayName(nameFromLabels(name.labels.slice(0, name.labels.length - origin.labels.length)));
}
