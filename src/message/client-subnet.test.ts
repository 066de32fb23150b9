import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCidr } from "../../test/arbitraries.ts";
import { parseCidr } from "../net/cidr.ts";
import { WireError } from "../octets/wire-error.ts";
import { type ClientSubnet, clientSubnetOption, readClientSubnet, withScope } from "./client-subnet.ts";
import { type EdnsOption, OptionCodes } from "./edns.ts";

function optionOf(hex: string): EdnsOption {
  return { code: OptionCodes.CLIENT_SUBNET, octets: Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")) };
}

/** `PREFIX family/source/scope`. */
function shown({ prefix, family, sourceLength, scopeLength }: ClientSubnet): string {
  return `${prefix?.text ?? "none"} ${family}/${sourceLength}/${scopeLength}`;
}

describe("readClientSubnet", () => {
  test.each([
    { hex: "0001 10 00 0a01", reads: "10.1.0.0/16 1/16/0", because: "dig +subnet=10.1.0.0/16 writes it so" },
    { hex: "0002 21 00 20010db800", reads: "2001:db8::/33 2/33/0", because: "33 bits need five octets" },
    { hex: "0001 20 18 0a000001", reads: "10.0.0.1/32 1/32/24", because: "replies have a scope" },
    { hex: "0001 01 00 80", reads: "128.0.0.0/1 1/1/0", because: "one bit needs an octet" },
    { hex: "0000 00 00", reads: "none 0/0/0", because: "dig +subnet=0 has family 0" },
    { hex: "0001 00 00", reads: "none 1/0/0", because: "0 bits are no prefix" },
    { hex: "0009 00 00", reads: "none 9/0/0", because: "of no address the family does not matter" },
    {
      hex: "0002 80 00 00000000000000000000ffff0a000001",
      reads: "10.0.0.1/32 2/128/0",
      because: "IPv4-mapped IPv6 is IPv4",
    },
    { hex: "0002 50 00 00000000000000000000", reads: "::/80 2/80/0", because: "80 zero bits are not IPv4 yet" },
  ])("reads $hex as $reads: $because", ({ hex, reads }) => {
    expect(shown(readClientSubnet(optionOf(hex)))).toBe(reads);
  });

  test.each([
    { hex: "", because: "there is nothing" },
    { hex: "0001 18", because: "the scope is missing" },
    { hex: "0001 18 00 0a01", because: "24 bits need three octets, not two" },
    { hex: "0001 10 00 0a0100", because: "16 bits need two octets, not three" },
    { hex: "0001 0f 00 0a01", because: "the last bit is beyond the 15 given" },
    { hex: "0001 21 00 0a01020300", because: "IPv4 has 32 bits" },
    { hex: `0002 81 00 ${"00".repeat(17)}`, because: "IPv6 has 128 bits" },
    { hex: "0001 08 21 0a", because: "the scope is longer than an address" },
    { hex: "0003 08 00 0a", because: "family 3 has no prefix that we know" },
    { hex: "0000 08 00 0a", because: "family 0 has no address" },
    { hex: "0000 00 00 00", because: "0 bits need no octet" },
  ])("refuses $hex: $because", ({ hex }) => {
    expect(() => readClientSubnet(optionOf(hex))).toThrow(WireError);
  });

  test("any prefix is read as it was written, and its echo differs in the scope alone", () => {
    fc.assert(
      fc.property(anyCidr, (cidr) => {
        const option = clientSubnetOption(cidr);
        const read = readClientSubnet(option);
        expect(read.prefix ?? cidr).toEqual(cidr);
        expect(read).toMatchObject({ sourceLength: cidr.length, scopeLength: 0 });
        expect(readClientSubnet(withScope(option, cidr.length))).toEqual({ ...read, scopeLength: cidr.length });
      }),
    );
  });

  test("any octets give a subnet that parses as a prefix, or a WireError", () => {
    const near = fc.tuple(fc.constantFrom(0, 1, 2, 3), fc.nat(140), fc.nat(140), fc.uint8Array({ maxLength: 18 }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          near.map(([f, s, c, a]) => Uint8Array.of(0, f, s, c, ...a)),
        ),
        (octets) => {
          try {
            const { prefix } = readClientSubnet({ code: OptionCodes.CLIENT_SUBNET, octets });
            if (prefix !== undefined) expect(parseCidr(prefix.text)).toEqual({ kind: "cidr", cidr: prefix });
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
    );
  });
});
