import { MAX_NAME_OCTETS } from "../name/domain-name.ts";

/** Pointers hold 14 bits (RFC 1035 §4.1.4). */
const MAX_POINTER = 0x3fff;
const HASH_SEED = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

/** Hashes of the endings of the name at hand, by where they start in its key: filled and read within one call. */
const endings = new Int32Array(MAX_NAME_OCTETS + 1);

/**
 * Where the endings of names stand in a message that is being written, so that a later name can point there. An ending is a
 * key and the character it starts at: none is cut out of its name to be looked for.
 */
export class NamePlaces {
  /** Places by the hash of their ending. Of two endings with one hash the first is kept: the other is written out. */
  private readonly byHash = new Map<number, number>();
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
    const place = this.byHash.get(endings[start] ?? 0);
    if (place === undefined) return -1;
    return isSameEnding(key, start, this.keys[place] ?? "", this.starts[place] ?? 0) ? (this.offsets[place] ?? -1) : -1;
  }

  /** Remembers that this ending is written at `offset`, if a pointer can lead there. */
  add(key: string, start: number, offset: number): void {
    const hash = endings[start] ?? 0;
    if (offset > MAX_POINTER || this.byHash.has(hash)) return;
    this.byHash.set(hash, this.offsets.length);
    this.hashes.push(hash);
    this.keys.push(key);
    this.starts.push(start);
    this.offsets.push(offset);
  }

  /** Forgets the endings that start at `offset` or behind it. */
  forgetFrom(offset: number): void {
    while ((this.offsets.at(-1) ?? -1) >= offset) {
      this.offsets.pop();
      this.keys.pop();
      this.starts.pop();
      this.byHash.delete(this.hashes.pop() ?? 0);
    }
  }
}

function isSameEnding(a: string, startA: number, b: string, startB: number): boolean {
  const length = a.length - startA;
  if (b.length - startB !== length) return false;
  for (let i = 0; i < length; i++) if (a.charCodeAt(startA + i) !== b.charCodeAt(startB + i)) return false;
  return true;
}
