import { countDown } from "../message/count-down.ts";
import { HEADER_OCTETS } from "../message/header.ts";
import type { PlainQuery } from "../message/plain-query.ts";
import type { Resolution } from "../resolve/resolution.ts";
import { FOLDED, type Kept, keyShapeOf, ReadyHalf, STANDS_STILL } from "./_ready-half.ts";

/** Replies in one half of the table. */
const MAX_REPLIES = 1 << 16;
/** The longest reply that is kept: every client takes it, so that how much it takes makes no difference. */
const MAX_REPLY_OCTETS = 512;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

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
  private young: ReadyHalf;
  private old: ReadyHalf;

  /** Where the last reply that was found is kept. */
  private found: Uint8Array = this.reply;
  private foundAt = 0;
  /** What led to the last reply that was found, if that was kept with it. */
  resolution: Resolution | undefined;
  /** Where OPT starts in it; 0 without one. */
  optAt = 0;

  /**
   * Holds up to twice `capacity` replies, a power of two. `now` is the clock of what holds for a time. `seed`, 32 bits that
   * nobody outside knows, keeps others from making names that all fall into one place.
   */
  constructor(capacity = MAX_REPLIES, now: () => number = () => performance.now(), seed = 0) {
    this.capacity = capacity;
    this.seed = seed;
    this.now = now;
    this.young = new ReadyHalf(capacity);
    this.old = new ReadyHalf(capacity);
  }

  /**
   * The reply to a plain query, its id and the letters of its question put in: `undefined` where none is kept. The octets
   * hold until the next call.
   */
  find(standing: number, query: PlainQuery, octets: Uint8Array): Uint8Array | undefined {
    const keyShape = keyShapeOf(query);
    const hash = hashOf(this.seed, standing, keyShape, query.questionEnd, octets);
    let half = this.young;
    let row = half.find(hash, standing, keyShape, octets, this.now);
    if (row < 0) {
      half = this.old;
      row = half.find(hash, standing, keyShape, octets, this.now);
      if (row < 0) return undefined;
      this.put(half.copyOf(row));
    }
    this.resolution = half.resolutionOf(row);
    this.optAt = half.optAtOf(row);
    return this.copyTo(octets, query.questionEnd, half, row);
  }

  /** Whether the question in a message has the letters of the one that the last reply that was found was made for. */
  repeatsLetters(octets: Uint8Array, questionEnd: number): boolean {
    const { found, foundAt } = this;
    for (let i = HEADER_OCTETS; i < questionEnd; i++) if (octets[i] !== found[foundAt + i]) return false;
    return true;
  }

  /** Puts a row's reply together with the id and the question of a message. */
  private copyTo(octets: Uint8Array, questionEnd: number, half: ReadyHalf, row: number): Uint8Array {
    const { reply } = this;
    const length = half.lengthOf(row);
    const start = half.startOf(row);
    const kept = half.octets;
    this.found = kept;
    this.foundAt = start;
    reply[0] = octets[0] ?? 0;
    reply[1] = octets[1] ?? 0;
    for (let i = 2; i < HEADER_OCTETS; i++) reply[i] = kept[start + i] ?? 0;
    for (let i = HEADER_OCTETS; i < questionEnd; i++) reply[i] = octets[i] ?? 0;
    for (let i = questionEnd; i < length; i++) reply[i] = kept[start + i] ?? 0;
    const countsFrom = half.countsFromOf(row);
    if (countsFrom !== STANDS_STILL) countDown(reply, questionEnd, Math.floor((this.now() - countsFrom) / 1000));
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
    {
      optAt = 0,
      repeatsLetters = false,
      until = Number.POSITIVE_INFINITY,
      countsFrom = STANDS_STILL,
      resolution,
    }: KeptWith = {},
  ): void {
    if (reply.length > MAX_REPLY_OCTETS) return;
    const keyShape = keyShapeOf(query);
    const hash = hashOf(this.seed, standing, keyShape, query.questionEnd, reply);
    this.put({ hash, standing, keyShape, reply, optAt, repeatsLetters, until, countsFrom, resolution });
  }

  private put(kept: Kept): void {
    if (this.young.put(kept)) return;
    this.old = this.young;
    this.young = new ReadyHalf(this.capacity);
    this.young.put(kept);
  }
}

/** What is kept with a reply, and changes for whom and when it is ready. */
export interface KeptWith {
  /** Where OPT starts in the reply; 0, or absent, without one. */
  readonly optAt?: number;
  readonly repeatsLetters?: boolean;
  /** A moment on the clock; without it the reply is ready as long as there is room. */
  readonly until?: number;
  /** The TTLs of its records are those of this second of the clock, and count down from it. */
  readonly countsFrom?: number;
  readonly resolution?: Resolution | undefined;
}

/** FNV-1a over the question, its letters folded: type and class are told apart by `isAsked`. */
function hashOf(seed: number, standing: number, keyShape: number, questionEnd: number, octets: Uint8Array): number {
  let hash = Math.imul(Math.imul(FNV_OFFSET ^ seed, FNV_PRIME) ^ standing, FNV_PRIME) ^ keyShape;
  for (let i = HEADER_OCTETS; i < questionEnd; i++) hash = Math.imul(hash ^ (FOLDED[octets[i] ?? 0] ?? 0), FNV_PRIME);
  return hash;
}
