import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OctetReader } from "./octet-reader.ts";
import { WireError } from "./wire-error.ts";

describe("OctetReader", () => {
  test("reads numbers in network order, unsigned", () => {
    const reader = new OctetReader(Uint8Array.of(0xfe, 0xff, 0x01, 0xff, 0xff, 0xff, 0xfe));
    expect([reader.u8(), reader.u16(), reader.u32()]).toEqual([0xfe, 0xff01, 0xfffffffe]);
    expect(reader.remaining).toBe(0);
  });

  test("gives octets that it shares, and text of one char per octet", () => {
    const octets = Uint8Array.of(1, 2, 0xe9, 0x41);
    const reader = new OctetReader(octets);
    expect(reader.take(2).buffer).toBe(octets.buffer);
    expect(reader.text(2)).toBe("\u00e9A");
  });

  test("gives octets whose slice is a copy, also where a socket gave the message", () => {
    const octets = Buffer.of(1, 2, 3, 4, 5).subarray(1);
    const kept = new OctetReader(octets, 1).take(2).slice();
    octets.fill(9);
    expect(kept).toEqual(Uint8Array.of(3, 4));
  });

  test("a slice ends where it was told, and its reader goes on behind it", () => {
    const reader = new OctetReader(Uint8Array.of(1, 2, 3, 4, 5));
    reader.u8();
    const slice = reader.slice(2);
    expect([slice.u8(), slice.u8()]).toEqual([2, 3]);
    expect(() => slice.u8()).toThrow(new WireError("message-too-short", 3));
    expect(reader.u8()).toBe(4);
  });

  test.each([
    { what: "one octet at the end", read: (reader: OctetReader) => reader.at(3).u8() },
    { what: "two where one is left", read: (reader: OctetReader) => reader.at(2).u16() },
    { what: "four where three are left", read: (reader: OctetReader) => reader.u32() },
    { what: "octets past the end", read: (reader: OctetReader) => reader.take(4) },
    { what: "text past the end", read: (reader: OctetReader) => reader.text(4) },
    { what: "a slice past the end", read: (reader: OctetReader) => reader.slice(4) },
    { what: "a number of octets below zero", read: (reader: OctetReader) => reader.at(2).take(-1) },
    { what: "a cursor set behind the end", read: (reader: OctetReader) => reader.at(9).u8() },
    { what: "an end behind the octets", read: (reader: OctetReader) => new OctetReader(reader.octets, 0, 9).take(4) },
  ])("refuses $what with a WireError", ({ read }) => {
    expect(() => read(new OctetReader(Uint8Array.of(1, 2, 3)))).toThrow(WireError);
  });

  test("any series of reads gives octets or a WireError, and a failed read of octets moves nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.array(fc.integer({ min: -2, max: 9 })), (octets, lengths) => {
        const reader = new OctetReader(octets);
        for (const length of lengths) {
          const before = reader.offset;
          const fits = length >= 0 && before + length <= octets.length;
          if (fits) expect(reader.take(length)).toEqual(octets.subarray(before, before + length));
          else expect(() => reader.take(length)).toThrow(WireError);
          expect(reader.offset).toBe(fits ? before + length : before);
        }
      }),
    );
  });
});
