import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatName } from "../name/name-text.ts";
import { readName } from "../octets/name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { WireError } from "../octets/wire-error.ts";
import { formatRdata } from "../record/rdata-text.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { className, typeName } from "../record/type-names.ts";
import { decodeMessage } from "./decode.ts";
import { rcodeName } from "./rcodes.ts";

function octetsOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

/** The records as a zone file would have them. */
function shown(records: readonly ResourceRecord[]): string[] {
  return records.map(
    ({ owner, ttl, class: c, type, rdata }) =>
      `${formatName(owner)} ${ttl} ${className(c)} ${typeName(type)} ${formatRdata(type, rdata)}`,
  );
}

describe("decodeMessage reads what BIND answers", () => {
  test("an alias with its target, the zone's name servers and their addresses", () => {
    const message = decodeMessage(
      octetsOf(
        "123485000001000200020003035757570161076578616d706c65000001000103777777c010000500010000012c001303576562035375620161076578616d706c650003776562037375620161076578616d706c6500000100010000012c00040a000003c010000200010000012c0006036e7332c010c010000200010000012c0006036e7331c010c081000100010000012c00040a000001c06f000100010000012c00040a00000200002904d0000000000000",
      ),
    );
    expect(message.questions.map(({ name }) => formatName(name))).toEqual(["WWW.a.example."]);
    expect(message.flags).toEqual({ qr: true, aa: true, tc: false, rd: true, ra: false, ad: false, cd: false });
    expect(shown(message.answers)).toEqual([
      "www.a.example. 300 IN CNAME Web.Sub.a.example.",
      "web.sub.a.example. 300 IN A 10.0.0.3",
    ]);
    expect(shown(message.authorities)).toEqual([
      "a.example. 300 IN NS ns2.a.example.",
      "a.example. 300 IN NS ns1.a.example.",
    ]);
    expect(shown(message.additionals)).toEqual([
      "ns1.a.example. 300 IN A 10.0.0.1",
      "ns2.a.example. 300 IN A 10.0.0.2",
    ]);
    expect(message.edns).toEqual({ version: 0, udpSize: 1232, dnssecOk: false, options: [] });
  });

  test("a denial with its SOA, without OPT", () => {
    const message = decodeMessage(
      octetsOf(
        "123485030001000000010000046e6f70650161076578616d706c650000010001c011000600010000000a0021036e7331c01104686f7374c0110000000100000e100000025800093a800000000a",
      ),
    );
    expect(rcodeName(message.rcode)).toBe("NXDOMAIN");
    expect(shown(message.authorities)).toEqual([
      "a.example. 10 IN SOA ns1.a.example. host.a.example. 1 3600 600 604800 10",
    ]);
    expect(message.edns).toBeUndefined();
  });

  test.each([
    {
      hex: "c00c002100010000012c00190001000201bb03776562037375620161076578616d706c6500",
      reads: "x. 300 IN SRV 1 2 443 web.sub.a.example.",
    },
    { hex: "c00c002700010000012c000f056f74686572076578616d706c6500", reads: "x. 300 IN DNAME other.example." },
    {
      hex: "c00c004100010000012c001500010000010006026832026833000400040a000003",
      reads: 'x. 300 IN HTTPS 1 . alpn="h2,h3" ipv4hint=10.0.0.3',
    },
    { hex: "c00c010100010000012c00110005697373756563612e6578616d706c65", reads: 'x. 300 IN CAA 0 issue "ca.example"' },
    { hex: "c00c001000010000012c000e036f6e650974776f20776f726473", reads: 'x. 300 IN TXT "one" "two words"' },
    { hex: "c00c fde8 0001 00000000 0003 c00c00", reads: "x. 0 IN TYPE65000 \\# 3 c00c00" },
    { hex: "c00c 0010 0003 00000000 0002 0161", reads: 'x. 0 CH TXT "a"' },
    { hex: "c00c 0002 0003 00000000 0002 c00c", reads: "x. 0 CH NS x." },
    { hex: "c00c 0001 0001 7fffffff 0004 01020304", reads: "x. 2147483647 IN A 1.2.3.4" },
    { hex: "c00c 0001 0001 80000000 0004 01020304", reads: "x. 0 IN A 1.2.3.4" },
  ])("$reads", ({ hex, reads }) => {
    const { answers } = decodeMessage(octetsOf(`1234 8180 0001 0001 0000 0000 0178 00 0001 0001 ${hex}`));
    expect(shown(answers).map((text) => text.toLowerCase())).toEqual([reads.toLowerCase()]);
  });

  test("rdata of a class that is not the internet's is kept as it is", () => {
    const { answers } = decodeMessage(octetsOf("1234 8180 0000 0001 0000 0000 00 0001 0003 00000000 0003 000102"));
    expect(answers[0]?.rdata).toEqual(Uint8Array.of(0, 1, 2));
  });

  test("the rcode has twelve bits, eight of them in OPT", () => {
    const { rcode, edns } = decodeMessage(
      octetsOf("1234 8187 0000 0000 0000 0001 00 0029 0200 01008000 0004 000f0000"),
    );
    expect(rcode).toBe(23);
    expect(edns).toEqual({
      version: 0,
      udpSize: 512,
      dnssecOk: true,
      options: [{ code: 15, octets: new Uint8Array() }],
    });
  });
});

describe("decodeMessage refuses", () => {
  test.each([
    { what: "less than a header", hex: "1234 8180 0000 0000 0000", says: "message-too-short at octet 10" },
    {
      what: "more records than can be there",
      hex: "1234 8180 0000 ffff 0000 0000 00",
      says: "message-too-short at octet 13",
    },
    {
      what: "more questions than can be there",
      hex: "1234 8180 0002 0000 0000 0000 00 0001 0001",
      says: "message-too-short at octet 17",
    },
    {
      what: "one record of two, before it looks at any",
      hex: "1234 8180 0000 0002 0000 0000 00 0001 0001 00000000 0003 010203 0000000000",
      says: "message-too-short at octet 31",
    },
    {
      what: "an address of three octets",
      hex: "1234 8180 0000 0001 0000 0000 00 0001 0001 00000000 0003 010203",
      says: "rdata-length",
    },
    {
      what: "OPT as an answer",
      hex: "1234 8180 0000 0001 0000 0000 00 0029 0200 00000000 0000",
      says: "opt-malformed at octet 12",
    },
    {
      what: "OPT as an authority",
      hex: "1234 8180 0000 0000 0001 0000 00 0029 0200 00000000 0000",
      says: "opt-malformed at octet 12",
    },
    {
      what: "two OPT",
      hex: `1234 8180 0000 0000 0000 0002 ${"00 0029 0200 00000000 0000".repeat(2)}`,
      says: "opt-malformed at octet 23",
    },
    {
      what: "OPT with an owner",
      hex: "1234 8180 0000 0000 0000 0001 0161 00 0029 0200 00000000 0000",
      says: "opt-malformed at octet 12",
    },
    {
      what: "an option cut short",
      hex: "1234 8180 0000 0000 0000 0001 00 0029 0200 00000000 0003 000a00",
      says: "option-malformed at octet 23",
    },
    {
      what: "a pointer forward",
      hex: "1234 8180 0000 0001 0000 0000 c00e 0001 0001 00000000 0004 01020304",
      says: "pointer-not-backwards",
    },
  ])("$what, $says", ({ hex, says }) => {
    expect(() => decodeMessage(octetsOf(hex))).toThrow(WireError);
    expect(() => decodeMessage(octetsOf(hex))).toThrow(says);
  });
});

/** A message of `type` records in which owners and rdata are pointers into chains of pointers, 64 kB of it. */
function pointersEverywhere(type: number, namesInRdata: number, fixedOctets: number): Uint8Array {
  const octets = new Uint8Array(0xffff);
  const view = new DataView(octets.buffer);
  const chains: number[] = [];
  const first = 23; // Behind the frame of a record of a type nobody knows: a root, and names of up to 124 labels.
  let at = first + 1;
  for (let previous = first, depth = 0; at < 0x3f00; at += 4) {
    octets.set([1, 0x61 + (at % 26)], at);
    view.setUint16(at + 2, 0xc000 | previous);
    previous = ++depth % 124 === 0 ? first : at;
    if (depth % 124 === 0 || depth % 124 > 100) chains.push(at);
  }
  view.setUint16(13, 0xff00);
  view.setUint16(21, at - first);
  const length = namesInRdata * 2 + fixedOctets;
  let records = 1;
  for (; at + 12 + length <= octets.length; at += 12 + length) {
    const pointer = (i: number): number => 0xc000 | (chains[(records * 7 + i) % chains.length] ?? first);
    view.setUint16(at, pointer(0));
    view.setUint16(at + 2, type);
    view.setUint16(at + 4, 1);
    view.setUint16(at + 10, length);
    for (let i = 0; i < namesInRdata; i++) view.setUint16(at + 12 + i * 2, pointer(i));
    records += 1;
  }
  view.setUint16(2, 0x8180);
  view.setUint16(6, records);
  return octets.subarray(0, at);
}

/** The name at the reader and where it ends, or what is wrong with it. */
function readOrFault(reader: OctetReader): unknown {
  try {
    return { name: readName(reader), offset: reader.offset };
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  }
}

describe("laws of decoding", () => {
  test("a reader that remembers names reads the same names, and the same faults", () => {
    const telling = fc.constantFrom(0, 1, 2, 3, 12, 13, 14, 15, 16, 18, 20, 24, 0x3f, 0x40, 0xc0, 0xc0, 0xc0, 0x61);
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 60 }), fc.array(fc.nat(80), { maxLength: 30 }), (values, offsets) => {
        const octets = Uint8Array.from([...new Uint8Array(12), ...values]);
        const names = new Map();
        for (const offset of offsets) {
          const remembering = readOrFault(new OctetReader(octets, offset, octets.length, names));
          expect(remembering).toEqual(readOrFault(new OctetReader(octets, offset)));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    { what: "pointers to pointers, of which 127 are followed", unit: [], fails: "too-many-pointers", good: 127 },
    {
      what: "longer labels before pointers, of which 63 make a name",
      unit: [3, 0x61, 0x62, 0x63],
      fails: "name-too-long",
      good: 63,
    },
    { what: "labels before pointers, of which 127 make a name", unit: [1, 0x61], fails: "name-too-long", good: 127 },
  ])("$what, are read alike in any order and again, no matter what is remembered", ({ unit, fails, good }) => {
    const size = unit.length + 2;
    const count = 140;
    const octets = new Uint8Array(13 + count * size); // A root at 12; then each name leads to the one before.
    const at = (i: number): number => (i < 0 ? 12 : 13 + i * size);
    for (let i = 0; i < count; i++) octets.set([...unit, 0xc0 | (at(i - 1) >> 8), at(i - 1) & 0xff], at(i));
    const order = Array.from({ length: count }, (_, i) => i);
    for (const indices of [order, order.toReversed()]) {
      const names = new Map();
      for (const i of [...indices, ...order]) {
        const remembering = readOrFault(new OctetReader(octets, at(i), octets.length, names));
        expect(remembering).toEqual(readOrFault(new OctetReader(octets, at(i))));
        if (i >= good) expect(remembering).toContain(fails);
        else expect(remembering).toHaveProperty("name");
      }
    }
  });

  test("any octets give a message or a WireError", () => {
    const header = fc
      .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3))
      .map(([q, an, ns, ar]) => [0, 0, 0x80, 0, 0, q, 0, an, 0, ns, 0, ar]);
    const type = fc.constantFrom(1, 2, 5, 6, 12, 14, 15, 16, 28, 33, 39, 41, 64, 65, 250, 257, 4096);
    const octet = fc.oneof(fc.constantFrom(0, 0, 1, 2, 4, 12, 0xc0), fc.nat(255));
    const record = fc
      .tuple(fc.constantFrom([0], [0xc0, 12], [1, 0x61, 0]), type, fc.array(octet, { maxLength: 24 }), fc.nat(2))
      .map(([owner, number, rdata, lie]) => [
        ...owner,
        number >> 8,
        number & 0xff,
        0,
        1,
        0,
        0,
        0,
        9,
        0,
        rdata.length + lie,
        ...rdata,
      ]);
    const message = fc
      .tuple(header, fc.array(record, { maxLength: 5 }))
      .map(([head, records]) => Uint8Array.from([...head, ...records.flat()]));
    fc.assert(
      fc.property(fc.oneof(message, fc.uint8Array({ maxLength: 200 })), (octets) => {
        try {
          decodeMessage(octets);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    { what: "addresses", type: 1, names: 0, fixed: 4 },
    { what: "aliases", type: 5, names: 1, fixed: 0 },
    { what: "SOA", type: 6, names: 2, fixed: 20 },
  ])("64 kB of $what behind pointers to pointers are read in little time", ({ type, names, fixed }) => {
    const octets = pointersEverywhere(type, names, fixed);
    const times = Array.from({ length: 8 }, () => {
      const start = performance.now();
      const { answers } = decodeMessage(octets);
      expect(answers.length).toBeGreaterThan(1000);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(40); // Without memory it is ten times as much.
  });
});
