import { type Origin, originOf } from "../explain/verdict.ts";
import { formatName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { namesIn } from "../record/rdata-wire.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";

/** What a client gets: an answer, a denial, an error, silence. */
export type EndingKind =
  | "answer"
  | "nodata"
  | "nxdomain"
  | "yxdomain"
  | "servfail"
  | "refused"
  | "notimp"
  | "no-reply"
  /** Real servers would be asked. */
  | "upstream"
  /** The public answer, which the model does not know: offline the simulated root denies it. */
  | "public-unknown";

/** How a question ended, as far as two endings are compared. */
export interface Ending {
  readonly kind: EndingKind;
  /** Where the data, or the denial, came from. */
  readonly origin?: Origin;
  /** The last name's records without owner and TTL, sorted; of an answer alone. */
  readonly records: readonly string[];
  /** What the question became, alias by alias. */
  readonly aliases: readonly string[];
  /** The lowest of all records of the reply; absent where it has none. */
  readonly ttl?: number;
  /** Real servers that would be asked. */
  readonly targets: readonly string[];
}

/** How two endings differ: the most that can be said of them. */
export type Contrast = "private-to-public" | "answer-to-none" | "changed" | "aliases" | "ttl";

/** Reads the ending of a resolution. */
export function endingOf(resolution: Resolution): Ending {
  const { outcome } = resolution;
  const origin = originOf(resolution);
  const rrsets = outcome.kind === "answer" ? outcome.rrsets : [];
  const aliases = saysRecords(resolution) ? resolution.aliases : [];
  const ttls = [...aliases, ...rrsets].map(({ ttl }) => ttl);
  return {
    kind: kindOf(resolution),
    ...(origin === undefined ? {} : { origin }),
    records: rrsets.flatMap((rrset) => recordsOf(rrset, rrsets.length > 1)).toSorted(),
    aliases: aliases.map(aliasText),
    ...(ttls.length === 0 ? {} : { ttl: Math.min(...ttls) }),
    targets: outcome.kind === "upstream" ? outcome.targets : [],
  };
}

/**
 * Compares two endings: rcode and records, these as sets with case folded; then aliases; then TTLs. `undefined` when a client
 * gets the same. Which zone denies a name does not count, but whether the internet is asked does.
 */
export function contrastOf(before: Ending, after: Ending): Contrast | undefined {
  const isSame =
    before.kind === after.kind && sameTexts(before.records, after.records) && sameTexts(before.targets, after.targets);
  if (isSame) {
    if (!sameTexts(before.aliases, after.aliases)) return "aliases";
    return before.ttl === after.ttl ? undefined : "ttl";
  }
  if (before.kind !== "answer") return "changed";
  const isOutside = after.kind === "upstream" || after.kind === "public-unknown";
  if (before.origin === "private" && (isOutside || (after.kind === "answer" && after.origin === "public")))
    return "private-to-public";
  return after.kind === "answer" || after.kind === "upstream" ? "changed" : "answer-to-none";
}

/** Whether a contrast can take something away from a client that worked. */
export function isBreaking(contrast: Contrast): boolean {
  return contrast === "private-to-public" || contrast === "answer-to-none";
}

/** Whether two resolutions give a client the same octets but for who denies: what most questions end with, told cheaply. */
export function isPlainlySame(before: Resolution, after: Resolution): boolean {
  const [old, now] = [before.outcome, after.outcome];
  if (old.kind !== now.kind || old.kind === "upstream" || !sameSets(before.aliases, after.aliases)) return false;
  if (old.kind === "answer" && now.kind === "answer") return sameSets(old.rrsets, now.rrsets);
  return kindOf(before) === kindOf(after);
}

function kindOf({ outcome, trace }: Resolution): EndingKind {
  switch (outcome.kind) {
    case "failed":
      return "servfail";
    case "not-implemented":
      return "notimp";
    case "nodata":
    case "nxdomain":
      return lastSource(trace)?.kind === "offline" ? "public-unknown" : outcome.kind;
    case "referral":
    case "unfollowed": // What authoritative servers alone say; no client's resolver is one.
    case "answer":
      return "answer";
    case "yxdomain":
    case "refused":
    case "no-reply":
    case "upstream":
      return outcome.kind;
  }
}

/** Whether a reply of this kind keeps the aliases that led to it (SEMANTICS 7). */
function saysRecords({ outcome: { kind } }: Resolution): boolean {
  return kind === "answer" || kind === "nodata" || kind === "nxdomain" || kind === "yxdomain";
}

/** Addresses and other data as text, folded where names are in it (RFC 4343 §3), with the type where there are several. */
function recordsOf({ type, rdatas }: RRset, hasTypes: boolean): string[] {
  return rdatas.map((rdata) => {
    const text = formatRdata(type, rdata);
    const folded = namesIn(type, rdata).length > 0 ? text.toLowerCase() : text;
    return hasTypes ? `${typeName(type)} ${folded}` : folded;
  });
}

function aliasText({ owner, type, rdatas }: RRset): string {
  const targets = rdatas.map((rdata) => formatRdata(type, rdata));
  return `${formatName(owner)} ${typeName(type)} ${targets.join(", ")}`.toLowerCase();
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

function sameSets(a: readonly RRset[], b: readonly RRset[]): boolean {
  return a.length === b.length && a.every((set, i) => sameSet(set, b[i]));
}

function sameSet(a: RRset, b: RRset | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.type !== b.type || a.ttl !== b.ttl || a.owner.key !== b.owner.key) return false;
  return a.rdatas.length === b.rdatas.length && a.rdatas.every((rdata, i) => sameOctets(rdata, b.rdatas[i]));
}

function sameOctets(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((octet, i) => octet === b[i]);
}
