import { type DomainName, foldLabel, MAX_NAME_OCTETS } from "../name/domain-name.ts";
import type { NameRead, NamesRead, OctetReader } from "./octet-reader.ts";
import type { OctetWriter } from "./octet-writer.ts";
import { WireError } from "./wire-error.ts";

/** Octets of a message header: no name starts there, so no pointer may lead there. */
const HEADER_OCTETS = 12;
/** A name has at most 127 labels and needs at most one pointer for each: more is only there to keep a reader busy. */
const MAX_POINTERS = 127;

/**
 * Reads a name, compressed or not, and leaves `reader` behind it. Linear: each pointer leads before the last. A reader that
 * remembers names reads what a pointer leads to only once, so that a message of many names takes time for its octets only.
 */
export function readName(reader: OctetReader): DomainName {
  const labels: string[] = [];
  let key = "";
  let cursor = reader; // Leaves `reader` behind at the first pointer.
  const jumps: Jump[] = [];
  let start = reader.offset; // Pointers must lead before it (RFC 1035 §4.1.4): it only falls, so the walk ends.

  for (;;) {
    const at = cursor.offset;
    const length = cursor.u8();
    if (length === 0) {
      const name = { labels, key: `${key}\0` };
      if (reader.names !== undefined) remember(reader.names, name, jumps, 0);
      return name;
    }
    switch (length & 0b1100_0000) {
      case 0b0000_0000: {
        if (key.length + 1 + length + 1 > MAX_NAME_OCTETS) throw new WireError("name-too-long", at);
        const label = cursor.text(length);
        labels.push(label);
        key += String.fromCharCode(length) + foldLabel(label);
        break;
      }
      case 0b1100_0000: {
        const target = ((length & 0b0011_1111) << 8) | cursor.u8();
        if (target >= start) throw new WireError("pointer-not-backwards", at);
        if (jumps.length === MAX_POINTERS) throw new WireError("too-many-pointers", at);
        if (target < HEADER_OCTETS) throw new WireError("pointer-into-header", at);
        jumps.push({ target, labels: labels.length, octets: key.length });
        const known = reader.names?.get(target);
        if (reader.names !== undefined && known !== undefined && isLegal(key, jumps, known)) {
          const { name, pointers } = known;
          const whole = labels.length === 0 ? name : { labels: labels.concat(name.labels), key: key + name.key };
          jumps.pop(); // Remembered already.
          remember(reader.names, whole, jumps, pointers + 1);
          return whole;
        }
        cursor = cursor.at(target);
        start = target;
        break;
      }
      default:
        throw new WireError("reserved-label-type", at);
    }
  }
}

/** A pointer that was followed, and what of the name stood before it. */
interface Jump {
  readonly target: number;
  readonly labels: number;
  readonly octets: number;
}

/** Whether a name read so far may end in a known one; if not, reading that again finds the octet at fault. */
function isLegal(key: string, jumps: readonly Jump[], { name, pointers }: NameRead): boolean {
  return key.length + name.key.length <= MAX_NAME_OCTETS && jumps.length + pointers <= MAX_POINTERS;
}

/** Keeps the endings of a name that pointers led to; `pointers` are needed after the last of the jumps. */
function remember(names: NamesRead, name: DomainName, jumps: readonly Jump[], pointers: number): void {
  for (const [i, { target, labels, octets }] of jumps.entries()) {
    const ending = labels === 0 ? name : { labels: name.labels.slice(labels), key: name.key.slice(octets) };
    names.set(target, { name: ending, pointers: pointers + jumps.length - 1 - i });
  }
}

/** Reads a name that must not be compressed: pointers are reserved label types here (RFC 3597 §4). */
export function readUncompressedName(reader: OctetReader): DomainName {
  const labels: string[] = [];
  let key = "";
  for (;;) {
    const at = reader.offset;
    const length = reader.u8();
    if (length === 0) return { labels, key: `${key}\0` };
    if (length > 63) throw new WireError("reserved-label-type", at);
    if (key.length + 1 + length + 1 > MAX_NAME_OCTETS) throw new WireError("name-too-long", at);
    const label = reader.text(length);
    labels.push(label);
    key += String.fromCharCode(length) + foldLabel(label);
  }
}

/** Writes a name without compression. */
export function writeName(writer: OctetWriter, name: DomainName): void {
  for (const label of name.labels) {
    writer.u8(label.length);
    writer.text(label);
  }
  writer.u8(0);
}

/** Writes a name, its longest ending that stands in the message already as a pointer (RFC 1035 §4.1.4). */
export function writeCompressedName(writer: OctetWriter, name: DomainName): void {
  const { key, labels } = name;
  const { names } = writer;
  names.enter(key);
  let start = 0;
  for (const label of labels) {
    const known = names.find(key, start);
    if (known >= 0) {
      writer.u16(0xc000 | known);
      return;
    }
    names.add(key, start, writer.offset);
    writer.u8(label.length);
    writer.text(label);
    start += 1 + label.length;
  }
  writer.u8(0);
}
