import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WireError } from "../octets/wire-error.ts";
import { type Edns, type EdnsOption, OptionCodes } from "./edns.ts";
import { extendedErrorOption, MAX_TEXT_OCTETS, readExtendedErrors } from "./extended-errors.ts";

function ednsWith(...options: EdnsOption[]): Edns {
  return { version: 0, udpSize: 1232, dnssecOk: false, options };
}

describe("Extended DNS Errors", () => {
  test("one is its code and its text", () => {
    const { code, octets } = extendedErrorOption({ code: 22, text: "no target answered" });
    expect([code, Buffer.from(octets).toString("latin1")]).toEqual([15, "\0\x16no target answered"]);
  });

  test.each([
    { what: "120 octets of ASCII", text: "a".repeat(120), keeps: 120 },
    { what: "121 octets of ASCII", text: "a".repeat(121), keeps: 120 },
    { what: "an arrow of three octets from 119 on", text: `${"a".repeat(119)}→`, keeps: 119 },
    { what: "an arrow of three octets up to 120", text: `${"a".repeat(117)}→b`, keeps: 120 },
    { what: "a face of four octets from 118 on", text: `${"a".repeat(118)}🙂`, keeps: 118 },
    { what: "nothing", text: "", keeps: 0 },
  ])("of $what $keeps octets are sent", ({ text, keeps }) => {
    expect(extendedErrorOption({ code: 0, text }).octets).toHaveLength(2 + keeps);
  });

  test("any text arrives as its start, never cut inside a character", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.string({ unit: "binary", maxLength: 200 }), (code, text) => {
        const option = extendedErrorOption({ code, text });
        expect(option.octets.length).toBeLessThanOrEqual(2 + MAX_TEXT_OCTETS);
        const [read] = readExtendedErrors(ednsWith(option));
        expect(read?.code).toBe(code);
        expect(text.startsWith(read?.text ?? "?")).toBe(true);
      }),
    );
  });

  test("several are read in their order, other options passed over, zero octets at the end left out", () => {
    const other = { code: OptionCodes.COOKIE, octets: new Uint8Array(8) };
    const terminated = { code: OptionCodes.EXTENDED_ERROR, octets: Uint8Array.of(0, 3, 0x61, 0) };
    const read = readExtendedErrors(ednsWith(extendedErrorOption({ code: 18, text: "no" }), other, terminated));
    expect(read).toEqual([
      { code: 18, text: "no" },
      { code: 3, text: "a" },
    ]);
  });

  test("an option too short for its code is refused", () => {
    const option = { code: OptionCodes.EXTENDED_ERROR, octets: Uint8Array.of(0) };
    expect(() => readExtendedErrors(ednsWith(option))).toThrow(WireError);
  });
});
