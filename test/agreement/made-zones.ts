import * as fc from "fast-check";
import type { ServedZone } from "./servers.ts";

/** A record of a made zone; `owner` is relative, `@` for the apex. */
export interface MadeRecord {
  readonly owner: string;
  readonly type: string;
  readonly rdata: string;
}

/** Few labels, so that names meet: owners lie below owners, beside wildcards, under cuts. */
const LABELS = ["a", "b", "c", "*"];

const anyOwner = fc.oneof(
  { weight: 1, arbitrary: fc.constant("@") },
  {
    weight: 9,
    arbitrary: fc.array(fc.constantFrom(...LABELS), { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
  },
);
/** Names in the zone that may exist or not, and one that no server has. */
const anyTarget = fc.oneof(
  fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 3 }).map((labels) => labels.join(".")),
  fc.constant("outside.invalid."),
);
const anyRecord: fc.Arbitrary<MadeRecord> = fc
  .tuple(
    anyOwner,
    fc.constantFrom("A", "A", "AAAA", "TXT", "MX", "SRV", "CNAME", "CNAME", "NS", "DNAME", "CAA", "HTTPS", "TYPE65280"),
    anyTarget,
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([owner, type, target, number]) => ({ owner, type, rdata: rdataOf(type, target, number) }));

/** Rdata of a type, in which the target is a name where the type has one. */
export function rdataOf(type: string, target: string, number: number): string {
  switch (type) {
    case "A":
      return `10.0.0.${number}`;
    case "AAAA":
      return `2001:db8::${number}`;
    case "TXT":
      return `"text ${number}"`;
    case "MX":
      return `${number} ${target}`;
    case "SRV":
      return `${number} 0 443 ${target}`;
    case "CAA":
      return `0 issue "ca${number}.example"`;
    case "HTTPS":
      return `${number} ${target} alpn=h2`;
    case "TYPE65280":
      return String.raw`\# 1 0${number}`;
    case "DS":
      return `${number} 13 2 ${"0".repeat(63)}${number}`;
    default:
      return target;
  }
}

/** Whole zones of one seed: always the same ones. Every server here loads them, without a word about any. */
export function makeZones(count: number, seed: number): ServedZone[] {
  const drawn = fc.sample(fc.array(anyRecord, { minLength: 8, maxLength: 20 }), { numRuns: count, seed });
  return drawn.map((records, i) => {
    const kept = records.reduce<MadeRecord[]>((zone, record) => (fits(zone, record) ? [...zone, record] : zone), []);
    const lines = kept.map(({ owner, type, rdata }) => `${owner} 300 ${type} ${rdata}`);
    const head = ["@ 3600 SOA ns.invalid. hostmaster.invalid. 1 3600 300 2419200 60", "@ 3600 NS ns.invalid."];
    return { origin: `z${i}.test.`, text: `${[...head, ...lines].join("\n")}\n` };
  });
}

/** Whether a zone stays one that every server loads: they agree on little where a zone is wrong. */
export function fits(zone: readonly MadeRecord[], { owner, type, rdata }: MadeRecord): boolean {
  const beside = zone.filter((record) => record.owner === owner).map((record) => record.type);
  const isWildcard = owner.startsWith("*");
  if (owner === "@" && ["CNAME", "DNAME", "NS"].includes(type)) return false;
  if (zone.some((record) => record.owner === owner && record.type === type && record.rdata === rdata)) return false;
  if (beside.includes("CNAME") || (type === "CNAME" && beside.length > 0)) return false;
  if (["NS", "DNAME"].includes(type) && isWildcard) return false;
  if (type === "DS" && !beside.includes("NS")) return false;
  if (type === "NS" && beside.includes("DNAME")) return false;
  if (type === "DNAME" && (beside.includes("NS") || beside.includes("DNAME"))) return false;
  if (type === "DNAME" && zone.some((record) => record.owner.endsWith(`.${owner}`))) return false;
  return !zone.some((record) => record.type === "DNAME" && owner.endsWith(`.${record.owner}`));
}
