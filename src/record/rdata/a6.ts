import { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import { readGroups } from "../field/address.ts";
import { chosen, nothing } from "../field/chosen.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { plainName } from "../field/name.ts";
import { u8 } from "../field/number.ts";
import { formatIpv6, parseIpv6 } from "../text/address-text.ts";

const ADDRESS_OCTETS = 16;

/** The end of an address behind a prefix of some bits, which are zero where they share an octet with it. */
function suffix(prefixLength: number): Field {
  const octets = ADDRESS_OCTETS - Math.floor(prefixLength / 8);
  return {
    noun: "an address suffix",
    parse(cursor, writer) {
      const groups = parseIpv6(cursor.word);
      if (groups === undefined) return cursor.needs("an address suffix like ::1");
      const address = Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
      if (!isSuffix(address, prefixLength)) return cursor.needs(`an address suffix behind ${prefixLength} zero bits`);
      writer.bytes(address.subarray(ADDRESS_OCTETS - octets));
      cursor.index += 1;
      return undefined;
    },
    read(reader, writer) {
      const at = reader.offset;
      const end = reader.take(octets);
      if (!isSuffix(whole(end), prefixLength)) throw new WireError("rdata-malformed", at);
      writer.bytes(end);
    },
    format: (reader) => formatIpv6(readGroups(new OctetReader(whole(reader.take(octets))))),
  };
}

function whole(end: Uint8Array): Uint8Array {
  const address = new Uint8Array(ADDRESS_OCTETS);
  address.set(end, ADDRESS_OCTETS - end.length);
  return address;
}

/** Whether the bits of the prefix are zero (RFC 2874 §3.1.1). */
function isSuffix(address: Uint8Array, prefixLength: number): boolean {
  return address.every((octet, i) => octet >>> Math.max(0, Math.min(8, (i + 1) * 8 - prefixLength)) === 0);
}

/** A6 (RFC 2874 §3.1): historic, but with a text and a name like any other. */
export const a6: RdataLayout = [
  u8("a prefix length", 128),
  chosen("an address suffix", true, ([length = 0]) => (length === 128 ? nothing : suffix(length))),
  chosen("a prefix name", true, ([length = 0]) => (length === 0 ? nothing : plainName("a prefix name"))),
];
