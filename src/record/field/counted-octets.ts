import type { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import { formatBase32Hex, formatHex, parseBase32Hex, parseHex } from "../text/octets-text.ts";
import type { Field } from "./field.ts";

const MAX_COUNTED_OCTETS = 255;

/** At most 255 octets behind their count as one word of hexadecimal digits; `-` for none (RFC 5155 §3.3). */
export function countedHex(noun: string): Field {
  return {
    noun,
    parse(cursor, writer) {
      const octets = cursor.word === "-" ? new Uint8Array() : parseHex(cursor.word);
      if (octets === undefined || (octets.length === 0 && cursor.word !== "-"))
        return cursor.needs(`${noun} in hexadecimal digits, or - for none`);
      if (octets.length > MAX_COUNTED_OCTETS) return cursor.needs(`${noun} of at most ${MAX_COUNTED_OCTETS} octets`);
      writer.u8(octets.length);
      writer.bytes(octets);
      cursor.index += 1;
      return undefined;
    },
    read(reader, writer) {
      const octets = takeCounted(reader);
      writer.u8(octets.length);
      writer.bytes(octets);
    },
    format: (reader) => formatHex(takeCounted(reader)) || "-",
  };
}

/** From `least` to `most` octets behind their count as one word of base32hex without padding (RFC 5155 §3.3). */
export function countedBase32(noun: string, least = 1, most = MAX_COUNTED_OCTETS): Field {
  const count = least === most ? `${least} octets` : `${least} to ${most} octets`;
  return {
    noun,
    parse(cursor, writer) {
      const octets = parseBase32Hex(cursor.word);
      if (octets === undefined || octets.length < least || octets.length > most)
        return cursor.needs(`${noun} of ${count} in base32hex`);
      writer.u8(octets.length);
      writer.bytes(octets);
      cursor.index += 1;
      return undefined;
    },
    read(reader, writer) {
      const at = reader.offset;
      const octets = takeCounted(reader);
      if (octets.length < least || octets.length > most) throw new WireError("rdata-malformed", at);
      writer.u8(octets.length);
      writer.bytes(octets);
    },
    format: (reader) => formatBase32Hex(takeCounted(reader)),
  };
}

function takeCounted(reader: OctetReader): Uint8Array {
  return reader.take(reader.u8());
}
