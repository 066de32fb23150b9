import { compareNames, type DomainName } from "../../name/domain-name.ts";
import { type RecordType, RecordTypes } from "../../record/record-type.ts";
import { knownNames, namePlaces } from "../../snapshot/known-names.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";

/** A name that somebody may ask for, with every type that has data in some place of the model, and A and AAAA. */
export interface AskedName {
  readonly owner: DomainName;
  /** Ascending. */
  readonly types: readonly RecordType[];
}

/** What only signers and servers among themselves ask for, and what every apex has. */
const NEVER_ASKED: ReadonlySet<RecordType> = new Set([RecordTypes.RRSIG, RecordTypes.NSEC]);

/** Every name that the model knows, once, in canonical order; wildcards as they are written. */
export function askedNames(snapshot: Snapshot): readonly AskedName[] {
  const types = new Map<string, { owner: DomainName; types: Set<RecordType> }>();
  for (const { zone } of namePlaces(snapshot)) {
    for (const known of knownNames(zone)) {
      const found = types.get(known.owner.key) ?? {
        owner: known.owner,
        types: new Set([RecordTypes.A, RecordTypes.AAAA]),
      };
      for (const type of known.types) if (!NEVER_ASKED.has(type)) found.types.add(type);
      types.set(known.owner.key, found);
    }
  }
  return [...types.values()]
    .map(({ owner, types: all }) => ({ owner, types: [...all].toSorted((a, b) => a - b) }))
    .toSorted((a, b) => compareNames(a.owner, b.owner));
}
