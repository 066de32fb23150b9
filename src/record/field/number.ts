import type { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import { parseNumber, parseSeconds } from "../text/number-text.ts";
import type { Field } from "./field.ts";

/** A number of one octet. */
export function u8(noun: string): Field {
  return number(
    noun,
    0xff,
    (reader) => reader.u8(),
    (writer, value) => writer.u8(value),
  );
}

/** A number of two octets. */
export function u16(noun: string): Field {
  return number(
    noun,
    0xffff,
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
      if (value === undefined) return cursor.needs(`${noun} from 0 to ${max}`);
      writeValue(writer, value);
      cursor.index += 1;
      return undefined;
    },
    read: (reader, writer) => writeValue(writer, readValue(reader)),
    format: (reader) => String(readValue(reader)),
  };
}

function readU32(reader: OctetReader): number {
  return reader.u32();
}

function writeU32(writer: OctetWriter, value: number): void {
  writer.u32(value);
}
