import type { DomainName } from "../name/domain-name.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { View } from "../snapshot/snapshot.ts";
import type { Context } from "./context.ts";
import { isSimulated } from "./find-public.ts";
import type { Found } from "./found.ts";
import type { Question } from "./resolution.ts";
import { isSameSource, type Source, sourceFor } from "./source.ts";

/** An alias of a reply for whose target the view has another source: what comes behind it does not count. */
export interface Cut {
  /** The alias's index in the reply. */
  readonly at: number;
  readonly target: DomainName;
}

/** Finds the first alias target of a reply for which the view has a source other than the one that replied (SEMANTICS 3). */
export function cutIn(
  { snapshot: { internet } }: Context,
  view: View,
  source: Source,
  { type }: Question,
  found: Found,
  isIterated: boolean,
): Cut | undefined {
  // The target of the last alias is asked anew in any case, unless the reply went on past it.
  const followed = found.kind === "alias" ? found.aliases.slice(0, -1) : found.aliases;
  for (const [at, alias] of followed.entries()) {
    const rdata = alias.rdatas[0];
    if (alias.type !== RecordTypes.CNAME || rdata === undefined) continue;
    const target = aliasTarget(rdata);
    const own = sourceFor(view, internet, target, type);
    const isElsewhere = !isSameSource(own, source) || (isIterated && isSimulated(internet, { name: target, type }));
    if (isElsewhere) return { at, target };
  }
  return undefined;
}

/** Keeps a reply as far as the cut; the rest, its rcode included, is dropped, and the target is asked anew. */
export function keepUntil({ trace }: Context, found: Found, cut: Cut | undefined): Found {
  if (cut === undefined) return found;
  if (found.kind === "end") trace.push({ kind: "cut", at: cut.target });
  return { kind: "alias", aliases: found.aliases.slice(0, cut.at + 1), target: cut.target };
}
