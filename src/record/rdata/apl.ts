import { OctetReader } from "../../octets/octet-reader.ts";
import type { OctetWriter } from "../../octets/octet-writer.ts";
import { WireError } from "../../octets/wire-error.ts";
import { readGroups } from "../field/address.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "../text/address-text.ts";
import { parseNumber } from "../text/number-text.ts";

/** Address families (RFC 3123 §4.1, §4.2). */
const IPV4 = 1;
const IPV6 = 2;

interface Prefix {
  readonly family: number;
  readonly length: number;
  readonly negated: boolean;
  /** Zeros at the end are not there (RFC 3123 §4). */
  readonly address: Uint8Array;
}

/** Any number of `[!]FAMILY:ADDRESS/PREFIX`, none too (RFC 3123 §5). */
const prefixes: Field = {
  noun: "prefixes",
  mayBeAbsent: true,
  parse(cursor, writer) {
    for (; !cursor.atEnd; cursor.index++) {
      const prefix = parsePrefix(cursor.word);
      if (prefix === undefined) return cursor.needs("prefixes like 1:10.0.0.0/8 or !2:2001:db8::/32");
      writePrefix(writer, prefix);
    }
    return undefined;
  },
  read(reader, writer) {
    while (reader.remaining > 0) {
      const at = reader.offset;
      const prefix = readPrefix(reader);
      if (!isValid(prefix)) throw new WireError("rdata-malformed", at);
      writePrefix(writer, prefix);
    }
  },
  format(reader) {
    const texts: string[] = [];
    while (reader.remaining > 0) {
      const at = reader.offset;
      const text = formatPrefix(readPrefix(reader));
      if (text === undefined) throw new WireError("rdata-malformed", at); // A family without a text.
      texts.push(text);
    }
    return texts.join(" ");
  },
};

/** APL (RFC 3123 §4). */
export const apl: RdataLayout = [prefixes];

function parsePrefix(text: string): Prefix | undefined {
  const [, negation, family = "", address = "", digits = ""] = /^(!?)([12]):([^/]+)\/([0-9]+)$/.exec(text) ?? [];
  const octets = family === "1" ? ipv4Octets(address) : ipv6Octets(address);
  if (octets === undefined) return undefined;
  const length = parseNumber(digits, octets.length * 8);
  if (length === undefined) return undefined;
  return {
    family: family === "1" ? IPV4 : IPV6,
    length,
    negated: negation === "!",
    address: octets.slice(0, octets.findLastIndex((octet) => octet !== 0) + 1),
  };
}

function ipv4Octets(text: string): Uint8Array | undefined {
  const value = parseIpv4(text);
  return value === undefined
    ? undefined
    : Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

function ipv6Octets(text: string): Uint8Array | undefined {
  const groups = parseIpv6(text);
  return groups === undefined ? undefined : Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
}

function readPrefix(reader: OctetReader): Prefix {
  const family = reader.u16();
  const length = reader.u8();
  const octet = reader.u8();
  return { family, length, negated: (octet & 0x80) !== 0, address: reader.take(octet & 0x7f) };
}

/** Whether the address fits its family, which if unknown allows anything, and ends in no zero. */
function isValid({ family, length, address }: Prefix): boolean {
  const most = family === IPV4 ? 4 : family === IPV6 ? 16 : undefined;
  return address.at(-1) !== 0 && (most === undefined || (address.length <= most && length <= most * 8));
}

function writePrefix(writer: OctetWriter, { family, length, negated, address }: Prefix): void {
  writer.u16(family);
  writer.u8(length);
  writer.u8((negated ? 0x80 : 0) | address.length);
  writer.bytes(address);
}

function formatPrefix(prefix: Prefix): string | undefined {
  const { family, length, negated, address } = prefix;
  if (!isValid(prefix) || (family !== IPV4 && family !== IPV6)) return undefined;
  const whole = new Uint8Array(16);
  whole.set(address);
  const octets = new OctetReader(whole);
  const text = family === IPV4 ? formatIpv4(octets.u32()) : formatIpv6(readGroups(octets));
  return `${negated ? "!" : ""}${family}:${text}/${length}`;
}
