import { isIPv4, isIPv6 } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "./address-text.ts";

/** Text that is nearly an address. */
const nearAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc
    .array(fc.constantFrom("0", "1", "9", "25", "255", "256", "a", "Ff", "ffff", "12345", ".", ":", "::", "%", "/"), {
      maxLength: 16,
    })
    .map((parts) => parts.join("")),
  fc
    .tuple(fc.ipV6(), fc.nat(40), fc.constantFrom("", ":", ".", "0", "g", "1.2.3.4"))
    .map(([text, at, extra]) => text.slice(0, at) + extra + text.slice(at + 1)),
);

const anyGroups = fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 1, 0xffff), fc.nat(0xffff)), {
  minLength: 8,
  maxLength: 8,
});

describe("IPv4 addresses", () => {
  test("text is an address exactly when the system says so", () => {
    fc.assert(
      fc.property(nearAddress, (text) => {
        expect(parseIpv4(text) !== undefined).toBe(isIPv4(text));
      }),
      { numRuns: 1000 },
    );
  });

  test("any 32 bits are read back from their text", () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (value) => {
        expect(parseIpv4(formatIpv4(value))).toBe(value);
      }),
    );
  });
});

describe("IPv6 addresses", () => {
  test("text without a zone index is an address exactly when the system says so", () => {
    fc.assert(
      fc.property(nearAddress, (text) => {
        expect(parseIpv6(text) !== undefined).toBe(isIPv6(text) && !text.includes("%"));
      }),
      { numRuns: 2000 },
    );
  });

  test("an address is read and written as the host of a URL is", () => {
    fc.assert(
      fc.property(nearAddress, (text) => {
        const groups = parseIpv6(text);
        if (groups === undefined || isMapped(groups)) return;
        expect(`[${formatIpv6(groups)}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
      { numRuns: 2000 },
    );
  });

  test("any 128 bits are read back from their text, which is the one a URL would have", () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const text = formatIpv6(groups);
        expect(parseIpv6(text)).toEqual(groups);
        if (!isMapped(groups)) expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`);
      }),
    );
  });

  test.each([
    { groups: [0, 0, 0, 0, 0, 0, 0, 0], text: "::" },
    { groups: [0, 0, 0, 0, 0, 0, 0, 1], text: "::1" },
    { groups: [1, 0, 0, 0, 0, 0, 0, 0], text: "1::" },
    { groups: [1, 0, 2, 3, 4, 5, 6, 7], text: "1:0:2:3:4:5:6:7" },
    { groups: [1, 0, 0, 2, 0, 0, 3, 4], text: "1::2:0:0:3:4" },
    { groups: [1, 0, 0, 2, 0, 0, 0, 4], text: "1:0:0:2::4" },
    { groups: [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201], text: "::ffff:192.0.2.1" },
    { groups: [0, 0, 0, 0, 0, 0, 0xc000, 0x201], text: "::c000:201" },
    { groups: [0x2001, 0xdb8, 0, 0, 0, 0, 0xab, 0xcdef], text: "2001:db8::ab:cdef" },
  ])("$groups is written $text", ({ groups, text }) => {
    expect(formatIpv6(groups)).toBe(text);
  });
});

/** IPv4-mapped: a URL has no IPv4 in it. */
function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}
