import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAddress, anyCidr } from "../../test/arbitraries.ts";
import { type Address, addressOf } from "./address.ts";
import { type Cidr, cidrOf, containsAddress, containsCidr, parseCidr } from "./cidr.ts";
import { buildPrefixMap, containing, longestPrefix, type PrefixEntry, within } from "./prefix-map.ts";

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed.kind === "problem") throw new RangeError(`${text} ${parsed.problem}`);
  return parsed.cidr;
}

function entriesOf(...texts: string[]): PrefixEntry<string>[] {
  return texts.map((text) => ({ cidr: cidr(text), value: text }));
}

describe("a map of hub, spoke and machines", () => {
  const map = buildPrefixMap(
    entriesOf(
      "10.1.0.0/16",
      "10.0.0.0/8",
      "10.1.4.0/24",
      "10.1.4.7/32",
      "10.2.0.0/16",
      "127.12.0.4",
      "fd00::/8",
      "fd00:1::/32",
    ),
  );

  test.each([
    { address: "10.1.4.7", finds: "10.1.4.7/32", because: "a machine is the longest prefix" },
    { address: "10.1.4.8", finds: "10.1.4.0/24", because: "its neighbour is in the subnet" },
    { address: "10.1.3.255", finds: "10.1.0.0/16", because: "before the subnet is the network" },
    { address: "10.1.5.0", finds: "10.1.0.0/16", because: "behind the subnet is the network again" },
    { address: "10.3.0.0", finds: "10.0.0.0/8", because: "behind both networks is what holds them" },
    { address: "9.255.255.255", finds: undefined, because: "nobody starts before it" },
    { address: "11.0.0.0", finds: undefined, because: "all prefixes before it have ended" },
    { address: "127.12.0.4", finds: "127.12.0.4", because: "a prefix may be an address" },
    { address: "127.12.0.5", finds: undefined, because: "its neighbour is nobody's" },
    { address: "fd00:1::9", finds: "fd00:1::/32", because: "IPv6 works alike" },
    { address: "fd00:2::9", finds: "fd00::/8", because: "IPv6 nests alike" },
    { address: "a00::", finds: undefined, because: "the octets of 10.0.0.0 in IPv6 are another address" },
    { address: "::ffff:10.1.4.7", finds: "10.1.4.7/32", because: "IPv4-mapped is IPv4" },
  ])("$address is in $finds: $because", ({ address, finds }) => {
    expect(longestPrefix(map, cidr(address).address)?.value).toBe(finds);
  });

  test.each([
    { subnet: "10.1.4.0/25", finds: "10.1.4.0/24", because: "the subnet holds the whole of it" },
    { subnet: "10.1.4.0/24", finds: "10.1.4.0/24", because: "a prefix holds itself" },
    { subnet: "10.1.4.0/23", finds: "10.1.0.0/16", because: "the subnet holds only half of it" },
    { subnet: "10.0.0.0/15", finds: "10.0.0.0/8", because: "half of it is a network, all of it is not" },
    { subnet: "0.0.0.0/0", finds: undefined, because: "nobody holds everything" },
  ])("$subnet is inside $finds: $because", ({ subnet, finds }) => {
    expect(containing(map, cidr(subnet))?.value).toBe(finds);
  });

  test.each([
    { subnet: "10.0.0.0/8", holds: ["10.0.0.0/8", "10.1.0.0/16", "10.1.4.0/24", "10.1.4.7/32", "10.2.0.0/16"] },
    { subnet: "10.0.0.0/15", holds: ["10.1.0.0/16", "10.1.4.0/24", "10.1.4.7/32"] },
    { subnet: "10.1.4.7/32", holds: ["10.1.4.7/32"] },
    { subnet: "10.1.4.8/32", holds: [] },
    { subnet: "::/0", holds: ["fd00::/8", "fd00:1::/32"] },
  ])("inside $subnet are $holds", ({ subnet, holds }) => {
    expect(within(map, cidr(subnet)).map(({ value }) => value)).toEqual(holds);
  });
});

test("an empty map holds nothing", () => {
  const map = buildPrefixMap([]);
  expect(longestPrefix(map, addressOf(new Uint8Array(4)))).toBeUndefined();
  expect(containing(map, cidr("::/0"))).toBeUndefined();
  expect(within(map, cidr("0.0.0.0/0"))).toEqual([]);
});

test("many prefixes beside each other are not walked through: what holds them is found at once", () => {
  const machines = Array.from({ length: 30_000 }, (_, i) =>
    cidrOf(addressOf(Uint8Array.of(10, i >> 8, i & 0xff, 1)), 32),
  );
  const map = buildPrefixMap([cidr("10.0.0.0/8"), ...machines].map((one) => ({ cidr: one, value: one.text })));
  const behind = addressOf(Uint8Array.of(10, 255, 0, 0));
  // One by one this would be three thousand million comparisons, and over the time that a test has.
  for (let i = 0; i < 100_000; i++) longestPrefix(map, behind);
  expect(longestPrefix(map, behind)?.value).toBe("10.0.0.0/8");
});

test("a prefix given twice is refused, also with others between", () => {
  expect(() => buildPrefixMap(entriesOf("10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/8"))).toThrow(
    "10.0.0.0/8 is given twice",
  );
  expect(() => buildPrefixMap(entriesOf("0.0.0.0/0", "::/0"))).not.toThrow();
});

describe("laws", () => {
  const anyEntries = fc
    .uniqueArray(anyCidr, { selector: (one) => one.text, maxLength: 40 })
    .map((cidrs) => cidrs.map((one): PrefixEntry<string> => ({ cidr: one, value: one.text })));
  /** A map's entries with an address and a length that lie in, at the end of, or near one of them, or anywhere. */
  const entriesAndAddress = anyEntries.chain((entries) => {
    const own = entries.flatMap(({ cidr: { address, length } }) => [address, lastOf(address, length)]);
    const address = own.length === 0 ? anyAddress : fc.oneof(anyAddress, fc.constantFrom(...own));
    return fc.tuple(fc.constant(entries), address, fc.nat(128));
  });

  test("all three say what a scan of the list says, before and after a structured clone", () => {
    fc.assert(
      fc.property(entriesAndAddress, fc.boolean(), ([entries, address, bits], cloned) => {
        const built = buildPrefixMap(entries);
        const map = cloned ? structuredClone(built) : built;
        const subnet = cidrOf(address, Math.min(bits, address.octets.length * 8));
        expect(longestPrefix(map, address)?.value).toBe(scan(entries, (outer) => containsAddress(outer, address)));
        expect(containing(map, subnet)?.value).toBe(scan(entries, (outer) => containsCidr(outer, subnet)));
        const inside = entries.filter((entry) => containsCidr(subnet, entry.cidr)).map(({ value }) => value);
        expect(
          within(map, subnet)
            .map(({ value }) => value)
            .sort(),
        ).toEqual(inside.sort());
      }),
      { numRuns: 300 },
    );
  });

  test("the order in which entries are given does not matter", () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        expect(buildPrefixMap(entries.toReversed())).toEqual(buildPrefixMap(entries));
      }),
    );
  });
});

function scan(entries: readonly PrefixEntry<string>[], holds: (cidr: Cidr) => boolean): string | undefined {
  let best: PrefixEntry<string> | undefined;
  for (const entry of entries) {
    if (holds(entry.cidr) && (best === undefined || entry.cidr.length > best.cidr.length)) best = entry;
  }
  return best?.value;
}

/** The last address of a prefix. */
function lastOf(address: Address, length: number): Address {
  return addressOf(address.octets.map((octet, i) => octet | (0xff >> Math.min(8, Math.max(0, length - i * 8)))));
}
