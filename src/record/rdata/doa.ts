import type { Field, RdataLayout } from "../field/field.ts";
import { u8, u32 } from "../field/number.ts";
import { base64 } from "../field/octets.ts";
import { characterString } from "../field/string.ts";
import { formatBase64 } from "../text/octets-text.ts";

const octets = base64("data", { least: 0 });

/** Octets in base64, none being a hyphen. */
const data: Field = {
  ...octets,
  mayBeAbsent: false,
  parse(cursor, writer) {
    if (cursor.word !== "-") return octets.parse(cursor, writer);
    cursor.index += 1;
    return undefined;
  },
  format: (reader) => formatBase64(reader.take(reader.remaining)) || "-",
};

/** DOA, a digital object architecture's element: whose, of which type, where it is, of which media type, and itself. */
export const doa: RdataLayout = [
  u32("an enterprise number"),
  u32("a type"),
  u8("a location"),
  characterString("a media type"),
  data,
];
