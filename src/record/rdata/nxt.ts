import { WireError } from "../../octets/wire-error.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { decompressedName } from "../field/name.ts";
import { parseTypes } from "../field/type.ts";
import { bitsOfNumbers, numbersOfBits } from "../text/bits.ts";
import { typeName } from "../type-names.ts";

/** The types of one bit map without windows hold 1 to 127: the first bit says that the form is another (RFC 2535 §5.2). */
const LAST_TYPE = 127;

const types: Field = {
  noun: "types",
  mayBeAbsent: true,
  parse(cursor, writer) {
    const listed = parseTypes(cursor, 1, LAST_TYPE);
    if (typeof listed === "string") return listed;
    writer.bytes(bitsOfNumbers(listed));
    return undefined;
  },
  read(reader, writer) {
    const at = reader.offset;
    const bits = reader.take(reader.remaining);
    const isOtherForm = ((bits[0] ?? 0) & 0x80) !== 0;
    if (bits.length > (LAST_TYPE + 1) / 8 || isOtherForm || bits.at(-1) === 0)
      throw new WireError("rdata-malformed", at);
    writer.bytes(bits);
  },
  format: (reader) => numbersOfBits(reader.take(reader.remaining)).map(typeName).join(" "),
};

/** NXT (RFC 2535 §5.2), the forerunner of NSEC; its name may arrive compressed (RFC 3597 §4). */
export const nxt: RdataLayout = [decompressedName("a next name"), types];
