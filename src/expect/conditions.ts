import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { ROOT, sameName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { parseAddress } from "../net/address.ts";
import { containsAddress, parseCidr } from "../net/cidr.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import { sourceFile } from "../source/source-file.ts";
import type { Conditions, Expectation, TtlBounds } from "../topology/model.ts";
import { parseRdataEntry } from "../zonefile/parse-rdata-entry.ts";
import { inputOfFile } from "../zonefile/zone-input.ts";
import { type Seen, seenText } from "./seen.ts";

/** A condition that does not hold. Both are phrases without a full stop: `10.0.0.8`, `a private answer`. */
export interface Fault {
  readonly condition: "resolves" | "is" | "via" | "ttl" | "not";
  readonly expected: string;
  readonly got: string;
}

/** What does not hold of an expectation; empty when all does. */
export function faultsOf(expectation: Expectation, seen: Seen): Fault[] {
  const { not } = expectation;
  const faults = brokenConditions(expectation, seen);
  // A condition that is not written cannot be broken: an empty `not` forbids nothing.
  if (not === undefined || !saysSomething(not) || brokenConditions(not, seen).length > 0) return faults;
  return [...faults, { condition: "not", expected: `not ${conditionsText(not)}`, got: seenText(seen) }];
}

/** Whether the answer must be one that only a real server knows: `unknown` is a word for it. */
export function speaksOfUnknown({ resolves, not }: Expectation): boolean {
  return [...(resolves ?? []), ...(not?.resolves ?? [])].includes("unknown");
}

function saysSomething({ resolves, is, via, ttl }: Conditions): boolean {
  return resolves !== undefined || is !== undefined || via.length > 0 || ttl !== undefined;
}

function brokenConditions({ resolves, is, via, ttl }: Conditions, seen: Seen): Fault[] {
  const found: Fault[] = [];
  const got = seenText(seen);
  if (resolves !== undefined && !hasResolved(resolves, seen))
    found.push({ condition: "resolves", expected: resolves.join(", "), got });
  if (is !== undefined && (seen.ending !== "answer" || seen.origin !== is))
    found.push({ condition: "is", expected: `a ${is} answer`, got });
  for (const name of via) {
    if (seen.chain.some((one) => sameName(one, name))) continue;
    const chain = seen.chain.map(displayName).join(" → ");
    found.push({ condition: "via", expected: `a chain that passes ${displayName(name)}`, got: chain || "no alias" });
  }
  if (ttl !== undefined && !isWithin(ttl, seen.ttls))
    found.push({ condition: "ttl", expected: boundsText(ttl), got: ttlsText(seen.ttls) });
  return found;
}

function isWithin({ min = 0, max = Number.POSITIVE_INFINITY }: TtlBounds, ttls: readonly number[]): boolean {
  return ttls.length > 0 && ttls.every((ttl) => ttl >= min && ttl <= max);
}

function boundsText({ min, max }: TtlBounds): string {
  if (min === max) return `a TTL of ${min}`;
  const parts = [min === undefined ? "" : `at least ${min}`, max === undefined ? "" : `at most ${max}`];
  return `a TTL of ${parts.filter((part) => part !== "").join(" and ")}`;
}

function ttlsText(ttls: readonly number[]): string {
  return ttls.length === 0 ? "none" : [...new Set(ttls)].join(", ");
}

function conditionsText({ resolves, is, via, ttl }: Conditions): string {
  const parts = [
    ...(resolves === undefined ? [] : [resolves.join(", ")]),
    ...(is === undefined ? [] : [is]),
    ...via.map((name) => `via ${displayName(name)}`),
    ...(ttl === undefined ? [] : [boundsText(ttl)]),
  ];
  return parts.join(" and ");
}

/** Every record is one of those expected, and each of those is there; one word stands for an ending. */
function hasResolved(expected: readonly string[], { ending, values }: Seen): boolean {
  if (ending !== "answer") return expected.length > 0 && expected.every((wanted) => wanted === ending);
  return (
    values.every((value) => expected.some((wanted) => fits(wanted, value))) &&
    expected.every((wanted) => values.some((value) => fits(wanted, value)))
  );
}

function fits(wanted: string, { type, text }: Seen["values"][number]): boolean {
  if (text === wanted) return true;
  if (type === RecordTypes.A || type === RecordTypes.AAAA) return wanted.includes("/") && isInside(wanted, text);
  const canonical = canonicalRdata(wanted, type);
  if (canonical === undefined) return false;
  return HOLDS_NAMES.has(type) ? canonical.toLowerCase() === text.toLowerCase() : canonical === text;
}

function isInside(prefix: string, text: string): boolean {
  const cidr = parseCidr(prefix);
  const address = parseAddress(text);
  return cidr.kind === "cidr" && address !== undefined && containsAddress(cidr.cidr, address);
}

/** Types whose letters are those of names, or of nothing: their case does not count (RFC 4343). */
const HOLDS_NAMES: ReadonlySet<RecordType> = new Set([
  RecordTypes.CNAME,
  RecordTypes.DNAME,
  RecordTypes.MX,
  RecordTypes.NS,
  RecordTypes.PTR,
  RecordTypes.SOA,
  RecordTypes.SRV,
]);

/** The rdata that somebody wrote, as records are shown: `10 mail` is `10 mail.`. `undefined` when it is none of the type. */
function canonicalRdata(text: string, type: RecordType): string | undefined {
  const input = inputOfFile(sourceFile("expectation", text));
  const parsed = parseRdataEntry(input, type, ROOT, new Diagnostics());
  return parsed === undefined ? undefined : formatRdata(type, parsed.rdata);
}
