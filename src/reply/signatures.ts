import type { DomainName } from "../name/domain-name.ts";
import { coveredType } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Step } from "../resolve/resolution.ts";
import type { Zone } from "../zone/zone.ts";
import { findNode, hasType, rrsetAt } from "../zone/zone-tree.ts";

/**
 * The sets of a section, each with the signatures behind it that its zone has of it (RFC 4035 §3.1.1). Denials keep no proof:
 * those are not looked for (SEMANTICS 41).
 */
export function withSignatures(sets: readonly RRset[], trace: readonly Step[]): readonly RRset[] {
  const places = trace.map(signedBy).filter((place) => place !== undefined);
  if (places.length === 0) return sets;
  // QTYPE ANY over a stream, and RRSIG, have those of their owner already.
  const known = new Set(sets.filter(({ type }) => type === RecordTypes.RRSIG).map(({ owner }) => owner.key));
  return sets.flatMap((rrset) => (known.has(rrset.owner.key) ? [rrset] : [rrset, ...signaturesOf(rrset, places)]));
}

/** What one step contributed to the reply, where its zone is signed. */
interface SignedPlace {
  readonly zone: Zone;
  /** The owner as the reply has it. */
  readonly owner: DomainName;
  /** The name in the zone that the records and their signatures stand at: a wildcard, perhaps. */
  readonly at: DomainName;
}

function signedBy(step: Step): SignedPlace | undefined {
  if (step.kind !== "zone" && step.kind !== "public") return undefined;
  const zone = step.kind === "zone" ? step.source.zone : step.zone?.zone;
  if (zone === undefined || !hasType(zone.tree, zone.tree.root, RecordTypes.RRSIG)) return undefined;
  const { found, name } = step;
  switch (found.kind) {
    case "data":
    case "alias":
      return { zone, owner: name, at: found.wildcard ?? name };
    case "dname": // The CNAME that it makes is at another owner, and unsigned (RFC 6672 §5.3.1).
      return { zone, owner: found.dname.owner, at: found.dname.owner };
    case "delegation": // The DS set; the parent does not sign its copy of the NS set (RFC 4035 §2.2).
      return { zone, owner: found.ns.owner, at: found.ns.owner };
    case "nodata":
    case "nxdomain": // The SOA.
      return { zone, owner: zone.origin, at: zone.origin };
  }
}

function signaturesOf({ owner, type, ttl }: RRset, places: readonly SignedPlace[]): RRset[] {
  const place = places.findLast((one) => one.owner.key === owner.key);
  const node = place === undefined ? undefined : findNode(place.zone.tree, place.at);
  if (place === undefined || node === undefined) return [];
  const signatures = rrsetAt(place.zone.tree, node, RecordTypes.RRSIG, owner);
  const rdatas = signatures?.rdatas.filter((rdata) => coveredType(rdata) === type) ?? [];
  // A signature has the TTL of what it covers (RFC 4034 §3).
  return rdatas.length === 0 ? [] : [{ owner, type: RecordTypes.RRSIG, ttl, rdatas }];
}
