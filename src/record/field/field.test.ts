import { describe, expect, test } from "vitest";
import { dump, tokensOf } from "../../../test/rdata-line.ts";
import { knownName } from "../../name/name-text.ts";
import { OctetReader } from "../../octets/octet-reader.ts";
import { OctetWriter } from "../../octets/octet-writer.ts";
import { RdataCursor } from "../rdata-token.ts";
import { TYPE_REGISTRY } from "../type-registry.ts";
import type { RdataLayout } from "./field.ts";
import { plainName } from "./name.ts";
import { u8, u16 } from "./number.ts";
import { base64, hex } from "./octets.ts";
import { characterString } from "./string.ts";

/** Types that are one row each. */
const ROWS = {
  HINFO: [characterString("a processor"), characterString("a system")],
  RP: [plainName("a mailbox"), plainName("a name")],
  DS: [u16("a key tag"), u8("an algorithm"), u8("a digest type"), hex("a digest")],
  DNSKEY: [u16("flags"), u8("a protocol"), u8("an algorithm"), base64("a key")],
} satisfies Record<string, RdataLayout>;

type Row = keyof typeof ROWS;

function parse(row: Row, line: string): { octets: Uint8Array } | { problem: string; at: number } {
  const cursor = new RdataCursor(TYPE_REGISTRY[row], tokensOf(line), knownName("example.com"), "octets");
  const writer = new OctetWriter();
  for (const field of ROWS[row]) {
    const problem = field.parse(cursor, writer);
    if (problem !== undefined) return { problem, at: cursor.index };
  }
  return { octets: writer.finish() };
}

function format(row: Row, octets: Uint8Array): string {
  const reader = new OctetReader(octets);
  return ROWS[row].map((field) => field.format(reader)).join(" ");
}

function read(row: Row, octets: Uint8Array): Uint8Array {
  const reader = new OctetReader(octets);
  const writer = new OctetWriter();
  for (const field of ROWS[row]) field.read(reader, writer);
  return writer.finish();
}

describe("a type is a row of fields", () => {
  test.each([
    { row: "HINFO", line: "i386 linux", octets: "0469333836 056c696e7578", prints: '"i386" "linux"' },
    { row: "HINFO", line: '"" "a b"', octets: "00 03612062", prints: '"" "a b"' },
    {
      row: "RP",
      line: "admin .",
      octets: "0561646d696e 076578616d706c6503636f6d00 00",
      prints: "admin.example.com. .",
    },
    { row: "DS", line: "1 8 2 ab cd EF", octets: "0001 08 02 abcdef", prints: "1 8 2 ABCDEF" },
    { row: "DNSKEY", line: "257 3 8 AwEA AQ==", octets: "0101 03 08 03010001", prints: "257 3 8 AwEAAQ==" },
  ] as const)("$row $line is $octets and is printed $prints", ({ row, line, octets, prints }) => {
    expect(parse(row, line)).toEqual({ octets: dump(octets) });
    expect(format(row, dump(octets))).toBe(prints);
    expect(read(row, dump(octets))).toEqual(dump(octets));
  });

  test.each([
    {
      row: "HINFO",
      line: `${"a".repeat(256)} b`,
      at: 0,
      says: "a string has at most 255 octets, this one has 256: split it into several strings",
    },
    { row: "DS", line: "1 8 2 abc", at: 3, says: 'DS needs a digest in hexadecimal digits, found "abc"' },
    {
      row: "DS",
      line: '1 8 2 "abcd"',
      at: 3,
      says: 'DS needs a digest in hexadecimal digits, found the quoted string "abcd"',
    },
    { row: "DS", line: "1 8 2 ab zz", at: 3, says: 'DS needs a digest in hexadecimal digits, found "ab"' },
    { row: "DNSKEY", line: "257 3 8 AwE", at: 3, says: 'DNSKEY needs a key in base64, found "AwE"' },
    { row: "DNSKEY", line: "257 3 8 AwEAAR==", at: 3, says: 'DNSKEY needs a key in base64, found "AwEAAR=="' },
    { row: "DNSKEY", line: "257 3 256 AwEA", at: 2, says: 'DNSKEY needs an algorithm from 0 to 255, found "256"' },
  ] as const)("$row $line is refused at token $at: $says", ({ row, line, at, says }) => {
    expect(parse(row, line)).toEqual({ problem: says, at });
  });

  test.each(["DS", "DNSKEY"] as const)("a %s on the wire has at least one octet at the end", (row) => {
    expect(() => read(row, dump("00010802"))).toThrow(/message-too-short at octet 4/);
    expect(read(row, dump("0001080200"))).toEqual(dump("0001080200"));
  });
});
