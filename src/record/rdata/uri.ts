import { WireError } from "../../octets/wire-error.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { u16 } from "../field/number.ts";
import { longString } from "../field/string.ts";

const string = longString("a target");

/** The URI, to the end of the rdata, in quotes and never empty (RFC 7553 §4.4). */
const target: Field = {
  ...string,
  parse(cursor, writer) {
    const { text, quoted } = cursor.token;
    return quoted && text !== ""
      ? string.parse(cursor, writer)
      : cursor.needs('a target in quotes like "https://example.com/"');
  },
  read(reader, writer) {
    if (reader.remaining === 0) throw new WireError("rdata-length", reader.offset);
    string.read(reader, writer);
  },
};

/** URI (RFC 7553 §4). */
export const uri: RdataLayout = [u16("a priority"), u16("a weight"), target];
