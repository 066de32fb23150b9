import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { type DomainName, nameFromLabels, sameName } from "../name/domain-name.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { readName, readUncompressedName, writeCompressedName, writeName } from "./name.ts";
import { OctetReader } from "./octet-reader.ts";
import { OctetWriter } from "./octet-writer.ts";
import { WireError } from "./wire-error.ts";

/** Twelve octets stand where a message has its header. */
const HEADER = "00".repeat(12);

function octetsOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

/** The name at `offset` and where the reader stands behind it; the problem and its offset when there is none. */
function readAt(octets: Uint8Array, offset: number, read: (reader: OctetReader) => DomainName = readName): string {
  const reader = new OctetReader(octets, offset);
  try {
    return `${formatName(read(reader))} → ${reader.offset}`;
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  }
}

describe("readName", () => {
  test.each([
    { hex: "03 777777 02 696f 00", at: 12, reads: "www.io. → 20", because: "labels end at the root" },
    { hex: "00", at: 12, reads: ". → 13", because: "the root is one octet" },
    { hex: "02 494f 00 03 777777 c00c", at: 16, reads: "www.IO. → 22", because: "a pointer ends a name" },
    { hex: "02 696f 00 c00c", at: 16, reads: "io. → 18", because: "a name may be a pointer alone" },
    { hex: "02 696f 00 c00c c010", at: 18, reads: "io. → 20", because: "a pointer may lead to a pointer" },
    { hex: "01 61 00 01 62 c00c 01 63 c00f", at: 19, reads: "c.b.a. → 23", because: "each pointer leads further back" },
    { hex: "03 612e00 00", at: 12, reads: "a\\.\\000. → 17", because: "dots and zeros inside a label are data" },
  ])("reads $hex at $at as $reads: $because", ({ hex, at, reads }) => {
    expect(readAt(octetsOf(HEADER + hex), at)).toBe(reads);
  });

  test.each([
    { hex: "c00c", at: 12, says: "pointer-not-backwards at octet 12", because: "a pointer to itself" },
    { hex: "c00e 00", at: 12, says: "pointer-not-backwards at octet 12", because: "a pointer forward" },
    {
      hex: "01 61 c00c",
      at: 12,
      says: "pointer-not-backwards at octet 14",
      because: "a pointer to its own name's start",
    },
    {
      hex: "01 61 01 62 c00e",
      at: 12,
      says: "pointer-not-backwards at octet 16",
      because: "a pointer into its own name",
    },
    { hex: "01 61 c010 01 62 c00c", at: 16, says: "pointer-not-backwards at octet 14", because: "a loop of two" },
    {
      hex: "c00c c00c",
      at: 14,
      says: "pointer-not-backwards at octet 12",
      because: "a pointer to a pointer to itself",
    },
    {
      hex: "01 61 c00c c00e",
      at: 16,
      says: "pointer-not-backwards at octet 14",
      because: "a loop before the name, which grows no further",
    },
    {
      hex: "01 61 c00e",
      at: 14,
      says: "pointer-not-backwards at octet 14",
      because: "a pointer at the start, to itself",
    },
    { hex: "c000", at: 12, says: "pointer-into-header at octet 12", because: "the id is no name" },
    { hex: "c00b", at: 12, says: "pointer-into-header at octet 12", because: "nor are the counts" },
    {
      hex: "40 00",
      at: 12,
      says: "reserved-label-type at octet 12",
      because: "01 is an extended label type (RFC 6891 §5)",
    },
    { hex: "80 00", at: 12, says: "reserved-label-type at octet 12", because: "10 was never given away" },
    { hex: "", at: 12, says: "message-too-short at octet 12", because: "there is nothing" },
    { hex: "03 7777", at: 12, says: "message-too-short at octet 13", because: "the label is cut off" },
    { hex: "03 777777", at: 12, says: "message-too-short at octet 16", because: "the root is missing" },
    { hex: "c0", at: 12, says: "message-too-short at octet 13", because: "the pointer is cut off" },
  ])("refuses $hex at $at, $says: $because", ({ hex, at, says }) => {
    expect(readAt(octetsOf(HEADER + hex), at)).toBe(says);
  });

  const three = `3f${"61".repeat(63)}`.repeat(3);
  test.each([
    { what: "255 octets", hex: `${three}3d${"61".repeat(61)}00`, says: "→ 267" },
    { what: "256 octets", hex: `${three}3e${"61".repeat(62)}00`, says: "name-too-long at octet 204" },
    {
      what: "256 octets by a pointer",
      hex: `${three}00 3e${"61".repeat(62)}c00c`,
      at: 205,
      says: "name-too-long at octet 140",
    },
    { what: "127 labels", hex: `${"0161".repeat(127)}00`, says: "→ 267" },
    { what: "128 labels", hex: `${"0161".repeat(128)}00`, says: "name-too-long at octet 266" },
  ])("a name of $what ends with $says", ({ hex, at = 12, says }) => {
    expect(readAt(octetsOf(HEADER + hex), at).slice(-says.length)).toBe(says);
  });

  test("follows 127 pointers and not one more", () => {
    // The root at 12, then pointers at 13, 15, 17 … each to the one before.
    const chain = `00${Array.from({ length: 128 }, (_, i) => (0xc000 | (i === 0 ? 12 : 11 + 2 * i)).toString(16)).join("")}`;
    const octets = octetsOf(HEADER + chain);
    expect(readAt(octets, 13 + 2 * 126)).toBe(". → 267");
    expect(readAt(octets, 13 + 2 * 127)).toMatch(/^too-many-pointers/);
  });

  test("reads a compressed name inside a slice, and no further than the slice", () => {
    const octets = octetsOf(`${HEADER} 02 696f 00 03 777777 c00c 00`);
    const reader = new OctetReader(octets, 16);
    expect(formatName(readName(reader.slice(6)))).toBe("www.io.");
    expect(() => readName(new OctetReader(octets, 16).slice(5))).toThrow(WireError);
  });

  test("gives up on a message of nothing but pointers after 127 of them, wherever it starts", () => {
    const octets = new Uint8Array(0x3fff);
    for (let at = 13; at + 1 < octets.length; at += 2) octets.set([0xc0 | ((at - 2) >> 8), (at - 2) & 0xff], at);
    octets.set([0xc0, 12], 13);
    for (let at = 13 + 2 * 127; at + 1 < octets.length; at += 2) {
      expect(readAt(octets, at)).toBe(`too-many-pointers at octet ${at - 2 * 127}`);
    }
  });

  test("any octets at any place give a legal name or a WireError inside the octets", () => {
    const hostile = fc.array(
      fc.constantFrom(0, 1, 2, 3, 12, 13, 14, 15, 16, 20, 0x3f, 0x40, 0x80, 0xc0, 0xc1, 0x61, 0xff),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(fc.oneof(hostile, fc.array(fc.nat(255), { maxLength: 300 })), fc.nat(80), (values, offset) => {
        const octets = Uint8Array.from([...new Uint8Array(12), ...values]);
        for (const read of [readName, readUncompressedName]) {
          const reader = new OctetReader(octets, offset);
          try {
            const name = read(reader);
            expect(nameFromLabels(name.labels)).toEqual(name);
            expect(reader.offset).toBeGreaterThan(offset);
            expect(reader.offset).toBeLessThanOrEqual(octets.length);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("readUncompressedName", () => {
  test.each([
    { hex: "03 777777 02 496f 00", reads: "www.Io. → 20", because: "labels end at the root" },
    { hex: "01 61 c00c", reads: "reserved-label-type at octet 14", because: "a pointer is none here (RFC 3597 §4)" },
    { hex: "40", reads: "reserved-label-type at octet 12", because: "a label has at most 63 octets" },
    { hex: `${"0161".repeat(128)}00`, reads: "name-too-long at octet 266", because: "a name has at most 255 octets" },
    { hex: "05 61", reads: "message-too-short at octet 13", because: "the label is cut off" },
  ])("reads $hex as $reads: $because", ({ hex, reads }) => {
    expect(readAt(octetsOf(HEADER + hex), 12, readUncompressedName)).toBe(reads);
  });
});

describe("writing names", () => {
  test("a name written plainly is its labels, in the case they have", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const writer = new OctetWriter(1);
        writeName(writer, name);
        const octets = writer.finish();
        expect(octets).toHaveLength(name.key.length);
        expect(readName(new OctetReader(octets))).toEqual(name);
        expect(readUncompressedName(new OctetReader(octets))).toEqual(name);
      }),
    );
  });

  test("a name written compressed points at the longest ending that stands there, case folded", () => {
    const writer = new OctetWriter();
    writer.bytes(octetsOf(HEADER));
    for (const text of ["www.Example.", "WWW.example.", "mail.EXAMPLE.", "example.", ".", "ample."]) {
      writeCompressedName(writer, knownName(text));
    }
    const written = Buffer.from(writer.finish().subarray(12)).toString("latin1");
    expect(written).toBe("\x03www\x07Example\0\xc0\x0c\x04mail\xc0\x10\xc0\x10\0\x05ample\0");
  });

  test("nothing points behind octet 16383 (RFC 1035 §4.1.4)", () => {
    for (const [start, again] of [
      [0x3fff, "\xff\xff"],
      [0x4000, "\x01a\0"],
    ] as const) {
      const writer = new OctetWriter();
      writer.bytes(new Uint8Array(start));
      writeCompressedName(writer, knownName("a."));
      const behind = writer.offset;
      writeCompressedName(writer, knownName("a."));
      expect(Buffer.from(writer.finish().subarray(behind)).toString("latin1")).toBe(again);
    }
  });

  test("any names written compressed one after the other read back equal, and take no more room than plain ones", () => {
    // Few labels, so that names share endings.
    const related = fc
      .array(fc.constantFrom("a", "B", "b", "\x01a", "xyz", "a".repeat(63)), { maxLength: 4 })
      .filter((labels) => labels.join("").length < 240)
      .map((labels) => nameFromLabels(labels));
    fc.assert(
      fc.property(fc.array(fc.oneof(related, anyName)), fc.constantFrom(12, 0x3ff0, 0x4000), (names, start) => {
        const writer = new OctetWriter();
        writer.bytes(new Uint8Array(start));
        for (const name of names) writeCompressedName(writer, name);
        const reader = new OctetReader(writer.finish(), start);
        for (const name of names) expect(sameName(readName(reader), name)).toBe(true);
        expect(reader.remaining).toBe(0);
        expect(writer.offset - start).toBeLessThanOrEqual(names.reduce((sum, name) => sum + name.key.length, 0));
      }),
    );
  });
});
