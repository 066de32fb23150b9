import type { DomainName } from "../name/domain-name.ts";
import type { RRset } from "../record/rrset.ts";
import type { Zone } from "../zone/zone.ts";
import { emptyZoneTree, layerZone } from "../zone/zone-tree.ts";

/** A zone of record sets that stand in no file. */
export function zoneOfRRsets(origin: DomainName, soa: RRset, rrsets: readonly RRset[]): Zone {
  const changes = rrsets.map((rrset) => ({ kind: "replace" as const, rrset }));
  return { origin, tree: layerZone(emptyZoneTree(origin), changes), soa };
}
