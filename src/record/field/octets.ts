import { WireError } from "../../octets/wire-error.ts";
import { formatBase64, formatHex, parseBase64, parseHex, splitDigits } from "../text/octets-text.ts";
import type { Field } from "./field.ts";

/** How many octets there may be; without bounds, one at least. */
export interface OctetBounds {
  readonly least?: number;
  readonly most?: number;
}

/** Octets to the end of the rdata as hexadecimal digits, which may be cut into words anywhere. */
export function hex(noun: string, bounds: OctetBounds = {}): Field {
  return octets(noun, "hexadecimal digits", bounds, parseHex, formatHex);
}

/** Octets to the end of the rdata as base64, which may be cut into words anywhere. */
export function base64(noun: string, bounds: OctetBounds = {}): Field {
  return octets(noun, "base64", bounds, parseBase64, formatBase64);
}

function octets(
  noun: string,
  form: string,
  { least = 1, most = Number.POSITIVE_INFINITY }: OctetBounds,
  parseOctets: (text: string) => Uint8Array | undefined,
  formatOctets: (octets: Uint8Array) => string,
): Field {
  return {
    noun,
    mayBeAbsent: least === 0,
    parse(cursor, writer) {
      const words = cursor.tokens.slice(cursor.index);
      const value = words.some((word) => word.quoted)
        ? undefined
        : parseOctets(words.map((word) => word.text).join(""));
      if (value === undefined || (value.length === 0 && least > 0)) return cursor.needs(`${noun} in ${form}`);
      if (value.length < least || value.length > most)
        return `${cursor.needs(`${noun} of ${countText(least, most)}`)}, which has ${value.length}`;
      writer.bytes(value);
      cursor.index = cursor.tokens.length;
      return undefined;
    },
    read(reader, writer) {
      writer.bytes(reader.take(least));
      writer.bytes(reader.take(Math.min(reader.remaining, most - least)));
    },
    format(reader) {
      const at = reader.offset;
      const value = reader.take(reader.remaining);
      if (value.length < least || value.length > most) throw new WireError("rdata-length", at);
      return splitDigits(formatOctets(value));
    },
  };
}

function countText(least: number, most: number): string {
  if (least === most) return `${least} octets`;
  return most === Number.POSITIVE_INFINITY ? `at least ${least} octets` : `${least} to ${most} octets`;
}
