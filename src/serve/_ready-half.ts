import { HEADER_OCTETS } from "../message/header.ts";
import type { PlainQuery } from "../message/plain-query.ts";
import type { Resolution } from "../resolve/resolution.ts";

/** Octets of replies in one half of the table. */
const MAX_OCTETS = 1 << 24;
const FIRST_OCTETS = 1 << 16;
/** Type and class stand behind the name; only names have letters. */
const QUESTION_TAIL_OCTETS = 4;
/** Of a reply whose TTLs do not count down. */
export const STANDS_STILL = -1;

/**
 * What a row is found and read by, side by side: a search touches one place of the memory for each row that it meets, where
 * an array for each field would be one place each.
 */
const HASH = 0;
const STANDING = 1;
const START = 2;
const SHAPE = 3;
const FIELDS = 4;

/** A shape: where the question ends, the flags of the query, how long the reply is, and what is seldom true of it. */
const QUESTION_END_BITS = 9;
const LENGTH_SHIFT = 13;
const LENGTH_MASK = 0x3ff;
const REPEATS_LETTERS = 1 << 23;
/** The row is ready for a time only. */
const PASSES = 1 << 24;
/** The part of a shape that is the key's: where the question ends, and the flags. */
const KEY_MASK = (1 << LENGTH_SHIFT) - 1;

/** ASCII letters in lower case (RFC 4343 §3). Lengths of labels are below the letters. */
export const FOLDED = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet,
);

/** A reply with its key. */
export interface Kept {
  readonly hash: number;
  readonly standing: number;
  /** As `keyShapeOf` gives it. */
  readonly keyShape: number;
  readonly reply: Uint8Array;
  /** Where OPT starts in the reply; 0 without one. */
  readonly optAt: number;
  readonly repeatsLetters: boolean;
  readonly until: number;
  /** As in `KeptWith`, or `STANDS_STILL`. */
  readonly countsFrom: number;
  readonly resolution: Resolution | undefined;
}

/** What of a query beside the octets of its question shapes the reply, and where the question ends: 13 bits. */
export function keyShapeOf({ questionEnd, rd, cd, hasOpt, dnssecOk }: PlainQuery): number {
  const flags = (rd ? 1 : 0) | (cd ? 2 : 0) | (hasOpt ? 4 : 0) | (dnssecOk ? 8 : 0);
  return questionEnd | (flags << QUESTION_END_BITS);
}

function questionEndIn(shape: number): number {
  return shape & ((1 << QUESTION_END_BITS) - 1);
}

/** Open addressing over rows that are only ever added. */
export class ReadyHalf {
  /** Row numbers from 1; 0 is a free slot. Twice as many as rows, so that few of them are searched. */
  private readonly slots: Int32Array;
  private readonly rows: Int32Array;
  private readonly optAts: Uint16Array;
  private readonly untils: Float64Array;
  private readonly countsFroms: Float64Array;
  private readonly resolutions: (Resolution | undefined)[] = [];
  private readonly capacity: number;
  private used = 0;
  octets = new Uint8Array(FIRST_OCTETS);

  constructor(capacity: number) {
    this.capacity = capacity;
    this.slots = new Int32Array(capacity * 2);
    this.rows = new Int32Array(capacity * FIELDS);
    this.optAts = new Uint16Array(capacity);
    this.untils = new Float64Array(capacity);
    this.countsFroms = new Float64Array(capacity);
  }

  /** The row of a question's reply, or -1. */
  find(hash: number, standing: number, keyShape: number, octets: Uint8Array, now: () => number): number {
    const { rows, slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return -1;
      const at = row * FIELDS;
      if (rows[at + HASH] !== hash || rows[at + STANDING] !== standing) continue;
      const shape = rows[at + SHAPE] ?? 0;
      if ((shape & KEY_MASK) !== keyShape || !this.isAsked(at, shape, octets)) continue;
      if ((shape & PASSES) === 0 || now() < (this.untils[row] ?? 0)) return row;
    }
  }

  startOf(row: number): number {
    return this.rows[row * FIELDS + START] ?? 0;
  }

  lengthOf(row: number): number {
    return ((this.rows[row * FIELDS + SHAPE] ?? 0) >>> LENGTH_SHIFT) & LENGTH_MASK;
  }

  /** Where OPT starts in the reply; 0 without one. */
  optAtOf(row: number): number {
    return this.optAts[row] ?? 0;
  }

  /** The second that the TTLs of the reply count down from, or `STANDS_STILL`. */
  countsFromOf(row: number): number {
    return ((this.rows[row * FIELDS + SHAPE] ?? 0) & PASSES) === 0
      ? STANDS_STILL
      : (this.countsFroms[row] ?? STANDS_STILL);
  }

  resolutionOf(row: number): Resolution | undefined {
    return this.resolutions[row];
  }

  /** The row of a reply that is not ready any more, or will not be, and that the reply at hand fits into; or -1. */
  private findPassing({ hash, standing, keyShape, reply, repeatsLetters }: Kept): number {
    const { rows, slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return -1;
      const at = row * FIELDS;
      const shape = rows[at + SHAPE] ?? 0;
      const wanted = shapeOf(keyShape, reply.length, repeatsLetters, true);
      if (rows[at + HASH] !== hash || rows[at + STANDING] !== standing || shape !== wanted) continue;
      if (this.isAsked(at, shape, reply)) return row;
    }
  }

  /** Whether a row's question is the one in the message, in other letters where that makes no difference. */
  private isAsked(at: number, shape: number, octets: Uint8Array): boolean {
    const own = this.octets;
    const shift = this.rows[at + START] ?? 0;
    const questionEnd = questionEndIn(shape);
    const lettersEnd = (shape & REPEATS_LETTERS) !== 0 ? HEADER_OCTETS : questionEnd - QUESTION_TAIL_OCTETS;
    for (let i = HEADER_OCTETS; i < lettersEnd; i++) {
      if (FOLDED[octets[i] ?? 0] !== FOLDED[own[shift + i] ?? 0]) return false;
    }
    for (let i = lettersEnd; i < questionEnd; i++) if (octets[i] !== own[shift + i]) return false;
    return true;
  }

  /** Adds a row, or puts it in the place of one that is passing, and says whether there was room for it. */
  put(kept: Kept): boolean {
    const { hash, standing, keyShape, reply, optAt, repeatsLetters, until, countsFrom, resolution } = kept;
    const passes = until !== Number.POSITIVE_INFINITY;
    const passing = passes ? this.findPassing(kept) : -1;
    if (passing >= 0) {
      this.octets.set(reply, this.startOf(passing));
      this.optAts[passing] = optAt;
      this.untils[passing] = until;
      this.countsFroms[passing] = countsFrom;
      this.resolutions[passing] = resolution;
      return true;
    }
    const row = this.resolutions.length;
    if (row === this.capacity || !this.reserve(reply.length)) return false;
    const at = row * FIELDS;
    this.rows[at + HASH] = hash;
    this.rows[at + STANDING] = standing;
    this.rows[at + START] = this.used;
    this.rows[at + SHAPE] = shapeOf(keyShape, reply.length, repeatsLetters, passes);
    this.optAts[row] = optAt;
    this.untils[row] = until;
    this.countsFroms[row] = countsFrom;
    this.resolutions.push(resolution);
    this.octets.set(reply, this.used);
    this.used += reply.length;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = row + 1;
    return true;
  }

  copyOf(row: number): Kept {
    const at = row * FIELDS;
    const shape = this.rows[at + SHAPE] ?? 0;
    const start = this.startOf(row);
    return {
      hash: this.rows[at + HASH] ?? 0,
      standing: this.rows[at + STANDING] ?? 0,
      keyShape: shape & KEY_MASK,
      reply: this.octets.subarray(start, start + this.lengthOf(row)),
      optAt: this.optAtOf(row),
      repeatsLetters: (shape & REPEATS_LETTERS) !== 0,
      until: this.untils[row] ?? 0,
      countsFrom: this.countsFromOf(row),
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

function shapeOf(keyShape: number, length: number, repeatsLetters: boolean, passes: boolean): number {
  return keyShape | (length << LENGTH_SHIFT) | (repeatsLetters ? REPEATS_LETTERS : 0) | (passes ? PASSES : 0);
}
