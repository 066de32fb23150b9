import type { Address } from "../net/address.ts";
import { cidrOf } from "../net/cidr.ts";
import { mix, replyClass } from "./_reply-class.ts";

/** How many replies clients get that nobody vouches for; every field is at least 1, but for `slip`. */
export interface RateLimit {
  /** Replies a second to one prefix that say the same. */
  readonly responsesPerSecond: number;
  /** Replies a second to one prefix, whatever they say. */
  readonly allPerSecond: number;
  /** Of this many replies that are over a limit one goes out truncated, so that a true client comes by TCP; 0: none. */
  readonly slip: number;
}

/**
 * What holds unless a listener says otherwise. A page that opens and a resolver that starts stay far below; of a flood in
 * its name a /24 gets no more than 500 replies of 1232 octets a second, 5 Mbit/s.
 */
export const RATE_LIMIT: RateLimit = { responsesPerSecond: 50, allPerSecond: 500, slip: 2 };

/** What becomes of a reply. */
export type Verdict = "send" | "drop" | "slip";

/** Prefixes that count as one client: what one site has at least, and can ask from. */
const PREFIX_BITS = { 4: 24, 6: 56 } as const;
const FNV_OFFSET = 0x811c9dc5;
const PREFIXES = 1 << 14;
const CLASSES = 1 << 16;
/** Accounts among which a new one takes the place of the one that is nearest to full. */
const WAYS = 8;
const SECOND_MS = 1000;
const TOLD_EVERY_MS = 60_000;

/** What `ResponseRates` takes of the world. */
export interface ResponseRatesParts {
  /** 32 bits that nobody outside knows, so that nobody can aim at the account of another. */
  readonly seed?: number;
  /** Milliseconds that only rise. */
  readonly now?: () => number;
  /** Told that replies to a prefix are limited, once a minute for each. */
  readonly onLimited?: (prefix: string, limit: RateLimit) => void;
}

/**
 * Limits how many replies a prefix gets in a second: of those that say the same, and in all. Whoever sends questions in
 * another's name then hits that other with no more than this, and with small ones beyond it. A second's worth may come at
 * once; so in any time of `s` seconds no more than `(s + 1) * rate` whole replies go out. Takes the same memory whatever comes.
 */
export class ResponseRates {
  /** Replies that were not sent, and that were truncated, because of the limit. */
  readonly counts = { drop: 0, slip: 0 };
  private readonly seed: number;
  private readonly now: () => number;
  private readonly onLimited: ((prefix: string, limit: RateLimit) => void) | undefined;
  private readonly prefixes = new Accounts(PREFIXES);
  private readonly classes = new Accounts(CLASSES);

  constructor({ seed = 0, now = (): number => performance.now(), onLimited }: ResponseRatesParts = {}) {
    this.seed = seed;
    this.now = now;
    this.onLimited = onLimited;
  }

  /** Decides of a reply that is ready to be sent, and counts it. */
  judge(to: Address, reply: Uint8Array, limit: RateLimit): Verdict {
    const now = this.now();
    const hash = prefixHash(this.seed, to);
    const prefix = this.prefixes.find(hash, now);
    const alike = this.classes.find(replyClass(hash, reply), now);
    const { responsesPerSecond, allPerSecond, slip } = limit;
    if (this.prefixes.has(prefix, allPerSecond, now) && this.classes.has(alike, responsesPerSecond, now)) {
      this.prefixes.take(prefix, allPerSecond, now);
      this.classes.take(alike, responsesPerSecond, now);
      return "send";
    }
    this.tell(prefix, to, limit, now);
    const isSlip = slip > 0 && this.prefixes.countLimited(prefix) % slip === 0;
    const verdict = isSlip ? "slip" : "drop";
    this.counts[verdict] += 1;
    return verdict;
  }

  private tell(prefix: number, to: Address, limit: RateLimit, now: number): void {
    if (this.onLimited === undefined || !this.prefixes.isToTell(prefix, now)) return;
    this.onLimited(cidrOf(to, PREFIX_BITS[to.family]).text, limit);
  }
}

/**
 * Accounts by a hash, in sets of few: a new one takes the place of the one of its set that is the longest full, or will be
 * full first. So accounts that hold something back stay, and one that is lost costs what it held back.
 */
class Accounts {
  private readonly keys: Uint32Array;
  /** When the account is full again; what is missing until then was taken from it. */
  private readonly fullAt: Float64Array;
  private readonly limited: Uint32Array;
  private readonly toldAt: Float64Array;

  constructor(capacity: number) {
    this.keys = new Uint32Array(capacity);
    this.fullAt = new Float64Array(capacity);
    this.limited = new Uint32Array(capacity);
    this.toldAt = new Float64Array(capacity);
  }

  /** The account of a hash, which is full if it is new. */
  find(hash: number, now: number): number {
    const key = scattered(hash) || 1; // 0 is nobody's.
    const first = (key % (this.keys.length / WAYS)) * WAYS;
    let fullest = first;
    for (let at = first; at < first + WAYS; at++) {
      if (this.keys[at] === key) return at;
      if ((this.fullAt[at] ?? 0) < (this.fullAt[fullest] ?? 0)) fullest = at;
    }
    this.keys[fullest] = key;
    this.fullAt[fullest] = now;
    this.limited[fullest] = 0;
    this.toldAt[fullest] = Number.NEGATIVE_INFINITY;
    return fullest;
  }

  /** Whether there is a reply left in the account, which holds those of a second. */
  has(account: number, rate: number, now: number): boolean {
    return this.missing(account, now) + SECOND_MS / rate <= SECOND_MS;
  }

  take(account: number, rate: number, now: number): void {
    this.fullAt[account] = now + this.missing(account, now) + SECOND_MS / rate;
  }

  /** Counts a reply that was held back; gives how many there were. */
  countLimited(account: number): number {
    const count = (this.limited[account] ?? 0) + 1;
    this.limited[account] = count;
    return count;
  }

  /** Whether a minute has gone since this was last true. */
  isToTell(account: number, now: number): boolean {
    if (now - (this.toldAt[account] ?? 0) < TOLD_EVERY_MS) return false;
    this.toldAt[account] = now;
    return true;
  }

  private missing(account: number, now: number): number {
    return Math.max(0, (this.fullAt[account] ?? 0) - now);
  }
}

/** The last steps of MurmurHash3, 32 bits: FNV leaves its low bits to the low bits of what was hashed. */
function scattered(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** FNV-1a over the octets of a prefix. */
function prefixHash(seed: number, { family, octets }: Address): number {
  let hash = mix(FNV_OFFSET ^ seed, family);
  for (let i = 0; i < PREFIX_BITS[family] / 8; i++) hash = mix(hash, octets[i] ?? 0);
  return hash;
}
