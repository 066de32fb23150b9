import type { DomainName } from "../name/domain-name.ts";
import { WireError } from "./wire-error.ts";

/** Names that pointers led to, by the offset where they start; see `octets/name.ts`. */
export type NamesRead = Map<number, NameRead>;

/** A name that a pointer led to. */
export interface NameRead {
  readonly name: DomainName;
  /** How many pointers it needs itself. */
  readonly pointers: number;
}

/**
 * A cursor over octets. Never reads past its end, nor backwards: a `WireError` says where it would have. It holds no copy:
 * the octets must stay as they are while they are read.
 */
export class OctetReader {
  readonly octets: Uint8Array;
  /** The next octet to read. */
  offset: number;
  /** One past the last octet this reader may read. */
  readonly end: number;
  /** Shared with every reader made of this one. Without it each name is read anew: right where there are few. */
  readonly names: NamesRead | undefined;

  constructor(octets: Uint8Array, offset = 0, end = octets.length, names?: NamesRead) {
    this.octets = octets;
    this.offset = offset;
    this.end = Math.min(end, octets.length);
    this.names = names;
  }

  /** How many octets are left to read. */
  get remaining(): number {
    return this.end - this.offset;
  }

  /** The next octet. */
  u8(): number {
    const value = this.octets[this.offset];
    if (value === undefined || this.offset >= this.end) throw new WireError("message-too-short", this.offset);
    this.offset += 1;
    return value;
  }

  /** The next two octets, network order. */
  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  /** The next four octets, network order, unsigned. */
  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  /**
   * The next `length` octets, shared with the message: `slice()` them to keep them. Never a `Buffer`, which sockets give:
   * its `slice()` is no copy.
   */
  take(length: number): Uint8Array {
    const start = this.advance(length);
    return new Uint8Array(this.octets.buffer, this.octets.byteOffset + start, length);
  }

  /** The next `length` octets as text, one char per octet. */
  text(length: number): string {
    const start = this.advance(length);
    let text = "";
    for (let i = start; i < start + length; i++) text += String.fromCharCode(this.octets[i] ?? 0);
    return text;
  }

  /** A second cursor on the same octets. */
  at(offset: number): OctetReader {
    return new OctetReader(this.octets, offset, this.end, this.names);
  }

  /** A reader of the next `length` octets alone, on the same octets so that pointers still lead to the whole message. */
  slice(length: number): OctetReader {
    const start = this.advance(length);
    return new OctetReader(this.octets, start, start + length, this.names);
  }

  /** Passes `length` octets and says where they start. A length computed below zero is one that the octets do not have. */
  private advance(length: number): number {
    const start = this.offset;
    if (length < 0 || start + length > this.end) throw new WireError("message-too-short", start);
    this.offset = start + length;
    return start;
  }
}
