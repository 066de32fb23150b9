import { countDown } from "../message/count-down.ts";
import { HEADER_OCTETS } from "../message/header.ts";
import type { PlainQuery } from "../message/plain-query.ts";
import type { Resolution } from "../resolve/resolution.ts";

/** Replies in one half of the table. */
const MAX_REPLIES = 1 << 16;
/** Octets of replies in one half of the table. */
const MAX_OCTETS = 1 << 24;
const FIRST_OCTETS = 1 << 16;
/** The longest reply that is kept: every client takes it, so that how much it takes makes no difference. */
const MAX_REPLY_OCTETS = 512;
/** Type and class stand behind the name; only names have letters. */
const QUESTION_TAIL_OCTETS = 4;
/** Of a reply whose TTLs do not count down. */
const STANDS_STILL = -1;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** ASCII letters in lower case (RFC 4343 §3). Lengths of labels are below the letters. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, octet) => (octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet));

/**
 * Ready replies to plain queries, whole, by what shapes them: who is asked and told how much (a number that the caller
 * gives), the flags of the query and of its OPT, the question (SEMANTICS 35). In typed arrays, so that a hundred thousand
 * of them are nothing that a garbage collector looks at. It holds two halves of bounded size: a full young one becomes the
 * old one, whose replies come back to the young one as they are asked for, and the rest of it is dropped. A reply that is
 * ready for a time only may count its TTLs down meanwhile, and its room is used again by the next one.
 */
export class ReadyReplies {
  private readonly reply = new Uint8Array(MAX_REPLY_OCTETS);
  /** The reply's beginning at each length, so that no view is made for a reply. */
  private readonly views: Uint8Array[] = [];

  private readonly capacity: number;
  private readonly now: () => number;
  private readonly seed: number;
  private young: Half;
  private old: Half;

  /** What led to the last reply that was found, if that was kept with it. */
  resolution: Resolution | undefined;

  /**
   * Holds up to twice `capacity` replies, a power of two. `now` is the clock of what holds for a time. `seed`, 32 bits that
   * nobody outside knows, keeps others from making names that all fall into one place.
   */
  constructor(capacity = MAX_REPLIES, now: () => number = () => performance.now(), seed = 0) {
    this.capacity = capacity;
    this.seed = seed;
    this.now = now;
    this.young = new Half(capacity);
    this.old = new Half(capacity);
  }

  /**
   * The reply to a plain query, its id and the letters of its question put in: `undefined` where none is kept. The octets
   * hold until the next call.
   */
  find(standing: number, query: PlainQuery, octets: Uint8Array): Uint8Array | undefined {
    const hash = hashOf(this.seed, standing, query, octets);
    let half = this.young;
    let at = half.find(hash, standing, query, octets, this.now);
    if (at < 0) {
      half = this.old;
      at = half.find(hash, standing, query, octets, this.now);
      if (at < 0) return undefined;
      this.put(half.copyOf(at));
    }
    const length = half.lengths[at] ?? 0;
    this.resolution = half.resolutions[at];
    const { reply } = this;
    const start = half.starts[at] ?? 0;
    reply[0] = octets[0] ?? 0;
    reply[1] = octets[1] ?? 0;
    reply[2] = half.octets[start + 2] ?? 0;
    reply[3] = half.octets[start + 3] ?? 0;
    for (let i = 4; i < HEADER_OCTETS; i++) reply[i] = half.octets[start + i] ?? 0;
    for (let i = HEADER_OCTETS; i < query.questionEnd; i++) reply[i] = octets[i] ?? 0;
    for (let i = query.questionEnd; i < length; i++) reply[i] = half.octets[start + i] ?? 0;
    const countsFrom = half.countsFroms[at] ?? STANDS_STILL;
    if (countsFrom !== STANDS_STILL) countDown(reply, query.questionEnd, Math.floor((this.now() - countsFrom) / 1000));
    return (this.views[length] ??= reply.subarray(0, length));
  }

  /**
   * Keeps the whole reply to a plain query. `repeatsLetters` says that it has letters of the question elsewhere than in
   * names compressed against it: then it is only for who wrote it with the same ones. It is ready until `until`.
   */
  keep(
    standing: number,
    query: PlainQuery,
    reply: Uint8Array,
    { repeatsLetters = false, until = Number.POSITIVE_INFINITY, countsFrom = STANDS_STILL, resolution }: KeptWith = {},
  ): void {
    if (reply.length > MAX_REPLY_OCTETS) return;
    const { questionEnd } = query;
    const hash = hashOf(this.seed, standing, query, reply);
    const times = { until, countsFrom };
    this.put({ hash, standing, flags: flagsOf(query), questionEnd, reply, repeatsLetters, ...times, resolution });
  }

  private put(kept: Kept): void {
    if (this.young.put(kept)) return;
    this.old = this.young;
    this.young = new Half(this.capacity);
    this.young.put(kept);
  }
}

/** What is kept with a reply, and changes for whom and when it is ready. */
export interface KeptWith {
  readonly repeatsLetters?: boolean;
  /** A moment on the clock; without it the reply is ready as long as there is room. */
  readonly until?: number;
  /** The TTLs of its records are those of this second of the clock, and count down from it. */
  readonly countsFrom?: number;
  readonly resolution?: Resolution | undefined;
}

/** A reply with its key. */
interface Kept {
  readonly hash: number;
  readonly standing: number;
  /** As `flagsOf` gives them. */
  readonly flags: number;
  /** Where the question ends in the reply, which has it as its key. */
  readonly questionEnd: number;
  readonly reply: Uint8Array;
  readonly repeatsLetters: boolean;
  readonly until: number;
  /** As in `KeptWith`, or `STANDS_STILL`. */
  readonly countsFrom: number;
  readonly resolution: Resolution | undefined;
}

/** Open addressing over rows that are only ever added. */
class Half {
  /** Row numbers from 1; 0 is a free slot. Twice as many as rows, so that few of them are searched. */
  private readonly slots: Int32Array;
  private readonly hashes: Int32Array;
  private readonly standings: Int32Array;
  private readonly flags: Uint8Array;
  private readonly questionEnds: Uint16Array;
  private readonly repeatsLetters: Uint8Array;
  private readonly untils: Float64Array;
  readonly countsFroms: Float64Array;
  readonly starts: Int32Array;
  readonly lengths: Uint16Array;
  readonly resolutions: (Resolution | undefined)[] = [];
  octets = new Uint8Array(FIRST_OCTETS);
  private used = 0;

  constructor(capacity: number) {
    this.slots = new Int32Array(capacity * 2);
    this.hashes = new Int32Array(capacity);
    this.standings = new Int32Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.questionEnds = new Uint16Array(capacity);
    this.repeatsLetters = new Uint8Array(capacity);
    this.untils = new Float64Array(capacity);
    this.countsFroms = new Float64Array(capacity);
    this.starts = new Int32Array(capacity);
    this.lengths = new Uint16Array(capacity);
  }

  /** The row of a question's reply, or -1. */
  find(hash: number, standing: number, query: PlainQuery, octets: Uint8Array, now: () => number): number {
    const flags = flagsOf(query);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (this.slots[slot] ?? 0) - 1;
      if (row < 0) return -1;
      if (this.hashes[row] !== hash || this.standings[row] !== standing || this.flags[row] !== flags) continue;
      if (this.questionEnds[row] !== query.questionEnd || !this.isAsked(row, query.questionEnd, octets)) continue;
      const until = this.untils[row] ?? 0;
      if (until === Number.POSITIVE_INFINITY || now() < until) return row;
    }
  }

  /** The row of a reply that is not ready any more, or will not be, and that the reply at hand fits into; or -1. */
  private findPassing({ hash, standing, flags, questionEnd, reply, repeatsLetters }: Kept): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (this.slots[slot] ?? 0) - 1;
      if (row < 0) return -1;
      if (this.hashes[row] !== hash || this.standings[row] !== standing || this.flags[row] !== flags) continue;
      if (this.untils[row] === Number.POSITIVE_INFINITY || this.lengths[row] !== reply.length) continue;
      if (this.repeatsLetters[row] !== (repeatsLetters ? 1 : 0) || this.questionEnds[row] !== questionEnd) continue;
      if (this.isAsked(row, questionEnd, reply)) return row;
    }
  }

  /** Whether the row's question is the one in the message, in other letters where that makes no difference. */
  private isAsked(row: number, questionEnd: number, octets: Uint8Array): boolean {
    const shift = this.starts[row] ?? 0;
    const lettersEnd = this.repeatsLetters[row] === 1 ? HEADER_OCTETS : questionEnd - QUESTION_TAIL_OCTETS;
    for (let i = HEADER_OCTETS; i < lettersEnd; i++) {
      if (FOLDED[octets[i] ?? 0] !== FOLDED[this.octets[shift + i] ?? 0]) return false;
    }
    for (let i = lettersEnd; i < questionEnd; i++) if (octets[i] !== this.octets[shift + i]) return false;
    return true;
  }

  /** Adds a row, or puts it in the place of one that is passing, and says whether there was room for it. */
  put(kept: Kept): boolean {
    const { hash, standing, flags, questionEnd, reply, repeatsLetters, until, countsFrom, resolution } = kept;
    const passing = until === Number.POSITIVE_INFINITY ? -1 : this.findPassing(kept);
    if (passing >= 0) {
      this.octets.set(reply, this.starts[passing]);
      this.untils[passing] = until;
      this.countsFroms[passing] = countsFrom;
      this.resolutions[passing] = resolution;
      return true;
    }
    const row = this.resolutions.length;
    if (row === this.starts.length || !this.reserve(reply.length)) return false;
    this.octets.set(reply, this.used);
    this.starts[row] = this.used;
    this.lengths[row] = reply.length;
    this.used += reply.length;
    this.hashes[row] = hash;
    this.standings[row] = standing;
    this.flags[row] = flags;
    this.questionEnds[row] = questionEnd;
    this.repeatsLetters[row] = repeatsLetters ? 1 : 0;
    this.untils[row] = until;
    this.countsFroms[row] = countsFrom;
    this.resolutions.push(resolution);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = row + 1;
    return true;
  }

  copyOf(row: number): Kept {
    const start = this.starts[row] ?? 0;
    return {
      hash: this.hashes[row] ?? 0,
      standing: this.standings[row] ?? 0,
      flags: this.flags[row] ?? 0,
      questionEnd: this.questionEnds[row] ?? 0,
      reply: this.octets.subarray(start, start + (this.lengths[row] ?? 0)),
      repeatsLetters: this.repeatsLetters[row] === 1,
      until: this.untils[row] ?? 0,
      countsFrom: this.countsFroms[row] ?? STANDS_STILL,
      resolution: this.resolutions[row],
    };
  }

  private reserve(octets: number): boolean {
    const needed = this.used + octets;
    if (needed <= this.octets.length) return true;
    if (needed > MAX_OCTETS) return false;
    const grown = new Uint8Array(Math.max(needed, this.octets.length * 2));
    grown.set(this.octets.subarray(0, this.used));
    this.octets = grown;
    return true;
  }
}

/** What of a query beside its question shapes the reply. */
function flagsOf({ rd, cd, hasOpt, dnssecOk }: PlainQuery): number {
  return (rd ? 1 : 0) | (cd ? 2 : 0) | (hasOpt ? 4 : 0) | (dnssecOk ? 8 : 0);
}

/** FNV-1a over the question, its letters folded: type and class are told apart by `isAsked`. */
function hashOf(seed: number, standing: number, query: PlainQuery, octets: Uint8Array): number {
  let hash = Math.imul(Math.imul(FNV_OFFSET ^ seed, FNV_PRIME) ^ standing, FNV_PRIME) ^ flagsOf(query);
  for (let i = HEADER_OCTETS; i < query.questionEnd; i++) {
    hash = Math.imul(hash ^ (FOLDED[octets[i] ?? 0] ?? 0), FNV_PRIME);
  }
  return hash;
}
