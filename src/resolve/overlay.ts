import type { DomainName } from "../name/domain-name.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { PublicView } from "../snapshot/snapshot.ts";
import { lookup } from "../zone/lookup.ts";
import type { ZoneAnswer } from "../zone/zone.ts";
import { findNode, rrsetsAt } from "../zone/zone-tree.ts";

/**
 * What services and `public.records` say at exactly this owner; `undefined` when they say nothing there. Every name simply
 * exists: they are records over whatever else answers, not a zone, so NS is data and cuts nothing off (SEMANTICS 6).
 */
export function exactAnswer({ exact }: PublicView, name: DomainName, type: RecordType): ZoneAnswer | undefined {
  const node = findNode(exact.tree, name);
  const rrsets = node === undefined ? [] : rrsetsAt(exact.tree, node, name);
  if (rrsets.length === 0) return undefined;
  const cname = rrsets.find((rrset) => rrset.type === RecordTypes.CNAME);
  if (cname !== undefined && type !== RecordTypes.CNAME) {
    if (type === RecordTypes.ANY) return { kind: "data", rrsets: [cname] };
    return { kind: "alias", cname, target: aliasTarget(cname.rdatas[0] ?? new Uint8Array()) };
  }
  const asked = type === RecordTypes.ANY ? rrsets : rrsets.filter((rrset) => rrset.type === type);
  if (asked.length > 0) return { kind: "data", rrsets: asked };
  return name.labels.length === 0 ? undefined : { kind: "nodata" }; // The simulated root has sets of its own.
}

/** What a wildcard or a DNAME among those records says of a name that none of them has. */
export function synthesisedAnswer({ exact }: PublicView, name: DomainName, type: RecordType): ZoneAnswer | undefined {
  const answer = lookup(exact, name, type);
  switch (answer.kind) {
    case "data":
    case "alias":
    case "nodata":
      return answer.wildcard === undefined ? undefined : answer; // Without one it is an empty non-terminal.
    case "dname":
      return answer;
    case "delegation":
    case "nxdomain":
      return undefined;
  }
}

/** Whether some record of a service or of `public.records` speaks for a name. */
export function isPublished(internet: PublicView, name: DomainName): boolean {
  const { A } = RecordTypes; // Any type would do.
  return exactAnswer(internet, name, A) !== undefined || synthesisedAnswer(internet, name, A) !== undefined;
}
