import { soaMinimum } from "../record/rdata-wire.ts";
import type { RRset } from "../record/rrset.ts";
import type { Outcome } from "../resolve/resolution.ts";
import type { ReplyMarks, UpstreamReply } from "../resolve/upstream.ts";
import type { CacheRules } from "./cache-rules.ts";

/** A reply that says something of a name. */
export type GoodReply = Extract<UpstreamReply, { kind: "reply" }>;

/** What a record that is past its time is sent with (RFC 8767 §4). */
const STALE_TTL = 30;

/**
 * For how many seconds a reply holds: the least TTL of its records; of a denial, what its SOA says (RFC 2308 §5). 0 where it
 * cannot be kept, as a denial without a SOA. The rules cap it.
 */
export function lifetimeOf({ aliases, outcome }: GoodReply, rules: CacheRules): number {
  const least = (sets: readonly RRset[]): number => Math.min(...sets.map(({ ttl }) => ttl));
  switch (outcome.kind) {
    case "answer":
      return Math.min(rules.maxTtl, least([...aliases, ...outcome.rrsets]));
    case "nodata":
    case "nxdomain": {
      const { soa } = outcome;
      if (soa === undefined) return 0;
      return Math.min(rules.maxTtl, rules.maxNegativeTtl, denialTtl(soa), least([...aliases, soa]));
    }
    case "yxdomain":
      return aliases.length === 0 ? 0 : Math.min(rules.maxTtl, least(aliases));
  }
}

/** Roughly what a reply takes of memory, in octets. */
export function octetsOf({ aliases, outcome, marks }: GoodReply): number {
  const sets = [...aliases, ...setsOf(outcome), ...(marks?.signatures ?? []), ...(marks?.proof ?? [])];
  return sets.reduce((sum, set) => sum + octetsOfSet(set), REPLY_OCTETS);
}

/** Objects and arrays of a reply, of each set and of each record in it, on V8. */
const REPLY_OCTETS = 400;
const SET_OCTETS = 300;
const RECORD_OCTETS = 120;

function octetsOfSet({ owner, rdatas }: RRset): number {
  return rdatas.reduce((sum, rdata) => sum + RECORD_OCTETS + rdata.length, SET_OCTETS + owner.key.length * 3);
}

/** The reply `seconds` later: TTLs count down, none above what the rules allow (RFC 1034 §3.6). */
export function aged(reply: GoodReply, seconds: number, rules: CacheRules): GoodReply {
  const cap = isDenial(reply.outcome) ? Math.min(rules.maxTtl, rules.maxNegativeTtl) : rules.maxTtl;
  return withTtls(reply, (ttl) => Math.max(0, Math.min(ttl, cap) - seconds));
}

/** The reply past its time, and told so. */
export function stale(reply: GoodReply): GoodReply {
  const old = withTtls(reply, (ttl) => Math.min(ttl, STALE_TTL));
  const marks: ReplyMarks = { ...old.marks, isStale: true };
  return { ...old, marks };
}

/** How long a SOA lets a denial hold, in seconds (RFC 2308 §5). */
function denialTtl(soa: RRset): number {
  const [rdata] = soa.rdatas;
  return rdata === undefined ? soa.ttl : Math.min(soa.ttl, soaMinimum(rdata));
}

function isDenial({ kind }: Outcome): boolean {
  return kind === "nodata" || kind === "nxdomain";
}

function setsOf(outcome: GoodReply["outcome"]): readonly RRset[] {
  if (outcome.kind === "answer") return outcome.rrsets;
  return "soa" in outcome && outcome.soa !== undefined ? [outcome.soa] : [];
}

function withTtls(reply: GoodReply, change: (ttl: number) => number): GoodReply {
  const sets = (rrsets: readonly RRset[]): RRset[] => rrsets.map((set) => ({ ...set, ttl: change(set.ttl) }));
  const { marks } = reply;
  return {
    kind: "reply",
    aliases: reply.aliases.length === 0 ? reply.aliases : sets(reply.aliases),
    outcome: outcomeWith(reply.outcome, sets, change),
    ...(marks === undefined ? {} : { marks: marksWith(marks, sets) }),
  };
}

function outcomeWith(
  outcome: GoodReply["outcome"],
  sets: (rrsets: readonly RRset[]) => RRset[],
  change: (ttl: number) => number,
): GoodReply["outcome"] {
  switch (outcome.kind) {
    case "answer":
      return { kind: "answer", rrsets: sets(outcome.rrsets) };
    case "nodata":
    case "nxdomain": {
      const { soa } = outcome;
      // The SOA's TTL is how long the denial holds from now on (RFC 2308 §5).
      return soa === undefined ? outcome : { kind: outcome.kind, soa: { ...soa, ttl: change(denialTtl(soa)) } };
    }
    case "yxdomain":
      return outcome;
  }
}

function marksWith(marks: ReplyMarks, sets: (rrsets: readonly RRset[]) => RRset[]): ReplyMarks {
  const { signatures, proof } = marks;
  return {
    ...marks,
    ...(signatures === undefined ? {} : { signatures: sets(signatures) }),
    ...(proof === undefined ? {} : { proof: sets(proof) }),
  };
}
