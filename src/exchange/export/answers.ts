import type { DomainName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { aliasTarget } from "../../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../../record/record-type.ts";
import type { RRset } from "../../record/rrset.ts";
import { typeName } from "../../record/type-names.ts";
import type { Resolution } from "../../resolve/resolution.ts";
import { resolveOffline } from "../../resolve/resolve.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import type { AskedName } from "./asked-names.ts";
import type { Asker } from "./askers.ts";
import { summaryOf } from "./flatten.ts";
import { flattenedText, type Loss } from "./losses.ts";

/** What one asker gets for one name in the end, for targets that have names and no zones. */
export interface NameAnswer {
  readonly owner: DomainName;
  /** The first alias, where the name is one. */
  readonly alias?: { readonly target: DomainName; readonly ttl: number };
  /** The names that the answer goes through. */
  readonly through: readonly DomainName[];
  /** The last answers, written at the name itself. */
  readonly sets: readonly RRset[];
  /** Whether the name is there at last, be it without data. */
  readonly exists: boolean;
  /** It has neither data nor denial: a real server, or nobody, would have to say. */
  readonly isElsewhere: boolean;
}

/** What an asker gets for every name that the model knows, and what cannot be said of names one by one: wildcards. */
export function answersFor(
  snapshot: Snapshot,
  asker: Asker,
  names: readonly AskedName[],
): { readonly answers: readonly NameAnswer[]; readonly losses: readonly Loss[] } {
  const losses: Loss[] = [];
  const known = new Map(names.map(({ owner, types }) => [owner.key, types]));
  const answers = names.flatMap(({ owner, types }): NameAnswer[] => {
    const ask = (type: RecordType): Resolution => resolveOffline(snapshot, asker.addressee, { name: owner, type });
    const first = ask(RecordTypes.A);
    if (owner.labels[0] === "*") {
      const message = `${displayName(owner)}: names that no record names are not answered`;
      const isSeen = first.outcome.kind !== "nxdomain" || first.aliases.length > 0;
      if (isSeen) losses.push({ kind: "wildcard-dropped", asker: asker.key, name: owner, message });
      return [];
    }
    const last = targetsOf(first).at(-1);
    const own = new Set([...types, ...(known.get(last?.key ?? "") ?? [])]);
    own.delete(RecordTypes.CNAME);
    const resolutions = [...own].toSorted((a, b) => a - b).map(ask);
    const failed = resolutions.filter(({ outcome: { kind } }) => !["answer", "nodata", "nxdomain"].includes(kind));
    for (const one of failed) losses.push(lostAnswer(one, asker));
    const sets = resolutions.flatMap(({ outcome }) =>
      outcome.kind === "answer" ? outcome.rrsets.map(({ type, ttl, rdatas }) => ({ owner, type, ttl, rdatas })) : [],
    );
    const [cname] = first.aliases;
    const alias = cname?.type === RecordTypes.CNAME ? { target: aliasOf(cname), ttl: cname.ttl } : undefined;
    const isElsewhere = failed.length > 0 && sets.length === 0;
    const exists = resolutions.some(({ outcome: { kind } }) => kind === "answer" || kind === "nodata");
    return [{ owner, exists, ...(alias === undefined ? {} : { alias }), through: targetsOf(first), sets, isElsewhere }];
  });
  return { answers, losses };
}

/** Names whose chain is not written. */
export function flattenedLoss({ owner: name, through }: NameAnswer, asker: Asker): Loss {
  return { kind: "chain-flattened", asker: asker.key, name, message: flattenedText(name, through) };
}

function lostAnswer({ question: { name, type }, ...rest }: Resolution, { key: asker }: Asker): Loss {
  return {
    kind: "answer-differs",
    asker,
    name,
    type,
    message: `${displayName(name)} ${typeName(type)}: ${summaryOf(rest)}`,
  };
}

function targetsOf({ aliases }: Resolution): DomainName[] {
  return aliases.filter(({ type }) => type === RecordTypes.CNAME).map(aliasOf);
}

function aliasOf({ rdatas: [rdata] }: RRset): DomainName {
  if (rdata === undefined) throw new Error("an alias without a target");
  return aliasTarget(rdata);
}
