import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { type Header, rcodeIn, readHeader, writeHeader } from "./header.ts";
import { opcodeName } from "./opcodes.ts";
import { rcodeName } from "./rcodes.ts";

const count = fc.nat(0xffff);
const anyHeader: fc.Arbitrary<Header> = fc.record({
  id: count,
  opcode: fc.nat(15),
  rcode: fc.nat(15),
  flags: fc.record({
    qr: fc.boolean(),
    aa: fc.boolean(),
    tc: fc.boolean(),
    rd: fc.boolean(),
    ra: fc.boolean(),
    ad: fc.boolean(),
    cd: fc.boolean(),
  }),
  questionCount: count,
  answerCount: count,
  authorityCount: count,
  additionalCount: count,
});

function octetsOf(header: Header): Uint8Array {
  const writer = new OctetWriter();
  writeHeader(writer, header);
  return writer.finish();
}

function headerOf(hex: string): Header {
  return readHeader(new OctetReader(Uint8Array.from(Buffer.from(hex, "hex"))));
}

describe("header", () => {
  test.each([
    { word: "8000", sets: ["qr"] },
    { word: "0400", sets: ["aa"] },
    { word: "0200", sets: ["tc"] },
    { word: "0100", sets: ["rd"] },
    { word: "0080", sets: ["ra"] },
    { word: "0040", sets: [], because: ": Z is nothing" },
    { word: "0020", sets: ["ad"] },
    { word: "0010", sets: ["cd"] },
    { word: "8580", sets: ["qr", "aa", "rd", "ra"] },
  ])("$word sets $sets$because", ({ word, sets }) => {
    const { flags } = headerOf(`0000${word}0000000000000000`);
    expect(Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : []))).toEqual(sets);
  });

  test("opcode, rcode and counts stand where RFC 1035 §4.1.1 has them", () => {
    const { id, opcode, rcode, ...counts } = headerOf("ab12 2805 0001 0002 0003 0004".replaceAll(" ", ""));
    expect([id, opcodeName(opcode), rcodeName(rcode)]).toEqual([0xab12, "UPDATE", "REFUSED"]);
    expect(counts).toMatchObject({ questionCount: 1, answerCount: 2, authorityCount: 3, additionalCount: 4 });
  });

  test("any header is read as it was written", () => {
    fc.assert(
      fc.property(anyHeader, (header) => {
        const octets = octetsOf(header);
        expect(octets).toHaveLength(12);
        expect(readHeader(new OctetReader(octets))).toEqual(header);
      }),
    );
  });

  test("the rcode is found without reading the rest", () => {
    fc.assert(fc.property(anyHeader, (header) => rcodeIn(octetsOf(header)) === header.rcode));
  });
});

test.each([
  { rcode: 0, name: "NOERROR" },
  { rcode: 6, name: "YXDOMAIN" },
  { rcode: 12, name: "RCODE12" },
  { rcode: 16, name: "BADVERS" },
  { rcode: 23, name: "BADCOOKIE" },
  { rcode: 4095, name: "RCODE4095" },
])("rcode $rcode is called $name", ({ rcode, name }) => {
  expect(rcodeName(rcode)).toBe(name);
});

test.each([
  { opcode: 4, name: "NOTIFY" },
  { opcode: 6, name: "DSO" },
  { opcode: 3, name: "OPCODE3" },
])("opcode $opcode is called $name", ({ opcode, name }) => {
  expect(opcodeName(opcode)).toBe(name);
});
