import type { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import { ipv4 } from "../field/address.ts";
import type { Field, RdataLayout } from "../field/field.ts";
import { type Mnemonics, mnemonic } from "../field/mnemonic.ts";
import { bitsOfNumbers, numbersOfBits } from "../text/bits.ts";
import { parseNumber } from "../text/number-text.ts";

const PROTOCOLS: Mnemonics = { TCP: 6, UDP: 17, ICMP: 1, IGMP: 2 };

/** The services that old zone files name (RFC 1010 and its followers). */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ["echo", 7],
  ["discard", 9],
  ["systat", 11],
  ["daytime", 13],
  ["netstat", 15],
  ["qotd", 17],
  ["chargen", 19],
  ["ftp-data", 20],
  ["ftp", 21],
  ["ssh", 22],
  ["telnet", 23],
  ["smtp", 25],
  ["time", 37],
  ["nameserver", 42],
  ["whois", 43],
  ["tacacs", 49],
  ["domain", 53],
  ["bootps", 67],
  ["bootpc", 68],
  ["tftp", 69],
  ["gopher", 70],
  ["finger", 79],
  ["http", 80],
  ["kerberos", 88],
  ["hostname", 101],
  ["pop2", 109],
  ["pop3", 110],
  ["sunrpc", 111],
  ["nntp", 119],
  ["ntp", 123],
  ["netbios-ns", 137],
  ["netbios-dgm", 138],
  ["netbios-ssn", 139],
  ["imap2", 143],
  ["snmp", 161],
  ["snmp-trap", 162],
  ["bgp", 179],
  ["irc", 194],
  ["ldap", 389],
  ["https", 443],
  ["exec", 512],
  ["login", 513],
  ["who", 513],
  ["shell", 514],
  ["syslog", 514],
  ["printer", 515],
  ["talk", 517],
  ["uucp", 540],
]);

const MAX_BITS_OCTETS = 0x1_0000 / 8;

/** A bit for each port, the first octet holding 0 to 7 (RFC 1035 §3.4.2). */
const services: Field = {
  noun: "services",
  mayBeAbsent: true,
  parse(cursor, writer) {
    const ports = new Set<number>();
    for (; !cursor.atEnd; cursor.index++) {
      const port = parseNumber(cursor.word, 0xffff) ?? SERVICES.get(cursor.word.toLowerCase());
      if (port === undefined) return cursor.needs("services like smtp, or ports from 0 to 65535");
      ports.add(port);
    }
    writer.bytes(bitsOfNumbers([...ports].sort((a, b) => a - b)));
    return undefined;
  },
  read: (reader, writer) => writer.bytes(takeBits(reader)),
  format(reader) {
    const at = reader.offset;
    const bits = takeBits(reader);
    if (bits.at(-1) === 0) throw new WireError("rdata-malformed", at); // The words would say fewer octets.
    return numbersOfBits(bits).join(" ");
  },
};

function takeBits(reader: OctetReader): Uint8Array {
  return reader.take(Math.min(reader.remaining, MAX_BITS_OCTETS));
}

/** WKS (RFC 1035 §3.4.2). */
export const wks: RdataLayout = [ipv4, mnemonic("a protocol", 1, PROTOCOLS, "TCP", "number"), services];
