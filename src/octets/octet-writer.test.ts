import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownName } from "../name/name-text.ts";
import { writeCompressedName } from "./name.ts";
import { OctetReader } from "./octet-reader.ts";
import { OctetWriter } from "./octet-writer.ts";

describe("OctetWriter", () => {
  test("writes what a reader reads, from any capacity", () => {
    const parts = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant("u8" as const), value: fc.nat(0xff) }),
        fc.record({ kind: fc.constant("u16" as const), value: fc.nat(0xffff) }),
        fc.record({ kind: fc.constant("u32" as const), value: fc.nat(0xffffffff) }),
        fc.record({ kind: fc.constant("bytes" as const), value: fc.uint8Array({ maxLength: 40 }) }),
        fc.record({ kind: fc.constant("text" as const), value: fc.string({ maxLength: 40, unit: "grapheme-ascii" }) }),
      ),
    );
    fc.assert(
      fc.property(parts, fc.nat(64), (written, capacity) => {
        const writer = new OctetWriter(capacity);
        for (const { kind, value } of written) {
          if (kind === "u8") writer.u8(value);
          else if (kind === "u16") writer.u16(value);
          else if (kind === "u32") writer.u32(value);
          else if (kind === "bytes") writer.bytes(value);
          else writer.text(value);
        }
        const reader = new OctetReader(writer.finish());
        for (const { kind, value } of written) {
          if (kind === "u8") expect(reader.u8()).toBe(value);
          else if (kind === "u16") expect(reader.u16()).toBe(value);
          else if (kind === "u32") expect(reader.u32()).toBe(value);
          else if (kind === "bytes") expect(reader.take(value.length)).toEqual(value);
          else expect(reader.text(value.length)).toBe(value);
        }
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  test("finish gives a copy that later writes do not touch", () => {
    const writer = new OctetWriter(4);
    writer.u16(1);
    const octets = writer.finish();
    writer.patchU16(0, 7);
    expect(octets).toEqual(Uint8Array.of(0, 1));
    expect(writer.finish()).toEqual(Uint8Array.of(0, 7));
  });

  test.each([
    { what: "octets that were not written", offset: 3, value: 0 },
    { what: "an offset below zero", offset: -1, value: 0 },
    { what: "a value of three octets", offset: 0, value: 0x1_0000 },
    { what: "a value below zero", offset: 0, value: -1 },
  ])("patchU16 refuses $what", ({ offset, value }) => {
    const writer = new OctetWriter();
    writer.u32(0);
    expect(() => {
      writer.patchU16(offset, value);
    }).toThrow(RangeError);
  });

  test("truncate forgets the octets and the names that start in them, and only those", () => {
    const writer = new OctetWriter();
    writer.bytes(new Uint8Array(12));
    writeCompressedName(writer, knownName("a.example."));
    const kept = writer.offset;
    writeCompressedName(writer, knownName("b.example."));
    writer.truncate(kept);
    writeCompressedName(writer, knownName("x.b.example."));
    writeCompressedName(writer, knownName("a.example."));
    const text = Buffer.from(writer.finish().subarray(kept)).toString("latin1");
    expect(text).toBe("\x01x\x01b\xc0\x0e\xc0\x0c");
  });
});
