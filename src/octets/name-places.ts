import { MAX_NAME_OCTETS } from "../name/domain-name.ts";

/** Pointers hold 14 bits (RFC 1035 §4.1.4). */
const MAX_POINTER = 0x3fff;
const HASH_SEED = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

/** Hashes of the endings of the name at hand, by where they start in its key: filled and read within one call. */
const endings = new Int32Array(MAX_NAME_OCTETS + 1);

/** Slots of a new table, a power of two: replies with few names fill a small part of it. */
const FIRST_SLOTS = 256;

/**
 * Where the endings of names stand in a message that is being written, so that a later name can point there. An ending is a
 * key and the character it starts at: none is cut out of its name to be looked for.
 */
export class NamePlaces {
  /** Open addressing by the hash of an ending: its place plus one, 0 where free. Places go as they came, the last first. */
  private slots = new Int32Array(FIRST_SLOTS);
  private readonly hashes: number[] = [];
  private readonly keys: string[] = [];
  private readonly starts: number[] = [];
  /** Offsets in the message; they only rise. */
  private readonly offsets: number[] = [];

  /** Makes `find` and `add` ready for the endings of one name. */
  enter(key: string): void {
    let hash = HASH_SEED;
    for (let i = key.length - 1; i >= 0; i--) {
      hash = Math.imul(hash ^ key.charCodeAt(i), HASH_FACTOR);
      endings[i] = hash;
    }
  }

  /** Where the ending from the character `start` of the entered key stands, or -1. */
  find(key: string, start: number): number {
    const place = (this.slots[this.slotOf(endings[start] ?? 0)] ?? 0) - 1;
    if (place < 0) return -1;
    return isSameEnding(key, start, this.keys[place] ?? "", this.starts[place] ?? 0) ? (this.offsets[place] ?? -1) : -1;
  }

  /**
   * Remembers that this ending is written at `offset`, if a pointer can lead there. Of two endings with one hash the first
   * is kept: the other is written out.
   */
  add(key: string, start: number, offset: number): void {
    const hash = endings[start] ?? 0;
    const slot = this.slotOf(hash);
    if (offset > MAX_POINTER || this.slots[slot] !== 0) return;
    this.hashes.push(hash);
    this.keys.push(key);
    this.starts.push(start);
    this.offsets.push(offset);
    this.slots[slot] = this.offsets.length;
    if (this.offsets.length * 2 > this.slots.length) this.grow();
  }

  /** Forgets the endings that start at `offset` or behind it. */
  forgetFrom(offset: number): void {
    // The slot of the last that came is no other one's way: whatever was put behind it is gone already.
    while ((this.offsets.at(-1) ?? -1) >= offset) {
      this.slots[this.slotOf(this.hashes.at(-1) ?? 0)] = 0;
      this.offsets.pop();
      this.keys.pop();
      this.starts.pop();
      this.hashes.pop();
    }
  }

  /** The slot of a hash, or the free one that it would have. */
  private slotOf(hash: number): number {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const place = (slots[slot] ?? 0) - 1;
      if (place < 0 || hashes[place] === hash) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    for (let place = 0; place < this.hashes.length; place++)
      this.slots[this.slotOf(this.hashes[place] ?? 0)] = place + 1;
  }
}

function isSameEnding(a: string, startA: number, b: string, startB: number): boolean {
  const length = a.length - startA;
  if (b.length - startB !== length) return false;
  for (let i = 0; i < length; i++) if (a.charCodeAt(startA + i) !== b.charCodeAt(startB + i)) return false;
  return true;
}
