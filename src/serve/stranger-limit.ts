import { encodeReply, udpLimit } from "../message/encode.ts";
import { decodeQuery, type MalformedQuery, type Query } from "../message/query.ts";
import { Rcodes } from "../message/rcodes.ts";
import { judgeCookie } from "../message/server-cookie.ts";
import { containsAddress } from "../net/cidr.ts";
import { bareReply } from "../reply/bare-reply.ts";
import type { Asker } from "./asker.ts";
import { type CookieParts, isStranger, optFacts } from "./opt-facts.ts";
import { type AnsweringListener, kindOf } from "./reply-terms.ts";
import type { Answer, Peer } from "./responder.ts";
import { RATE_LIMIT, type RateLimit, type ResponseRates } from "./response-rates.ts";

/** TC, in the third octet of a header. */
const TRUNCATED = 0x02;

/**
 * Whether replies to a client are limited over UDP: it is a stranger, whose address may be anybody's, and not a peer that the
 * listener trusts.
 */
export function limitsRepliesTo(
  { rateLimit, trust }: Pick<AnsweringListener, "rateLimit" | "trust">,
  asker: Asker,
  from: Peer,
): boolean {
  return rateLimit !== false && isStranger(asker, from) && !trust.some((cidr) => containsAddress(cidr, from.address));
}

/** Limits what strangers get over UDP, where anybody can ask in the name of anybody. */
export class StrangerLimit {
  private readonly rates: ResponseRates;
  private readonly parts: CookieParts;
  private readonly listener: () => AnsweringListener;
  private said: Partial<RateLimit> | undefined;
  private whole = RATE_LIMIT;

  constructor(rates: ResponseRates, listener: () => AnsweringListener, parts: CookieParts) {
    this.rates = rates;
    this.listener = listener;
    this.parts = parts;
  }

  /**
   * What is sent in place of a reply to a client that is limited: the reply, a short one that a true client comes back from,
   * or nothing. Whose query has a cookie of ours is not counted.
   */
  sent(reply: Uint8Array, query: Query | MalformedQuery, from: Peer): Answer {
    return this.isProven(query, from) ? reply : this.sentUnproven(reply, () => query, from);
  }

  /** The same for a plain query, which is decoded only where it has a cookie, or a short reply is made. */
  sentToPlain(reply: Uint8Array, octets: Uint8Array, from: Peer, hasCookie: boolean): Answer {
    const queryOf = (): Query | undefined => {
      const decoded = decodeQuery(octets, from.transport);
      return decoded.kind === "query" ? decoded.query : undefined;
    };
    const known = hasCookie ? queryOf() : undefined;
    if (known !== undefined && this.isProven(known, from)) return reply;
    return this.sentUnproven(reply, queryOf, from);
  }

  private sentUnproven(reply: Uint8Array, queryOf: () => Query | MalformedQuery | undefined, from: Peer): Answer {
    const listener = this.listener();
    const rates = this.ratesOf(listener.rateLimit);
    if (from.transport !== "udp" || rates === undefined) return reply;
    const verdict = this.rates.judge(from.address, reply, rates);
    if (verdict === "send") return reply;
    const query = verdict === "slip" ? queryOf() : undefined;
    return query === undefined ? undefined : this.short(query, listener, from);
  }

  /** What is said, and `RATE_LIMIT` where it is not; put together once for each generation of the listener. */
  private ratesOf(said: AnsweringListener["rateLimit"]): RateLimit | undefined {
    if (said === false) return undefined;
    if (said !== this.said) {
      this.said = said;
      this.whole = { ...RATE_LIMIT, ...said };
    }
    return this.whole;
  }

  /** Whether a cookie of ours shows that the client gets what is sent to its address (RFC 7873 §5.2.4). */
  private isProven({ edns }: Query | MalformedQuery, from: Peer): boolean {
    if (edns?.cookie === undefined) return false;
    const { cookies } = optFacts(this.parts, {}, from, edns);
    return cookies !== undefined && judgeCookie(edns.cookie, cookies) === "ours";
  }

  /**
   * No longer than its query, but for the octets of a cookie: BADCOOKIE with a good one where the client knows cookies, who
   * then asks again with that (RFC 7873 §5.2.3), else TC.
   */
  private short(query: Query | MalformedQuery, listener: AnsweringListener, from: Peer): Uint8Array {
    const facts = optFacts(this.parts, listener, from, query.edns);
    const rcode = facts.cookies === undefined ? Rcodes.NOERROR : Rcodes.BADCOOKIE;
    const parts = bareReply(query, rcode, { transport: from.transport, ...facts, ...kindOf(listener) });
    const octets = encodeReply(parts, udpLimit(query.edns, listener.maxUdpSize));
    if (rcode === Rcodes.NOERROR) octets[2] = (octets[2] ?? 0) | TRUNCATED;
    return octets;
  }
}
