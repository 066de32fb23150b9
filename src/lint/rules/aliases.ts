import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { ancestorOf, type DomainName, prepend } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import type { RRset } from "../../record/rrset.ts";
import type { Resolution } from "../../resolve/resolution.ts";
import { platformKey } from "../../snapshot/compile.ts";
import type { SourceSpan } from "../../source/source-file.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { grouped } from "../grouped.ts";
import { linksOf, shown } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/** Aliases that lead in a circle, or further than resolvers follow them. */
export const aliasesRule: LintRule = {
  codes: ["alias/loop", "alias/too-long"],
  check(estate, diagnostics) {
    const told = new Set<string>();
    for (const start of suspects(aliasesOf(estate))) {
      const from = askerOf(estate, start);
      if (from === undefined) continue;
      const answer = estate.ask(from.addressee, start.rrset.owner);
      const places = [start.rrset, ...answer.aliases].flatMap((rrset) => rrset.places?.slice(0, 1) ?? []);
      if (places.some((place) => told.has(textOf(place)))) continue;
      if (reportChain(estate, start, answer, from.text, diagnostics))
        for (const place of places) told.add(textOf(place));
    }
  },
};

/** From here on BIND and Unbound give up: they follow eleven. */
const TOO_MANY = 12;
/** The least of what platforms follow: chains as long as this are asked for. */
const SUSPICIOUS = 5;

interface Node {
  readonly rrset: RRset;
  readonly target: DomainName;
  /** The zone that has it; absent: public data. */
  readonly zone?: string;
}

function aliasesOf({ readings, publicReadings }: Estate): Node[] {
  const own = Array.from(readings, ([zone, { aliases }]) => aliases.map((alias) => ({ ...alias, zone })));
  return [...own.flat(), ...publicReadings.flatMap(({ aliases }) => aliases)];
}

/**
 * Aliases that begin a chain of which so many records follow one another, whoever sees them, or that lie in a circle; the
 * longest first. Records alone say that, in time proportional to their number; what a client gets is then asked.
 */
function suspects(aliases: readonly Node[]): Node[] {
  const byOwner = new Map(
    grouped(aliases, ({ rrset }) => rrset.owner.key).map((same) => [same[0].rrset.owner.key, same]),
  );
  const hasWildcards = aliases.some(({ rrset }) => rrset.owner.labels[0] === "*");
  const lengths = new Map<Node, number>();
  const found: Node[] = [];
  for (const start of aliases) {
    const path: Node[] = [];
    for (let at: Node | undefined = start; at !== undefined && !lengths.has(at); ) {
      lengths.set(at, Number.POSITIVE_INFINITY); // Until its end is known: who comes here again is in a circle.
      path.push(at);
      at = nextOf(at, byOwner, hasWildcards);
    }
    for (const node of path.toReversed()) {
      const next = nextOf(node, byOwner, hasWildcards);
      const length = 1 + (next === undefined ? 0 : (lengths.get(next) ?? 0));
      lengths.set(node, length);
      if (length > SUSPICIOUS) found.push(node);
    }
  }
  return found.toSorted(
    (a, b) => (lengths.get(b) ?? 0) - (lengths.get(a) ?? 0) || placeText(a).localeCompare(placeText(b)),
  );
}

/** The alias that a target is, or that answers for it as a wildcard; where several zones have one, the first. */
function nextOf(
  { target }: Node,
  byOwner: ReadonlyMap<string, readonly Node[]>,
  hasWildcards: boolean,
): Node | undefined {
  const exact = byOwner.get(target.key)?.[0];
  if (exact !== undefined || !hasWildcards) return exact;
  for (let count = target.labels.length - 1; count > 0; count--) {
    const wildcard = prepend(["*"], ancestorOf(target, count));
    const found = wildcard === undefined ? undefined : byOwner.get(wildcard.key)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Somebody who sees the alias. */
function askerOf(estate: Estate, { zone }: Node) {
  if (zone === undefined) return { addressee: { kind: "resolver", key: "internet" } as const, text: "the internet" };
  const declared = estate.topology.zones.get(zone);
  const [link] = declared === undefined ? [] : linksOf(estate, declared);
  if (link !== undefined)
    return { addressee: { kind: "resolver", key: platformKey(link.network) } as const, text: link.network };
  const holder = [...estate.topology.resolvers.values()].find(({ zones }) => zones.includes(zone));
  if (holder === undefined) return undefined;
  return { addressee: { kind: "resolver", key: holder.key } as const, text: `resolver ${holder.key}` };
}

function reportChain(
  estate: Estate,
  { rrset, zone }: Node,
  answer: Resolution,
  from: string,
  diagnostics: Diagnostics,
): boolean {
  const { outcome, aliases } = answer;
  const [place] = rrset.places ?? [];
  if (place === undefined) return false;
  const declared = estate.topology.zones.get(zone ?? "");
  const span = declared === undefined ? place : shown(place, declared);
  const owner = displayName(rrset.owner);
  const related = aliases
    .flatMap(({ places, owner: name }) =>
      (places ?? []).slice(0, 1).map((place) => ({ message: `${displayName(name)} is here`, span: place })),
    )
    .filter((one) => textOf(one.span) !== textOf(span));
  const effect = effectOf(answer, from);
  if (outcome.kind === "failed" && outcome.reason.kind === "alias-loop") {
    const chain = [...aliases.map((one) => displayName(one.owner)), displayName(outcome.reason.name)];
    const message = `aliases of ${owner} go in a circle: ${chain.slice(chain.indexOf(chain.at(-1) ?? "")).join(" → ")}`;
    diagnostics.report("alias/loop", message, span, {
      related,
      effect,
      hint: "let one of them lead to a name with an address",
    });
    return true;
  }
  if (outcome.kind === "failed" && outcome.reason.kind === "alias-limit") {
    const message = `${owner} has more than ${outcome.reason.limit} aliases before its address: the platform there follows no more`;
    diagnostics.report("alias/too-long", message, span, {
      effect,
      hint: "let it be an alias of a name nearer to the end",
    });
    return true;
  }
  if (aliases.length < TOO_MANY) return false;
  const message = `${owner} has ${aliases.length} aliases before its address, and BIND and Unbound follow ${TOO_MANY - 1}`;
  diagnostics.report("alias/too-long", message, span, {
    effect,
    hint: "let it be an alias of a name nearer to the end",
  });
  return true;
}

function placeText({ rrset }: Node): string {
  const [place] = rrset.places ?? [];
  return place === undefined ? "" : textOf(place);
}

function textOf({ file, start }: SourceSpan): string {
  return `${file.path}:${String(start).padStart(10, "0")}`;
}
