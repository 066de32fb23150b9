import { sameLabel } from "./packed-tree.ts";

/** Numbers of 32 bits, appended one by one: a cursor over memory that doubles. */
export class GrowingU32 {
  private numbers: Uint32Array;
  private used = 0;

  /** Room for `capacity` numbers is made at once; what is never written to takes no memory. */
  constructor(capacity = 0) {
    this.numbers = new Uint32Array(Math.max(capacity, 64));
  }

  get length(): number {
    return this.used;
  }

  push(value: number): void {
    if (this.used === this.numbers.length) {
      const grown = new Uint32Array(this.numbers.length * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers[this.used++] = value;
  }

  /** The number at an index below `length`. */
  at(index: number): number {
    return this.numbers[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.numbers[index] = value;
  }

  /** What was pushed so far; not a copy, and stale after the next `push`. */
  view(): Uint32Array {
    return this.numbers.subarray(0, this.used);
  }
}

/** Octets, appended in stretches: a cursor over memory that doubles. */
export class GrowingOctets {
  private octets: Uint8Array;
  private used = 0;

  /** As for `GrowingU32`. */
  constructor(capacity = 0) {
    this.octets = new Uint8Array(Math.max(capacity, 256));
  }

  get length(): number {
    return this.used;
  }

  push(octets: Uint8Array): void {
    this.reserve(octets.length);
    copyOctets(octets, 0, octets.length, this.octets, this.used);
    this.used += octets.length;
  }

  /** Appends a length octet and a label's octets. */
  pushLabel(label: string): void {
    this.reserve(1 + label.length);
    this.octets[this.used++] = label.length;
    for (let i = 0; i < label.length; i++) this.octets[this.used++] = label.charCodeAt(i);
  }

  /** The octets from `start` to before `end`; not a copy, and stale after the next push. */
  slice(start: number, end: number): Uint8Array {
    return this.octets.subarray(start, end);
  }

  /** Copies the octets from `start` to before `end` to another place. */
  copyTo(target: Uint8Array, at: number, start: number, end: number): void {
    copyOctets(this.octets, start, end, target, at);
  }

  /** Whether the label pushed at an offset is this one, case folded. */
  hasLabel(offset: number, label: string): boolean {
    return sameLabel(this.octets, offset, label);
  }

  /** What was pushed so far; not a copy, and stale after the next push. */
  view(): Uint8Array {
    return this.octets.subarray(0, this.used);
  }

  private reserve(count: number): void {
    if (this.used + count <= this.octets.length) return;
    const grown = new Uint8Array(Math.max(this.octets.length * 2, this.used + count));
    grown.set(this.octets);
    this.octets = grown;
  }
}

/** One by one: a few octets are there before `set` has begun, and rdata is a few octets mostly. */
function copyOctets(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  for (let i = start; i < end; i++) to[at + i - start] = from[i] ?? 0;
}
