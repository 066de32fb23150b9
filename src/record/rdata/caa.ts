import type { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { u8 } from "../field/number.ts";
import { longString } from "../field/string.ts";

const MAX_TAG_OCTETS = 255;

/** The property's name: letters and digits, at least one (RFC 8659 §4.1); kept in the case it was written. */
const tag: Field = {
  noun: "a tag",
  parse(cursor, writer) {
    const { word } = cursor;
    if (!isTag(word)) return cursor.needs("a tag of letters and digits, like issue");
    if (word.length > MAX_TAG_OCTETS) return cursor.needs(`a tag of at most ${MAX_TAG_OCTETS} octets`);
    writer.u8(word.length);
    writer.text(word);
    cursor.index += 1;
    return undefined;
  },
  read(reader, writer) {
    const at = reader.offset;
    const text = readTag(reader);
    if (!isTag(text)) throw new WireError("rdata-malformed", at);
    writer.u8(text.length);
    writer.text(text);
  },
  format: readTag,
};

function readTag(reader: OctetReader): string {
  return reader.text(reader.u8());
}

function isTag(text: string): boolean {
  return /^[0-9a-zA-Z]+$/.test(text);
}

/** CAA (RFC 8659 §4.1). The value runs to the end of the rdata, so it may be longer than a character-string. */
export const caa: RdataLayout = [u8("flags"), tag, longString("a value")];
