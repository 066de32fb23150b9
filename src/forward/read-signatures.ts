import { coveredType } from "../record/rdata-wire.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord, RRset } from "../record/rrset.ts";

/** Not spoken of by name elsewhere (RFC 5155 §3). */
const NSEC3 = 50;

/** The signatures of the sets, each set's as one of its own. */
export function signaturesIn(records: readonly ResourceRecord[], sets: readonly RRset[]): RRset[] {
  const signatures = records.filter(isSignature);
  return sets.flatMap((set) => {
    const own = signatures.filter(({ owner, rdata }) => owner.key === set.owner.key && coveredType(rdata) === set.type);
    return toSets(own);
  });
}

/** What proves a denial, or that a wildcard may answer: NSEC and NSEC3 records with their signatures, as sets. */
export function proofIn(records: readonly ResourceRecord[]): RRset[] {
  return toSets(
    records.filter((record) => {
      const type = isSignature(record) ? coveredType(record.rdata) : record.type;
      return record.class === RecordClasses.IN && (type === RecordTypes.NSEC || type === NSEC3);
    }),
  );
}

function isSignature({ type, class: recordClass }: ResourceRecord): boolean {
  return type === RecordTypes.RRSIG && recordClass === RecordClasses.IN;
}

/** Records as sets in their order: signatures of one owner apart by what they cover. */
function toSets(records: readonly ResourceRecord[]): RRset[] {
  const sets = new Map<string, { owner: RRset["owner"]; type: number; ttl: number; rdatas: Uint8Array[] }>();
  for (const { owner, type, ttl, rdata } of records) {
    const covered = type === RecordTypes.RRSIG ? coveredType(rdata) : "";
    const key = `${type} ${covered} ${owner.key}`;
    const set = sets.get(key);
    if (set === undefined) sets.set(key, { owner, type, ttl, rdatas: [rdata] });
    else {
      set.ttl = Math.min(set.ttl, ttl);
      set.rdatas.push(rdata);
    }
  }
  return [...sets.values()];
}
