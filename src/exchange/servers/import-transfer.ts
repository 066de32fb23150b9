import { type DomainName, isAtOrBelow } from "../../name/domain-name.ts";
import { formatName } from "../../name/name-text.ts";
import type { ResourceRecord } from "../../record/rrset.ts";
import type { Draft, DraftRecords, Unmapped } from "../draft.ts";
import { draftOfViews, type FoundZone } from "./_servers-draft.ts";
import { everyClient } from "./_view-claims.ts";

/** A zone as a server transferred it: every record once. */
export interface TransferredZone {
  readonly apex: DomainName;
  readonly records: readonly ResourceRecord[];
}

/** Zones of a server, which everybody sees: who may see them, no transfer tells. */
export function importTransfer(server: string, zones: readonly TransferredZone[]): Draft {
  const unmapped: Unmapped[] = [];
  const found = zones.map(({ apex, records }): FoundZone => {
    const origin = { text: `zone ${formatName(apex)} of ${server}` };
    const outside = records.filter(({ owner }) => !isAtOrBelow(owner, apex));
    for (const { owner } of outside)
      unmapped.push({ kind: "left-out", what: "record", origin, reason: `${formatName(owner)} lies outside the zone` });
    return { apex, source: server, origin, records: setsOf(records.filter((record) => !outside.includes(record))) };
  });
  const origin = { text: `transferred from ${server}` };
  return draftOfViews([{ name: "clients", origin, clients: everyClient(), zones: found, rules: [] }], unmapped);
}

/** Records by owner and type, in the order in which they came; TTLs that differ become the lowest (RFC 2181 §5.2). */
function setsOf(records: readonly ResourceRecord[]): DraftRecords[] {
  const sets = new Map<string, ResourceRecord[]>();
  for (const record of records) {
    const key = `${record.type} ${record.owner.key}`;
    const others = sets.get(key);
    if (others === undefined) sets.set(key, [record]);
    else others.push(record);
  }
  return [...sets.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const ttl = Math.min(...all.map((one) => one.ttl));
    return [{ set: { owner: first.owner, type: first.type, ttl, rdatas: all.map(({ rdata }) => rdata) } }];
  });
}
