import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAddress, anyCidr } from "../../test/arbitraries.ts";
import { type Address, addressOf, parseAddress } from "./address.ts";
import { type Cidr, cidrOf, cidrOfOctets, containsAddress, containsCidr, parseCidr } from "./cidr.ts";

describe("parseCidr", () => {
  test.each([
    { text: "10.0.0.0/16", canonical: "10.0.0.0/16" },
    { text: "10.0.0.4", canonical: "10.0.0.4/32" },
    { text: "0.0.0.0/0", canonical: "0.0.0.0/0" },
    { text: "255.255.255.255/32", canonical: "255.255.255.255/32" },
    { text: "128.0.0.0/1", canonical: "128.0.0.0/1" },
    { text: "10.0.0.6/31", canonical: "10.0.0.6/31" },
    { text: "FD00:0::/8", canonical: "fd00::/8" },
    { text: "2001:db8::1", canonical: "2001:db8::1/128" },
    { text: "::/0", canonical: "::/0" },
    { text: "::ffff:10.0.0.0/104", canonical: "10.0.0.0/8" },
    { text: "::ffff:0:0/96", canonical: "0.0.0.0/0" },
    { text: "::ffff:10.0.0.4", canonical: "10.0.0.4/32" },
  ])("reads $text as $canonical", ({ text, canonical }) => {
    const parsed = parseCidr(text);
    expect(parsed.kind === "cidr" ? parsed.cidr.text : parsed.problem).toBe(canonical);
  });

  test.each([
    { text: "10.0.0.1/16", problem: "has bits set after its length", suggestion: "10.0.0.0/16" },
    { text: "10.0.0.128/24", problem: "has bits set after its length", suggestion: "10.0.0.0/24" },
    { text: "2001:db8::1/64", problem: "has bits set after its length", suggestion: "2001:db8::/64" },
    { text: "10.0.0.7/31", problem: "has bits set after its length", suggestion: "10.0.0.6/31" },
    { text: "::ffff:10.0.0.1/104", problem: "has bits set after its length", suggestion: "10.0.0.0/8" },
    { text: "10.0.0.0/33", problem: "has a length that is not 0 to 32" },
    { text: "::/129", problem: "has a length that is not 0 to 128" },
    { text: "::ffff:0:0/95", problem: "has a length that is not 96 to 128" },
    { text: "10.0.0.0/", problem: "has a length that is not 0 to 32" },
    { text: "10.0.0.0/08", problem: "has a length that is not 0 to 32" },
    { text: "10.0.0.0/-1", problem: "has a length that is not 0 to 32" },
    { text: "10.0.0.0/1e1", problem: "has a length that is not 0 to 32" },
    { text: "10.0.0.0/255.0.0.0", problem: "has a length that is not 0 to 32" },
    { text: "10.0.0.0/8/8", problem: "is no prefix: write ADDRESS/LENGTH" },
    { text: "10/8", problem: "is no prefix: write ADDRESS/LENGTH" },
    { text: "10.0.0.0 /8", problem: "is no prefix: write ADDRESS/LENGTH" },
    { text: "", problem: "is no prefix: write ADDRESS/LENGTH" },
  ])("says that $text $problem", ({ text, problem, suggestion }) => {
    expect(parseCidr(text)).toEqual({ kind: "problem", problem, ...(suggestion === undefined ? {} : { suggestion }) });
  });

  test("every prefix reads back from its text", () => {
    fc.assert(
      fc.property(anyCidr, (cidr) => {
        expect(parseCidr(cidr.text)).toEqual({ kind: "cidr", cidr });
      }),
    );
  });
});

/** The bits of an address, one char each: slow and plain. */
function bitsOf(address: Address): string {
  return Array.from(address.octets, (octet) => octet.toString(2).padStart(8, "0")).join("");
}

describe("cidrOf and what it contains", () => {
  test("a prefix keeps its bits and clears the others", () => {
    fc.assert(
      fc.property(anyCidr, anyAddress, (cidr, address) => {
        const length = Math.min(cidr.length, address.octets.length * 8);
        const bits = bitsOf(address);
        expect(bitsOf(cidrOf(address, length).address)).toBe(bits.slice(0, length).padEnd(bits.length, "0"));
      }),
    );
  });

  test.each([-1, 33, 1.5, Number.NaN])("an IPv4 prefix of %d bits is refused", (length) => {
    expect(() => cidrOf(addressOf(Uint8Array.of(10, 0, 0, 0)), length)).toThrow(RangeError);
  });

  test("contains what starts with its bits, and nothing of the other family", () => {
    const near = anyCidr.chain((cidr) => {
      const flipped = fc.nat(cidr.address.octets.length * 8 - 1).map((bit) => {
        const octets = cidr.address.octets.map((octet, i) => (i === bit >> 3 ? octet ^ (0x80 >> (bit & 7)) : octet));
        return addressOf(octets);
      });
      return fc.tuple(fc.constant(cidr), fc.oneof(anyAddress, flipped, fc.constant(cidr.address)));
    });
    fc.assert(
      fc.property(near, fc.nat(128), ([cidr, address], length) => {
        const inside = (other: Address): boolean =>
          other.family === cidr.address.family && bitsOf(other).startsWith(bitsOf(cidr.address).slice(0, cidr.length));
        expect(containsAddress(cidr, address)).toBe(inside(address));
        const inner = cidrOf(address, Math.min(length, address.octets.length * 8));
        expect(containsCidr(cidr, inner)).toBe(inner.length >= cidr.length && inside(inner.address));
      }),
    );
  });
});

test.each([
  { octets: [10, 1, 2, 3], length: 16, text: "10.1.0.0/16", because: "IPv4 octets are an IPv4 prefix" },
  { octets: mapped(10, 1, 2, 3), length: 112, text: "10.1.0.0/16", because: "96 bits of a mapped address only map" },
  { octets: mapped(10, 1, 2, 3), length: 96, text: "0.0.0.0/0", because: "that is all of IPv4" },
  { octets: mapped(10, 1, 2, 3), length: 95, text: "::fffe:0:0/95", because: "that is more than IPv4" },
  { octets: mapped(10, 1, 2, 3), length: 0, text: "::/0", because: "that is all of IPv6" },
])("cidrOfOctets makes $text of $octets and $length: $because", ({ octets, length, text }) => {
  const cidr: Cidr = cidrOfOctets(Uint8Array.from(octets), length);
  expect(cidr.text).toBe(text);
});

test("cidrOfOctets refuses lengths that the octets do not have", () => {
  for (const [octets, length] of [
    [4, 33],
    [4, -1],
    [16, 129],
    [16, -1],
    [5, 1],
  ] as const) {
    expect(() => cidrOfOctets(new Uint8Array(octets), length)).toThrow(RangeError);
  }
  expect(() => cidrOfOctets(Uint8Array.from(mapped(1, 2, 3, 4)), 129)).toThrow(RangeError);
  expect(() => cidrOfOctets(Uint8Array.from(mapped(1, 2, 3, 4)), -1)).toThrow(RangeError);
  expect(parseAddress("::ffff:1.2.3.4")?.octets).toEqual(Uint8Array.of(1, 2, 3, 4));
});

function mapped(...ipv4: number[]): number[] {
  return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...ipv4];
}
