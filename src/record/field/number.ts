import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import { WireError } from "../../octets/wire-error.ts";
import { parseNumber, parseSeconds } from "../text/number-text.ts";
import type { Field } from "./field.ts";

/** A number of one octet, not above `max`. */
export function u8(noun: string, max = 0xff): Field {
  return number(
    noun,
    max,
    (reader) => reader.u8(),
    (writer, value) => writer.u8(value),
  );
}

/** A number of two octets, not above `max`. */
export function u16(noun: string, max = 0xffff): Field {
  return number(
    noun,
    max,
    (reader) => reader.u16(),
    (writer, value) => writer.u16(value),
  );
}

/** A number of four octets. */
export function u32(noun: string): Field {
  return number(noun, 0xffff_ffff, readU32, writeU32);
}

/** Four octets of seconds, written plainly or with units (`1h30m`). */
export function seconds(noun: string): Field {
  return {
    ...u32(noun),
    parse(cursor, writer) {
      const value = parseSeconds(cursor.word);
      if (value === undefined) return cursor.needs(`${noun} in seconds or as 1h30m`);
      if (value > 0xffff_ffff) return cursor.needs(`${noun} of at most 4294967295 seconds`);
      writer.u32(value);
      cursor.index += 1;
      return undefined;
    },
  };
}

function number(
  noun: string,
  max: number,
  readValue: (reader: OctetReader) => number,
  writeValue: (writer: OctetWriter, value: number) => void,
): Field {
  return {
    noun,
    parse(cursor, writer) {
      const value = parseNumber(cursor.word, max);
      if (value === undefined) return cursor.needs(max === 0 ? `0 for ${noun}` : `${noun} from 0 to ${max}`);
      writeValue(writer, value);
      cursor.index += 1;
      return undefined;
    },
    read(reader, writer) {
      const at = reader.offset;
      const value = readValue(reader);
      if (value > max) throw new WireError("rdata-malformed", at);
      writeValue(writer, value);
    },
    format: (reader) => String(readValue(reader)),
  };
}

function readU32(reader: OctetReader): number {
  return reader.u32();
}

function writeU32(writer: OctetWriter, value: number): void {
  writer.u32(value);
}
