import type { OctetReader } from "../../octets/octet-reader.ts";
import { RecordTypes } from "../record-type.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "../text/address-text.ts";
import type { Field } from "./field.ts";

/** An IPv4 address. */
export const ipv4: Field = {
  noun: "an IPv4 address",
  parse(cursor, writer) {
    const value = parseIpv4(cursor.word);
    if (value === undefined) {
      if (cursor.type !== RecordTypes.A || parseIpv6(cursor.word) === undefined) return cursor.needs("an IPv4 address");
      return `${cursor.needs("an IPv4 address")}: an IPv6 address stands in AAAA`;
    }
    writer.u32(value);
    cursor.index += 1;
    return undefined;
  },
  read: (reader, writer) => writer.u32(reader.u32()),
  format: (reader) => formatIpv4(reader.u32()),
};

/** An IPv6 address. */
export const ipv6: Field = {
  noun: "an IPv6 address",
  parse(cursor, writer) {
    const groups = parseIpv6(cursor.word);
    if (groups === undefined) {
      if (cursor.type !== RecordTypes.AAAA || parseIpv4(cursor.word) === undefined)
        return cursor.needs("an IPv6 address");
      return `${cursor.needs("an IPv6 address")}: an IPv4 address stands in A`;
    }
    for (const group of groups) writer.u16(group);
    cursor.index += 1;
    return undefined;
  },
  read: (reader, writer) => writer.bytes(reader.take(16)),
  format: (reader) => formatIpv6(readGroups(reader)),
};

/** The next 16 octets as eight groups. */
export function readGroups(reader: OctetReader): number[] {
  return Array.from({ length: 8 }, () => reader.u16());
}
