import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import { WireError } from "../../octets/wire-error.ts";
import type { RdataCursor } from "../rdata-token.ts";
import type { RecordType } from "../record-type.ts";
import { bitsOfNumbers, numbersOfBits } from "../text/bits.ts";
import { parseNumber } from "../text/number-text.ts";
import { typeName, typeNumber } from "../type-names.ts";
import type { Field } from "./field.ts";

const OCTETS_OF_WINDOW = 32;

/** A record type by its mnemonic, as `TYPE65280`, or as a bare number. */
export function recordType(noun: string): Field {
  return {
    noun,
    parse(cursor, writer) {
      const type = typeNumber(cursor.word) ?? parseNumber(cursor.word, 0xffff);
      if (type === undefined) return cursor.needs(`${noun} like A or TYPE65280`);
      writer.u16(type);
      cursor.index += 1;
      return undefined;
    },
    read: (reader, writer) => writer.u16(reader.u16()),
    format: (reader) => typeName(reader.u16()),
  };
}

/**
 * Types to the end of the rdata, in any order in text, as windows of bits on the wire (RFC 4034 §4.1.2). Only NSEC must
 * have some: it lists itself.
 */
export function typeBitmap(mayBeAbsent: boolean): Field {
  return {
    noun: "types",
    mayBeAbsent,
    parse(cursor, writer) {
      const types = parseTypes(cursor);
      if (typeof types === "string") return types;
      writeWindows(writer, types);
      return undefined;
    },
    read(reader, writer) {
      if (!mayBeAbsent && reader.remaining === 0) throw new WireError("rdata-length", reader.offset);
      writeWindows(writer, readWindows(reader));
    },
    format: (reader) => readWindows(reader).map(typeName).join(" "),
  };
}

/** Reads every word that is left as a type; the types ascending, each once. */
export function parseTypes(cursor: RdataCursor, least = 0, most = 0xffff): RecordType[] | string {
  const types = new Set<RecordType>();
  for (; !cursor.atEnd; cursor.index++) {
    const type = typeNumber(cursor.word);
    if (type === undefined) return cursor.needs("types like A or TYPE65280");
    if (type < least || type > most) return cursor.needs(`types from ${typeName(least)} to ${typeName(most)}`);
    types.add(type);
  }
  return [...types].sort((a, b) => a - b);
}

/** Windows ascend, are not empty, and end with an octet that says something (RFC 4034 §4.1.2). */
function readWindows(reader: OctetReader): RecordType[] {
  const types: RecordType[] = [];
  let last = -1;
  while (reader.remaining > 0) {
    const at = reader.offset;
    const window = reader.u8();
    const length = reader.u8();
    const bits = reader.take(length);
    const isWhole = length > 0 && length <= OCTETS_OF_WINDOW && bits[length - 1] !== 0;
    if (window <= last || !isWhole) throw new WireError("rdata-malformed", at);
    last = window;
    types.push(...numbersOfBits(bits).map((type) => window * 256 + type));
  }
  return types;
}

function writeWindows(writer: OctetWriter, types: readonly RecordType[]): void {
  const windows = new Map<number, number[]>();
  for (const type of types) {
    const window = windows.get(type >>> 8);
    if (window === undefined) windows.set(type >>> 8, [type & 0xff]);
    else window.push(type & 0xff);
  }
  for (const [window, ofWindow] of windows) {
    const bits = bitsOfNumbers(ofWindow);
    writer.u8(window);
    writer.u8(bits.length);
    writer.bytes(bits);
  }
}
