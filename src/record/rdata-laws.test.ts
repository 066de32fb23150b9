import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { dump, rdataVectors, tokensOf, typeOf } from "../../test/rdata-line.ts";
import { ROOT } from "../name/domain-name.ts";
import { writeCompressedName, writeName } from "../octets/name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import { RDATA_LAYOUTS } from "./rdata/table.ts";
import { formatRdata, parseRdata, type RdataToken } from "./rdata-text.ts";
import { namesIn, readRdata, writeRdata } from "./rdata-wire.ts";
import { RecordTypes } from "./record-type.ts";

const KNOWN_TYPES = [...RDATA_LAYOUTS.keys()];

/** A type we understand, or any other. */
const anyType = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KNOWN_TYPES) },
  { weight: 1, arbitrary: fc.constantFrom(0, 10, 41, 255, 65280, 65535) },
);

/** Octets that lengths, pointers, keys and tags are made of. */
const anyOctets = fc
  .array(fc.oneof(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5, 7, 0x2f, 0x61, 0xc0, 0xff), fc.nat(255)), { maxLength: 60 })
  .map((octets) => Uint8Array.from(octets));

const nameOctets = anyName.map((name) => {
  const writer = new OctetWriter();
  writeName(writer, name);
  return writer.finish();
});

const sized = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: max });

/** One SVCB parameter by its key, with a valid value. */
const anyParam: fc.Arbitrary<readonly [number, Uint8Array]> = fc.oneof(
  fc
    .array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 })
    .map((ids) => [1, joined(ids.map(withLength))] as const),
  fc.uint8Array({ minLength: 2, maxLength: 2 }).map((value) => [3, value] as const),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => [4, joined([value, value])] as const),
  fc.uint8Array({ minLength: 1, maxLength: 9 }).map((value) => [5, value] as const),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => [6, value] as const),
  fc.constantFrom("2f7b3f646e737d", "2f22c3a97b646e737d").map((value) => [7, dump(value)] as const),
  fc.tuple(fc.integer({ min: 8, max: 65534 }), sized(12)),
);

const anySvcb = fc
  .tuple(
    fc.nat(0xffff).map((priority) => Math.max(1, priority)),
    nameOctets,
    fc.array(anyParam, { maxLength: 6 }),
    fc.boolean(),
  )
  .map(([priority, target, params, listed]) => {
    const byKey = new Map(params);
    const keys = [...byKey.keys()].sort((a, b) => a - b);
    if (byKey.has(1) && listed) byKey.set(2, new Uint8Array());
    if (keys.length > 0 && listed) byKey.set(0, joined(keys.map(u16)));
    const sorted = [...byKey].sort(([a], [b]) => a - b);
    return joined([
      u16(priority),
      target,
      ...sorted.map(([key, value]) => joined([u16(key), u16(value.length), value])),
    ]);
  });

/** Valid rdata of every type that has vectors. */
const anyVector = fc
  .constantFrom(...rdataVectors(join(import.meta.dirname, "rdata/vectors")).good)
  .map(({ line, octets }) => [typeOf(line), octets] as const);

/** Valid rdata of one of the types, names uncompressed. */
const anyRdata: fc.Arbitrary<readonly [number, Uint8Array]> = fc.oneof(
  { weight: 10, arbitrary: anyVector },
  sized(4)
    .filter((octets) => octets.length === 4)
    .map((octets) => [RecordTypes.A, octets] as const),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => [RecordTypes.AAAA, octets] as const),
  fc.tuple(fc.constantFrom(RecordTypes.NS, RecordTypes.CNAME, RecordTypes.PTR, RecordTypes.DNAME), nameOctets),
  fc
    .tuple(fc.nat(0xffff), nameOctets)
    .map(([preference, name]) => [RecordTypes.MX, joined([u16(preference), name])] as const),
  fc
    .tuple(fc.uint8Array({ minLength: 6, maxLength: 6 }), nameOctets)
    .map((parts) => [RecordTypes.SRV, joined(parts)] as const),
  fc
    .tuple(nameOctets, nameOctets, fc.uint8Array({ minLength: 20, maxLength: 20 }))
    .map((parts) => [RecordTypes.SOA, joined(parts)] as const),
  fc
    .array(sized(255), { minLength: 1, maxLength: 4 })
    .map((strings) => [RecordTypes.TXT, joined(strings.map(withLength))] as const),
  fc
    .tuple(fc.nat(255), fc.stringMatching(/^[0-9a-zA-Z]{1,20}$/), sized(300))
    .map(
      ([flags, tag, value]) =>
        [RecordTypes.CAA, joined([Uint8Array.of(flags), withLength(Buffer.from(tag)), value])] as const,
    ),
  fc.tuple(fc.constantFrom(RecordTypes.SVCB, RecordTypes.HTTPS), anySvcb),
  fc.tuple(fc.constantFrom(10, 65280), sized(40)),
);

/** Words that mean something to some field, and any text. */
const anyToken: fc.Arbitrary<RdataToken> = fc.record({
  text: fc.oneof(
    fc.constantFrom(
      "\\#",
      "0",
      "1",
      "4",
      "65535",
      "65536",
      "0a000001",
      "10.0.0.1",
      "::1",
      "@",
      ".",
      "a.b.",
      "a..b",
      "\\",
      "\\25",
      "\\255",
      "issue",
      "1h",
      "A",
      "-",
      "00",
      "AQ==",
      "N",
      "E",
      "20300101000000",
      "1:10.0.0.0/8",
      "0x47",
      "+1",
      "00-00-5e-00-53-2a",
      "1:2:3:4",
      "2t7b4g4vsa5smi47k61mv5bv1a22bojr",
      "!a!b!",
      "alpn=",
      "alpn=h2",
      "mandatory=alpn",
      "no-default-alpn",
      "port=1",
      "key9=\\000",
      "ipv4hint=1.2.3.4",
      "ech=AAAA",
      "=",
      "日本",
      "\ud800",
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
  ),
  quoted: fc.boolean(),
});

describe("laws of rdata", () => {
  test("any octets of any type give rdata or a WireError", () => {
    fc.assert(
      fc.property(anyType, anyOctets, fc.nat(70), (type, octets, length) => {
        try {
          const kept = readRdata(type, new OctetReader(octets), length);
          expect(readRdata(type, new OctetReader(kept), kept.length)).toEqual(kept);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("valid rdata with an octet changed and its end cut gives rdata or a WireError, and has a text", () => {
    fc.assert(
      fc.property(anyRdata, fc.nat(), fc.nat(255), fc.nat(3), ([type, valid], at, octet, cut) => {
        const octets = valid.slice(0, Math.max(0, valid.length - cut));
        octets[at % (octets.length + 1)] = octet;
        if (octets.length > 0) expect(formatRdata(type, octets)).not.toBe("");
        try {
          const kept = readRdata(type, new OctetReader(octets), octets.length);
          expect(parseRdata(type, tokensOf(formatRdata(type, kept)), ROOT)).toEqual({ kind: "rdata", octets: kept });
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("any octets of any type have a text", () => {
    fc.assert(
      fc.property(anyType, anyOctets, (type, octets) => {
        // An empty APL has an empty text.
        if (octets.length > 0) expect(formatRdata(type, octets)).not.toBe("");
      }),
      { numRuns: 1000 },
    );
  });

  test("any tokens of any type give rdata that is well formed, or a problem with one of them", () => {
    fc.assert(
      fc.property(
        anyType,
        fc.array(anyToken, { maxLength: 8 }),
        anyName,
        fc.constantFrom("octets", "unicode"),
        (type, tokens, origin, encoding) => {
          const parsed = parseRdata(type, tokens, origin, encoding);
          if (parsed.kind === "rdata") {
            expect(readRdata(type, new OctetReader(parsed.octets), parsed.octets.length)).toEqual(parsed.octets);
          } else {
            expect(parsed.message).toMatch(/[^.]$/);
            expect(parsed.at).toBeGreaterThanOrEqual(0);
            expect(parsed.at).toBeLessThanOrEqual(tokens.length);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("octets → text → octets is stable", () => {
    fc.assert(
      fc.property(anyRdata, ([type, octets]) => {
        const text = formatRdata(type, octets);
        if (RDATA_LAYOUTS.has(type)) expect(text).not.toMatch(/^\\# /);
        expect(parseRdata(type, tokensOf(text), ROOT)).toEqual({ kind: "rdata", octets });
      }),
      { numRuns: 1000 },
    );
  });

  test("the generic form of any rdata is read as the same octets", () => {
    fc.assert(
      fc.property(anyRdata, ([type, octets]) => {
        const generic = `\\# ${octets.length} ${Buffer.from(octets).toString("hex")}`;
        expect(parseRdata(type, tokensOf(generic), ROOT)).toEqual({ kind: "rdata", octets });
      }),
    );
  });

  test("octets → message → octets is stable, whatever names stand before them", () => {
    fc.assert(
      fc.property(anyRdata, fc.array(anyName, { maxLength: 3 }), ([type, octets], before) => {
        const writer = new OctetWriter();
        writer.bytes(new Uint8Array(12));
        for (const name of before) writeCompressedName(writer, name);
        for (const name of namesIn(type, octets)) writeCompressedName(writer, name);
        const start = writer.offset;
        writeRdata(type, octets, writer);
        const message = writer.finish();
        const kept = readRdata(type, new OctetReader(message, start), message.length - start);
        expect(foldedAscii(kept)).toEqual(foldedAscii(octets)); // Compression may take another name's case.
      }),
      { numRuns: 500 },
    );
  });
});

function foldedAscii(octets: Uint8Array): Uint8Array {
  return octets.map((octet) => (octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet));
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

function withLength(octets: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(octets.length), octets]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
