import { WireError } from "../../octets/wire-error.ts";
import { ipv4, ipv6 } from "../field/address.ts";
import { chosen } from "../field/chosen.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { plainName } from "../field/name.ts";
import { u8 } from "../field/number.ts";
import { base64 } from "../field/octets.ts";
import { parseNumber } from "../text/number-text.ts";

/** No gateway, IPv4, IPv6, a name (RFC 4025 §2.3, RFC 8777 §4.2.3); no other has a form yet. */
const LAST_KIND = 3;

/** IPSECKEY (RFC 4025 §2); algorithm 0 says that there is no key (§2.4). */
export const ipseckey: RdataLayout = [
  u8("a precedence"),
  u8("a gateway type", LAST_KIND),
  u8("an algorithm"),
  chosen("a gateway", false, (before) => place("a gateway", before[1] ?? 0)),
  chosen("a key", true, (before) => base64("a key", { least: before[2] === 0 ? 0 : 1 })),
];

/** The octet of the discovery bit and the type of the relay behind it, two words in text (RFC 8777 §4.2.2, §4.3.1). */
const discovery: Field = {
  noun: "a discovery bit with a relay type",
  parse(cursor, writer) {
    const bit = parseNumber(cursor.word, 1);
    if (bit === undefined) return cursor.needs("a discovery bit of 0 or 1");
    cursor.index += 1;
    const kind = parseNumber(cursor.word, LAST_KIND);
    if (kind === undefined) return cursor.needs(`a relay type from 0 to ${LAST_KIND}`);
    cursor.index += 1;
    writer.u8((bit << 7) | kind);
    return undefined;
  },
  read: (reader, writer) => writer.u8(reader.u8()),
  format(reader) {
    const octet = reader.u8();
    return `${octet >>> 7} ${octet & 0x7f}`;
  },
};

/** AMTRELAY (RFC 8777 §4.2). */
export const amtrelay: RdataLayout = [
  u8("a precedence"),
  discovery,
  chosen("a relay", false, (before) => place("a relay", (before[1] ?? 0) & 0x7f)),
];

/** What stands for a gateway or relay of a kind. */
function place(noun: string, kind: number): Field {
  switch (kind) {
    case 1:
      return ipv4;
    case 2:
      return ipv6;
    case 3:
      return plainName(noun);
    case 0:
      return nowhere(noun);
    default:
      return unknown(noun);
  }
}

/** No octets, which text writes as a dot. */
function nowhere(noun: string): Field {
  return {
    noun,
    parse(cursor) {
      if (cursor.word !== ".") return cursor.needs(`. for ${noun} of type 0`);
      cursor.index += 1;
      return undefined;
    },
    read: () => undefined,
    format: () => ".",
  };
}

/** A relay of a kind that came later: kept as it is, and without a text (RFC 8777 §4.2.3). Text says no such kind. */
function unknown(noun: string): Field {
  return {
    noun,
    parse: (cursor) => cursor.needs(noun),
    read: (reader, writer) => writer.bytes(reader.take(reader.remaining)),
    format(reader) {
      throw new WireError("rdata-malformed", reader.offset);
    },
  };
}
