import { NamePlaces } from "./name-places.ts";

/** Up to here a copy is done octet by octet before `slice` has begun: most replies, and the rdata of most records. */
const FEW_OCTETS = 192;

/** Octets being written, into one buffer that grows; with the places of the names written so far, for compression. */
export class OctetWriter {
  private octets: Uint8Array;
  private length = 0;
  /** Of the names written so far; see `octets/name.ts`. */
  readonly names = new NamePlaces();

  constructor(capacity = 512) {
    this.octets = new Uint8Array(capacity);
  }

  /** How many octets are written, which is where the next one goes. */
  get offset(): number {
    return this.length;
  }

  /** Writes one octet. */
  u8(value: number): void {
    this.reserve(1);
    this.octets[this.length++] = value;
  }

  /** Writes two octets, network order. */
  u16(value: number): void {
    this.reserve(2);
    this.octets[this.length++] = value >>> 8;
    this.octets[this.length++] = value;
  }

  /** Writes four octets, network order. */
  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value & 0xffff);
  }

  /** Writes octets as they are. */
  bytes(octets: Uint8Array): void {
    this.reserve(octets.length);
    this.octets.set(octets, this.length);
    this.length += octets.length;
  }

  /** Writes text, one octet per char. */
  text(text: string): void {
    this.reserve(text.length);
    const { octets, length } = this;
    for (let i = 0; i < text.length; i++) octets[length + i] = text.charCodeAt(i);
    this.length = length + text.length;
  }

  /**
   * Overwrites two octets written before: a count or a length known only now.
   * @throws RangeError when they were not written, or the value needs more than two octets.
   */
  patchU16(offset: number, value: number): void {
    if (offset < 0 || offset + 2 > this.length) throw new RangeError(`${offset} of ${this.length} octets`);
    if (value < 0 || value > 0xffff) throw new RangeError(`${value} in two octets`);
    this.octets[offset] = value >>> 8;
    this.octets[offset + 1] = value;
  }

  /** Forgets everything written from `offset` on, the names that start there included; never inside a name. */
  truncate(offset: number): void {
    this.length = offset;
    this.names.forgetFrom(offset);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    const { octets, length } = this;
    if (length > FEW_OCTETS) return octets.slice(0, length);
    const copy = new Uint8Array(length);
    for (let i = 0; i < length; i++) copy[i] = octets[i] ?? 0;
    return copy;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.octets.length) return;
    const grown = new Uint8Array(Math.max(this.octets.length * 2, this.length + count));
    grown.set(this.octets.subarray(0, this.length));
    this.octets = grown;
  }
}
