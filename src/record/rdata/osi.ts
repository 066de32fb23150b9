import type { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { formatHex, parseHex } from "../text/octets-text.ts";
import { octetText } from "../text/string-text.ts";

/** An address of hexadecimal digits behind `0x`, with dots anywhere between them (RFC 1706 §7). */
const nsapAddress: Field = {
  noun: "an NSAP address",
  parse(cursor, writer) {
    const { word } = cursor;
    const octets = /^0x/i.test(word) ? parseHex(word.slice(2).replaceAll(".", "")) : undefined;
    if (octets === undefined || octets.length === 0) return cursor.needs("an NSAP address like 0x47.0005.80");
    writer.bytes(octets);
    cursor.index += 1;
    return undefined;
  },
  read(reader, writer) {
    writer.u8(reader.u8());
    writer.bytes(reader.take(reader.remaining));
  },
  format: (reader) => `0x${formatHex(reader.take(reader.remaining)).toLowerCase()}`,
};

/** NSAP (RFC 1706 §5). */
export const nsap: RdataLayout = [nsapAddress];

/** The two forms of an ATM address, by their first octet. */
const AESA = 0;
const E164 = 1;

/** An end system address of hexadecimal digits with dots between them, or a telephone number behind `+`. */
const atmAddress: Field = {
  noun: "an ATM address",
  parse(cursor, writer) {
    const { word } = cursor;
    const number = /^\+([0-9]+)$/.exec(word)?.[1];
    const octets = parseHex(word.replaceAll(".", ""));
    if (number !== undefined) {
      writer.u8(E164);
      writer.text(number);
    } else if (octets !== undefined && octets.length > 0 && !/^\.|\.\.|\.$/.test(word)) {
      writer.u8(AESA);
      writer.bytes(octets);
    } else {
      return cursor.needs("an ATM address like 39.246f.000e7c9c0312 or +61200000000");
    }
    cursor.index += 1;
    return undefined;
  },
  read(reader, writer) {
    const { form, octets } = readAtm(reader);
    writer.u8(form);
    writer.bytes(octets);
  },
  format(reader) {
    const { form, octets } = readAtm(reader);
    return form === E164 ? `+${octetText(octets)}` : formatHex(octets).toLowerCase();
  },
};

function readAtm(reader: OctetReader): { readonly form: number; readonly octets: Uint8Array } {
  const at = reader.offset;
  const form = reader.u8();
  if (reader.remaining === 0) throw new WireError("rdata-length", reader.offset);
  const octets = reader.take(reader.remaining);
  const isNumber = /^[0-9]+$/.test(octetText(octets));
  if (form > E164 || (form === E164 && !isNumber)) throw new WireError("rdata-malformed", at);
  return { form, octets };
}

/** ATMA (ATM Forum, ATM Name System 2.0). */
export const atma: RdataLayout = [atmAddress];
