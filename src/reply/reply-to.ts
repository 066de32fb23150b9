import { type ExtendedError, ExtendedErrors } from "../message/extended-errors.ts";
import type { Query } from "../message/query.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { soaMinimum } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Outcome, Resolution } from "../resolve/resolution.ts";
import { bareReply } from "./bare-reply.ts";
import { extendedErrorOf } from "./extended-error.ts";
import { isAuthentic, realProof, withRealSignatures } from "./real-dnssec.ts";
import type { ReplyOptions } from "./reply-options.ts";
import { withSignatures } from "./signatures.ts";

/**
 * What a listener says to a query: the aliases in the order they were followed, then what the last name has, with that
 * name's rcode (RFC 6604 §3) and, if it was denied, the SOA of the zone that did. An authoritative one refers, too.
 */
export function replyTo(query: Query, resolution: Resolution, options: ReplyOptions): ReplyParts {
  const { outcome, aliases, trace } = resolution;
  const rcode = rcodeOf(outcome);
  const error = extendedErrorOf(resolution) ?? warningOf(rcode, options);
  const bare = bareReply(query, rcode, options, error);
  const aa = options.authoritative === true && speaksForFirst(resolution);
  const dnssecOk = query.edns?.dnssecOk === true;
  const ad = (dnssecOk || query.ad) && isAuthentic(resolution); // RFC 6840 §5.8
  const reply: ReplyParts = aa || ad ? { ...bare, flags: { ...bare.flags, aa, ad } } : bare;
  const section = (rrsets: readonly RRset[]): readonly RRset[] => {
    const signed = dnssecOk ? withRealSignatures(withSignatures(rrsets, trace), trace) : rrsets;
    return capTtls(signed, options.maxTtl);
  };
  const proof = dnssecOk ? realProof(trace) : [];
  switch (outcome.kind) {
    case "answer": {
      const last = query.question.type === RecordTypes.ANY ? setsForAny(outcome.rrsets, options) : outcome.rrsets;
      return { ...reply, answers: section([...aliases, ...last]), authorities: section(proof) };
    }
    case "nodata":
    case "nxdomain": {
      const authorities = outcome.soa === undefined ? [] : [negativeSoa(outcome.soa)];
      return { ...reply, answers: section(aliases), authorities: section([...authorities, ...proof]) };
    }
    case "yxdomain": // RFC 6672 §2.2: with the DNAME that is to blame.
    case "unfollowed":
      return { ...reply, answers: section(aliases) };
    case "referral": {
      // DS is for those who validate (RFC 4035 §3.1.4); glue has TC when it does not fit (RFC 9471 §3.1).
      const { ns, ds, glue } = outcome;
      const authorities = dnssecOk && ds !== undefined ? [ns, ds] : [ns];
      return {
        ...reply,
        answers: section(aliases),
        authorities: section(authorities),
        glue: capTtls(glue, options.maxTtl),
      };
    }
    case "failed":
    case "refused":
    case "not-implemented":
    case "no-reply":
    case "upstream":
      break;
  }
  return reply;
}

/** The rcode that tells an outcome. Silence is SERVFAIL on the wire: whoever wants it silent does not reply. */
export function rcodeOf(outcome: Outcome): number {
  return RCODES[outcome.kind];
}

const RCODES = {
  answer: Rcodes.NOERROR,
  nodata: Rcodes.NOERROR,
  nxdomain: Rcodes.NXDOMAIN,
  yxdomain: Rcodes.YXDOMAIN,
  referral: Rcodes.NOERROR,
  unfollowed: Rcodes.NOERROR,
  failed: Rcodes.SERVFAIL,
  refused: Rcodes.REFUSED,
  "not-implemented": Rcodes.NOTIMP,
  "no-reply": Rcodes.SERVFAIL,
  upstream: Rcodes.SERVFAIL,
} as const satisfies Record<Outcome["kind"], number>;

/** Whether the first owner in the answer, or the denial, is of the server's own zones (RFC 1035 §4.1.1). */
function speaksForFirst({ outcome, aliases }: Resolution): boolean {
  return aliases.length > 0 || outcome.kind === "answer" || outcome.kind === "nodata" || outcome.kind === "nxdomain";
}

/** A warning is told with any answer of data or denial; a failure has its own reason to tell. */
function warningOf(rcode: number, { warning }: ReplyOptions): ExtendedError | undefined {
  const isAnswer = rcode === Rcodes.NOERROR || rcode === Rcodes.NXDOMAIN || rcode === Rcodes.YXDOMAIN;
  return isAnswer && warning !== undefined ? { code: ExtendedErrors.OTHER, text: warning } : undefined;
}

/** ANY, which nobody needs and floods are made of: the alias, else over UDP one set, over TCP all (RFC 8482 §4.1). */
function setsForAny(rrsets: readonly RRset[], { transport }: ReplyOptions): readonly RRset[] {
  const alias = rrsets.find(({ type }) => type === RecordTypes.CNAME);
  if (alias !== undefined) return [alias];
  return transport === "udp" ? rrsets.slice(0, 1) : rrsets;
}

/** The SOA of a denial says how long it may be cached, also in its own TTL (RFC 2308 §3). */
function negativeSoa(soa: RRset): RRset {
  const [rdata] = soa.rdatas;
  const ttl = rdata === undefined ? soa.ttl : Math.min(soa.ttl, soaMinimum(rdata));
  return ttl === soa.ttl ? soa : { ...soa, ttl };
}

function capTtls(rrsets: readonly RRset[], maxTtl: number | undefined): readonly RRset[] {
  if (maxTtl === undefined) return rrsets;
  return rrsets.map((rrset) => (rrset.ttl > maxTtl ? { ...rrset, ttl: maxTtl } : rrset));
}
