import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, parseAddress } from "../net/address.ts";
import { type Cidr, cidrOf, containsAddress, parseCidr } from "../net/cidr.ts";
import { FreeAddresses, isReserved, lowestFree } from "./address-pool.ts";

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed.kind === "problem") throw new Error(parsed.problem);
  return parsed.cidr;
}

const AZURE = { first: 4, last: 1 };

describe("the lowest free address", () => {
  test.each([
    { subnet: "10.0.0.0/24", taken: [], gives: "10.0.0.4" },
    { subnet: "10.0.0.0/24", taken: ["10.0.0.5", "10.0.0.4"], gives: "10.0.0.6" },
    { subnet: "10.0.0.0/24", taken: ["10.0.0.0/25"], gives: "10.0.0.128" },
    { subnet: "10.0.0.0/24", taken: ["10.0.0.0/25", "10.0.0.16/28", "10.0.0.128"], gives: "10.0.0.129" },
    { subnet: "10.0.0.0/24", taken: ["0.0.0.0/0"], gives: undefined },
    { subnet: "10.0.0.0/24", taken: ["fd00::/8"], gives: "10.0.0.4" },
    { subnet: "10.0.0.0/29", taken: ["10.0.0.4", "10.0.0.5"], gives: "10.0.0.6" },
    { subnet: "10.0.0.0/29", taken: ["10.0.0.4/31", "10.0.0.6"], gives: undefined },
    { subnet: "10.0.0.0/30", taken: [], gives: undefined },
    { subnet: "10.0.0.1/32", taken: [], gives: undefined },
    { subnet: "10.255.255.0/24", taken: ["10.255.255.4/30"], gives: "10.255.255.8" },
    { subnet: "fd00::/64", taken: ["fd00::/65"], gives: "fd00::8000:0:0:0" },
  ])("of $subnet beside $taken is $gives", ({ subnet, taken, gives }) => {
    expect(lowestFree(cidr(subnet), AZURE, taken.map(cidr))?.text).toBe(gives);
  });

  test("of a subnet that is given away address by address is each one that is free, once", () => {
    const pool = new FreeAddresses(cidr("10.0.0.0/28"), AZURE, ["10.0.0.5", "10.0.0.8/30"].map(cidr));
    const given = Array.from({ length: 8 }, () => pool.take()?.text);
    const free = [4, 6, 7, 12, 13, 14].map((end) => `10.0.0.${end}`);
    expect(given).toEqual([...free, undefined, undefined]);
  });

  test("is what a scan of the whole subnet finds", () => {
    const octet = fc.nat(255);
    const prefix = fc.tuple(octet, fc.integer({ min: 26, max: 32 }));
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 12 }), fc.nat(5), fc.nat(3), (prefixes, first, last) => {
        const taken = prefixes.map(([end, length]) => cidrOf(addressOf(Uint8Array.of(10, 0, 0, end)), length));
        const subnet = cidr("10.0.0.64/26");
        const scan = Array.from({ length: 64 }, (_one, i) => addressOf(Uint8Array.of(10, 0, 0, 64 + i)));
        const free = scan
          .slice(first, 64 - last)
          .find((address) => !taken.some((one) => containsAddress(one, address)));
        expect(lowestFree(subnet, { first, last }, taken)?.text).toBe(free?.text);
      }),
    );
  });
});

test.each([
  { address: "10.0.0.3", kept: true },
  { address: "10.0.0.4", kept: false },
  { address: "10.0.0.254", kept: false },
  { address: "10.0.0.255", kept: true },
  { address: "10.0.1.0", kept: false },
  { address: "fd00::1", kept: false },
])("the platform keeps $address of 10.0.0.0/24: $kept", ({ address, kept }) => {
  const parsed = parseAddress(address);
  expect(parsed !== undefined && isReserved(cidr("10.0.0.0/24"), AZURE, parsed)).toBe(kept);
});
