import { optStart, withoutCookie, writeWithCookie } from "../message/cookie-patch.ts";
import { PlainQuery } from "../message/plain-query.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { cookieOption } from "../message/server-cookie.ts";
import type { AddressPort } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import { extendedErrorOf } from "../reply/extended-error.ts";
import { isAuthentic } from "../reply/real-dnssec.ts";
import { sourceSteps } from "../resolve/last-source.ts";
import type { Resolution, Step } from "../resolve/resolution.ts";
import type { Addressee } from "../resolve/resolve.ts";
import { sightOf } from "../resolve/sight.ts";
import type { Remembered } from "../resolve/upstream.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { identify } from "./asker.ts";
import { secondsNow } from "./opt-facts.ts";
import type { ReadyStore } from "./ready-store.ts";
import { type AnsweringListener, networkOf, type OptParts, replyTerms } from "./reply-terms.ts";
import type { Peer } from "./responder.ts";
import { limitsRepliesTo } from "./stranger-limit.ts";

/** Clients that are remembered: a flood of forged sources empties the memory and costs no more. */
const MAX_CLIENTS = 8192;
/** TC, in the third octet of a header. */
const TRUNCATED = 0x02;
/** Of a reply with a cookie: what every client takes, which is what it was kept without one. */
const MAX_WITH_COOKIE_OCTETS = 512;
/** Octets that a cookie adds to a reply: its option, with a server's half (RFC 9018 §4). */
const COOKIE_OPTION_OCTETS = 4 + 24;
/** What can be kept fits this limit with room to spare: a reply made for it left out nothing on its account. */
const LEAVES_NOTHING_OUT = 1024;

/** Who asks, and all of it that shapes the reply to a plain query. */
interface Standing {
  /** One for each of the ways to be answered, with what led there; the same for all who ask the same resolver. */
  readonly own: number;
  /** The same for all who are answered alike, whatever led there: clients of networks that see the same zones. */
  readonly shared: number;
  readonly network: string;
  /** Whether replies to the client are limited. */
  readonly isLimited: boolean;
}

/**
 * Answers plain queries at one listener with ready replies, without decoding, resolving or encoding anything: the hot path
 * of the server. Whatever is not plain, or not ready, goes the whole way, and comes by here to be kept.
 */
export class ReadyAnswers {
  private readonly store: ReadyStore;
  private readonly snapshots: SnapshotHolder;
  private readonly listener: () => AnsweringListener;
  private readonly parts: OptParts;
  private readonly query = new PlainQuery();
  /** Where a ready reply gets its cookie. */
  private readonly withCookie = new Uint8Array(MAX_WITH_COOKIE_OCTETS);
  private generation: Snapshot | undefined;
  /** By the address that was asked and that of the client. `undefined`: this client's replies are never ready. */
  private standings = new Map<AddressPort, Map<string, Standing | undefined>>();
  private clients = 0;
  /** Of the last message that was looked for; absent when its reply cannot be kept. */
  private standing: Standing | undefined;

  constructor(store: ReadyStore, snapshots: SnapshotHolder, listener: () => AnsweringListener, parts: OptParts) {
    this.store = store;
    this.snapshots = snapshots;
    this.listener = listener;
    this.parts = parts;
  }

  /** The network that the last message came from. */
  get network(): string {
    return this.standing?.network ?? "?";
  }

  /** Whether replies to who sent the last message are limited. */
  get isLimited(): boolean {
    return this.standing?.isLimited ?? false;
  }

  /** Whether the last message that was looked for has a cookie; said of plain ones alone. */
  get hasCookie(): boolean {
    return this.query.cookieOctets > 0;
  }

  /** What led to the last reply that was found, where the store keeps that. */
  get resolution(): Resolution | undefined {
    return this.store.replies.resolution;
  }

  /** Whether the question of a message is in the letters of the one that led to the last reply that was found. */
  repeatsLetters(octets: Uint8Array): boolean {
    return this.store.replies.repeatsLetters(octets, this.query.questionEnd);
  }

  /** The reply to a message, its octets good until the next call. */
  find(octets: Uint8Array, from: Peer): Uint8Array | undefined {
    const { query } = this;
    const isPlain = query.read(octets) && query.type !== RecordTypes.ANY; // ANY differs by transport.
    this.standing = isPlain ? this.standingOf(this.snapshots.current, from) : undefined;
    if (this.standing === undefined) return undefined;
    const reply = this.findFor(this.standing, octets);
    if (reply === undefined || query.cookieOctets === 0) return reply;
    return this.addCookie(reply, octets, from);
  }

  /** A reply that all get who see the same, or one that is for this resolver alone. */
  private findFor({ own, shared }: Standing, octets: Uint8Array): Uint8Array | undefined {
    const { query } = this;
    const { replies, keepsResolutions } = this.store;
    const reply = keepsResolutions ? undefined : replies.find(shared, query, octets);
    return reply ?? replies.find(own, query, octets);
  }

  /** Puts the cookie of this very client in; nothing where the reply would be longer than every client takes. */
  private addCookie(reply: Uint8Array, octets: Uint8Array, { address }: Peer): Uint8Array | undefined {
    const { cookies, seconds = secondsNow } = this.parts;
    if (cookies === undefined) return reply;
    if (reply.length + COOKIE_OPTION_OCTETS > MAX_WITH_COOKIE_OCTETS) return undefined;
    const asked = octets.subarray(octets.length - this.query.cookieOctets);
    const option = cookieOption(asked, { secrets: cookies(), address: address.octets, seconds: seconds() });
    const length = writeWithCookie(this.withCookie, reply, this.store.replies.optAt, option);
    return this.withCookie.subarray(0, length);
  }

  /**
   * Keeps the reply to the very message that was looked for last: if it was plain, and holds as long as the generation
   * does, or what real servers said of it. `limit` is what the reply was made to fit.
   */
  keep(snapshot: Snapshot, parts: ReplyParts, reply: Uint8Array, limit: number, resolution: Resolution): void {
    const { standing, store } = this;
    if (standing === undefined || snapshot !== this.generation) return;
    const error = parts.edns?.extendedError;
    const isWhole = ((reply[2] ?? 0) & TRUNCATED) === 0 && (error === undefined || limit >= LEAVES_NOTHING_OUT);
    if (!isWhole || parts.rcode > 0xf) return;
    const times = this.timesOf(resolution.trace);
    if (times === undefined || this.dependsOnAd(resolution)) return;
    const repeatsLetters = (error?.text ?? "") !== "" || parts.answers.some(({ type }) => type === RecordTypes.DNAME);
    const optAt = this.query.hasOpt ? optStart(reply, this.query.questionEnd) : 0;
    const kept = { optAt, repeatsLetters, ...times, resolution: store.noteOf(resolution) };
    const whole = this.query.cookieOctets === 0 ? reply : withoutCookie(reply, optAt);
    const number = this.isForAll(parts, resolution) ? standing.shared : standing.own;
    store.replies.keep(number, this.query, whole, kept);
  }

  /**
   * Whether everybody who sees the same gets the same reply. A hint for the client may name its network, real servers are
   * remembered by whoever asked them, and who is told of a question wants to know what led to its reply.
   */
  private isForAll({ edns }: ReplyParts, resolution: Resolution): boolean {
    if (this.store.keepsResolutions || resolution.trace.some(({ kind }) => kind === "upstream")) return false;
    return edns?.extendedError === undefined || extendedErrorOf(resolution) !== undefined;
  }

  /**
   * For how long what led to a reply leads to the same one. Where all of it is one answer that a real server gave, its TTLs
   * count down by themselves; where it is only a part, the reply is ready for the rest of a second. Nothing where a real
   * server was asked just now.
   */
  private timesOf(trace: readonly Step[]): { readonly until?: number; readonly countsFrom?: number } | undefined {
    const asked = trace.filter((step) => step.kind === "upstream");
    if (asked.length === 0) return {};
    const [first, ...more] = asked.map(({ marks }) => marks?.remembered);
    if (first === undefined || more.includes(undefined)) return undefined;
    const now = this.store.now();
    const isWhole = more.length === 0 && sourceSteps(trace).length === 1 && this.listener().maxTtl === undefined;
    const second = Math.floor((now - first.since) / 1000) * 1000;
    if (isWhole) return { until: first.until, countsFrom: first.since + second };
    const ends = [first, ...more].flatMap((one) => (one === undefined ? [] : [nextSecond(one, now)]));
    return { until: Math.min(...ends) };
  }

  /** Whether another reply goes to who sets AD and to who does not, which is not looked at. */
  private dependsOnAd(resolution: Resolution): boolean {
    return !this.query.dnssecOk && isAuthentic(resolution);
  }

  private standingOf(snapshot: Snapshot, from: Peer): Standing | undefined {
    if (snapshot !== this.generation || this.clients >= MAX_CLIENTS) {
      this.store.enter(snapshot);
      this.generation = snapshot;
      this.standings = new Map();
      this.clients = 0;
    }
    let here = this.standings.get(from.local);
    if (here === undefined) {
      here = new Map();
      this.standings.set(from.local, here);
    }
    const known = here.get(from.address.text);
    if (known !== undefined || here.has(from.address.text)) return known;
    const standing = this.learn(snapshot, from);
    here.set(from.address.text, standing);
    this.clients += 1;
    return standing;
  }

  private learn(snapshot: Snapshot, from: Peer): Standing | undefined {
    const listener = this.listener();
    const asker = identify(snapshot, listener, from, undefined);
    if (asker.kind !== "addressee") return undefined;
    const { addressee } = asker;
    // All of the terms that shape a reply whose query has no options.
    const { extendedErrors, udpSize, maxTtl } = replyTerms(this.parts, listener, asker, undefined, from);
    const terms = [extendedErrors, udpSize ?? "", maxTtl ?? "", listener.unreachable ?? ""].join(" ");
    const own = this.store.numberOf(`${textOf(addressee)}\n${terms}`);
    const shared = this.store.numberOf(`${sightOf(snapshot, addressee)}\n${terms}`);
    return { own, shared, network: networkOf(asker), isLimited: limitsRepliesTo(listener, asker, from) };
  }
}

/** When the TTLs of an answer change next, or it ends. */
function nextSecond({ since, until }: Remembered, now: number): number {
  return Math.min(until, since + (Math.floor((now - since) / 1000) + 1) * 1000);
}

/** An addressee in a text that no other has. */
function textOf(addressee: Addressee): string {
  switch (addressee.kind) {
    case "resolver":
      return `=${addressee.key}`;
    case "servers-of":
      return `@${addressee.network ?? ""}@${addressee.host ?? ""}`;
    case "authority":
      return `!${addressee.key}`;
  }
}
