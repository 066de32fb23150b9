import type { Field, RdataLayout } from "../field/field.ts";
import { parseNumber } from "../text/number-text.ts";

const MAX_NUMBER = 0xffff_ffff_ffff_ffffn;

/** A number of eight octets, written as one or, with a dot between them, as its two halves. */
const nodeNumber: Field = {
  noun: "a node number",
  parse(cursor, writer) {
    const halves = cursor.word.split(".").map((half) => parseNumber(half, 0xffff_ffff));
    const [high, low] = halves;
    if (halves.length === 2 && high !== undefined && low !== undefined) {
      writer.u32(high);
      writer.u32(low);
    } else {
      const number = /^[0-9]{1,20}$/.test(cursor.word) ? BigInt(cursor.word) : MAX_NUMBER + 1n;
      if (number > MAX_NUMBER) return cursor.needs(`a node number from 0 to ${MAX_NUMBER}`);
      writer.u32(Number(number >> 32n));
      writer.u32(Number(number & 0xffff_ffffn));
    }
    cursor.index += 1;
    return undefined;
  },
  read: (reader, writer) => writer.bytes(reader.take(8)),
  format: (reader) => String((BigInt(reader.u32()) << 32n) | BigInt(reader.u32())),
};

/** IPN, the number of a node of delay-tolerant networks (RFC 9758 §3). */
export const ipn: RdataLayout = [nodeNumber];
