import { type Origin, originOf } from "../explain/verdict.ts";
import type { DomainName } from "../name/domain-name.ts";
import { readName } from "../octets/name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Resolution } from "../resolve/resolution.ts";

/** What came back to a question, from the model or from a real server: all that conditions are about. */
export interface Seen {
  /** `answer`, or the word for how it ended otherwise: `nxdomain`. */
  readonly ending: string;
  /** The records of the type asked, as text. */
  readonly values: readonly { readonly type: RecordType; readonly text: string }[];
  /** Whose data it is; absent where that cannot be known. */
  readonly origin?: Origin;
  /** The targets of the aliases, in the order they were followed. */
  readonly chain: readonly DomainName[];
  /** Of every set of the answer, aliases included; of a denial, how long it is kept. */
  readonly ttls: readonly number[];
}

/** What a resolution gives. */
export function seenIn(resolution: Resolution): Seen {
  const { aliases, outcome } = resolution;
  const origin = originOf(resolution);
  const sets = outcome.kind === "answer" ? outcome.rrsets : [];
  const denying = outcome.kind === "nodata" || outcome.kind === "nxdomain" ? outcome.soa : undefined;
  return {
    ending: endingOf(resolution),
    values: sets.flatMap(({ type, rdatas }) => rdatas.map((rdata) => ({ type, text: formatRdata(type, rdata) }))),
    chain: chainOf(aliases),
    ttls: [...aliases, ...sets].map(({ ttl }) => ttl).concat(denying === undefined ? [] : negativeTtl(denying)),
    ...(origin === undefined ? {} : { origin }),
  };
}

function endingOf({ outcome }: Resolution): string {
  switch (outcome.kind) {
    case "failed":
      return "servfail";
    case "upstream":
      return "unknown";
    case "answer":
    case "nodata":
    case "nxdomain":
    case "no-reply":
    case "refused":
    case "yxdomain":
    case "referral":
    case "unfollowed":
    case "not-implemented":
      return outcome.kind;
  }
}

/** Where CNAME sets lead; a DNAME is told by the CNAME that is made of it. */
export function chainOf(aliases: readonly Pick<RRset, "type" | "rdatas">[]): DomainName[] {
  return aliases
    .filter(({ type }) => type === RecordTypes.CNAME)
    .flatMap(({ rdatas }) => rdatas.map((rdata) => readName(new OctetReader(rdata))));
}

/** The lesser of the SOA's TTL and its last field (RFC 2308 §5). */
export function negativeTtl({ ttl, type, rdatas }: RRset): number {
  const [rdata] = rdatas;
  const minimum = rdata === undefined ? undefined : /(\d+)$/.exec(formatRdata(type, rdata))?.[1];
  return minimum === undefined ? ttl : Math.min(ttl, Number.parseInt(minimum, 10));
}

/** What came back, in words: `10.0.0.7 (private)`, `nxdomain`. */
export function seenText({ ending, values, origin }: Seen): string {
  const what = ending === "answer" ? values.map(({ text }) => text).join(", ") : ending;
  return origin === undefined ? what : `${what} (${origin})`;
}
