import * as fc from "fast-check";
import { fits, type MadeRecord, rdataOf } from "./made-zones.ts";
import type { ServedZone } from "./servers.ts";

/** Few labels, so that names meet. */
const anyLabel = fc.constantFrom("a", "b", "c");
const anyPlace = fc.array(anyLabel, { maxLength: 3 });
const anyNumber = fc.integer({ min: 1, max: 9 });
/** What names are worth being pointed at: in the zone, in another one that is served, in none. */
const anyTarget = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.oneof(anyLabel, fc.constant("d")), { minLength: 1, maxLength: 3 }).map(joined) },
  { weight: 1, arbitrary: fc.constantFrom("a.g1.test.", "b.a.g2.test.", "nobody.g3.test.", "a.a.g4.test.") },
  { weight: 1, arbitrary: fc.constant("outside.invalid.") },
);

const anySet = fc
  .tuple(
    anyPlace,
    fc.constantFrom("A", "A", "AAAA", "TXT", "MX", "SRV", "CAA", "HTTPS", "TYPE65280"),
    anyTarget,
    fc.uniqueArray(anyNumber, { minLength: 1, maxLength: 3 }),
  )
  .map(([place, type, target, numbers]) => numbers.map((number) => record(joined(place), type, target, number)));

/** Aliases one after the other, to anything: data, nothing, themselves, another zone. */
const anyChain = fc
  .tuple(fc.array(anyPlace, { minLength: 1, maxLength: 4 }), anyTarget)
  .map(([places, last]) => places.map((place, i) => record(joined(place), "CNAME", joined(places[i + 1], last))));

/** A wildcard, and names below its own name, which hide nothing. */
const anyWildcard = fc
  .tuple(anyPlace, fc.constantFrom("A", "TXT", "MX", "CNAME"), anyTarget, anyLabel, fc.boolean())
  .map(([place, type, target, label, hasChild]) => [
    record(joined(["*", ...place]), type, target),
    ...(hasChild ? [record(joined([label, "*", ...place]), "A", target)] : []),
  ]);

/** A delegation with name servers inside and outside, perhaps signed, and records that it hides. */
const anyCut = fc
  .tuple(fc.array(anyLabel, { minLength: 1, maxLength: 3 }), anyTarget, anyLabel, fc.subarray([0, 1, 2, 3]))
  .map(([place, target, label, kept]) => {
    const cut = joined(place);
    const choices = [
      [record(cut, "NS", `${label}.${cut}`), record(`${label}.${cut}`, "A", ""), record(`${label}.${cut}`, "AAAA", "")],
      [record(cut, "DS", "")],
      [record(cut, "NS", target)],
      [record(`c.${label}.${cut}`, "TXT", "")],
    ];
    return [record(cut, "NS", "ns.invalid."), ...kept.flatMap((i) => choices[i] ?? [])];
  });

const anyDname = fc
  .tuple(fc.array(anyLabel, { minLength: 1, maxLength: 3 }), anyTarget)
  .map(([place, target]) => [record(joined(place), "DNAME", target)]);

/** A name far below everything, and the empty non-terminals on the way. */
const anyDeep = fc
  .tuple(fc.array(anyLabel, { minLength: 5, maxLength: 20 }), anyTarget)
  .map(([place, target]) => [record(joined(place), "A", target)]);

const anyZone = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: anySet },
      { weight: 3, arbitrary: anyChain },
      { weight: 2, arbitrary: anyWildcard },
      { weight: 2, arbitrary: anyCut },
      { weight: 1, arbitrary: anyDname },
      { weight: 1, arbitrary: anyDeep },
    ),
    { minLength: 5, maxLength: 9 },
  )
  .map((parts) => parts.flat());

/**
 * Whole zones of one seed, for servers that have them all at once: `g0.test.` and so on. Each tenth lies below its
 * predecessor, `a.g8.test.` below `g8.test.`, which may know it or not.
 */
export function makeManyZones(count: number, seed: number): ServedZone[] {
  const drawn = fc.sample(anyZone, { numRuns: count, seed });
  return drawn.map((records, i) => {
    const isFamily = i % 10 >= 8;
    const kept = records
      .filter(({ type }) => !isFamily || type !== "DNAME") // NSD takes the child's names for names below its parent's DNAME.
      .reduce<MadeRecord[]>((zone, one) => (fits(zone, one) ? [...zone, one] : zone), []);
    const lines = kept.map(({ owner, type, rdata }) => `${owner} 300 ${type} ${rdata}`);
    const head = ["@ 3600 SOA ns.invalid. hostmaster.invalid. 1 3600 300 2419200 60", "@ 3600 NS ns.invalid."];
    const origin = i % 10 === 9 ? `a.g${i - 1}.test.` : `g${i}.test.`;
    return { origin, text: `${[...head, ...lines].join("\n")}\n` };
  });
}

function record(owner: string, type: string, target: string, number = 1): MadeRecord {
  return { owner, type, rdata: rdataOf(type, target, number) };
}

function joined(labels: readonly string[] = [], otherwise = "@"): string {
  return labels.length === 0 ? otherwise : labels.join(".");
}
