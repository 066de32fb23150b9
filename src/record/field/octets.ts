import { formatBase64, formatHex, parseBase64, parseHex } from "../text/octets-text.ts";
import type { Field } from "./field.ts";

/** Octets to the end of the rdata as hexadecimal digits, which may be cut into words anywhere. */
export function hex(noun: string): Field {
  return octets(noun, "hexadecimal digits", parseHex, formatHex);
}

/** Octets to the end of the rdata as base64, which may be cut into words anywhere. */
export function base64(noun: string): Field {
  return octets(noun, "base64", parseBase64, formatBase64);
}

function octets(
  noun: string,
  form: string,
  parseOctets: (text: string) => Uint8Array | undefined,
  formatOctets: (octets: Uint8Array) => string,
): Field {
  return {
    noun,
    parse(cursor, writer) {
      const words = cursor.tokens.slice(cursor.index);
      const value = words.some((word) => word.quoted)
        ? undefined
        : parseOctets(words.map((word) => word.text).join(""));
      if (value === undefined || value.length === 0) return cursor.needs(`${noun} in ${form}`);
      writer.bytes(value);
      cursor.index = cursor.tokens.length;
      return undefined;
    },
    read(reader, writer) {
      writer.u8(reader.u8()); // At least one, as in text.
      writer.bytes(reader.take(reader.remaining));
    },
    format: (reader) => formatOctets(reader.take(reader.remaining)),
  };
}
