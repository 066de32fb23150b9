import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownAddress } from "../net/address.ts";
import { cidrOf, containsCidr, knownCidr } from "../net/cidr.ts";
import type { AskTerms } from "../resolve/upstream.ts";
import { keptLength, keptText, keptTexts, type ToldClient, textOfTold, toldClient } from "./told-client.ts";

const LOCAL = { address: knownAddress("10.0.0.4"), port: 53 };

function termsOf(address: string | undefined, given?: { bits: number; prefix?: string }): AskTerms {
  return {
    dnssecOk: false,
    checkingDisabled: false,
    ...(address === undefined ? {} : { client: { address: knownAddress(address), port: 4000, local: LOCAL } }),
    ...(given === undefined
      ? {}
      : {
          clientSubnet: {
            sourceLength: given.bits,
            ...(given.prefix === undefined ? {} : { prefix: knownCidr(given.prefix) }),
          },
        }),
  };
}

describe("the client subnet that is sent", () => {
  test.each([
    { what: "is of the client's address", from: "10.1.2.3", sent: "10.1.2.0/24" },
    { what: "is of the client's IPv6 address", from: "2001:db8:1:2ff::3", sent: "2001:db8:1:200::/56" },
    { what: "is all of it where that is said", from: "10.1.2.3", ipv4: 32, sent: "10.1.2.3/32" },
    {
      what: "is what a trusted peer gave",
      from: "127.0.0.1",
      given: { bits: 16, prefix: "10.9.0.0/16" },
      sent: "10.9.0.0/16",
    },
    {
      what: "is no more than is said",
      from: "127.0.0.1",
      given: { bits: 28, prefix: "10.9.8.16/28" },
      sent: "10.9.8.0/24",
    },
    { what: "is no more than a stranger gave", from: "10.1.2.3", given: { bits: 8 }, sent: "10.0.0.0/8" },
    {
      what: "is no more than is said, whatever a stranger gave",
      from: "10.1.2.3",
      given: { bits: 32 },
      sent: "10.1.2.0/24",
    },
    { what: "is nothing of it where the client wants that", from: "10.1.2.3", given: { bits: 0 }, sent: "0.0.0.0/0" },
    { what: "is nothing of IPv6 either", from: "2001:db8::3", given: { bits: 0 }, sent: "::/0" },
    { what: "is not there where nobody asks", from: undefined, sent: undefined },
  ])("$what: $sent", ({ from, given, ipv4 = 24, sent }) => {
    expect(toldClient({ subnet: { ipv4, ipv6: 56 } }, termsOf(from, given)).subnet?.text).toBe(sent);
  });
});

describe("clients that a server is told alike of", () => {
  const both = { proxy: true, subnet: { ipv4: 24, ipv6: 56 } } as const;
  test.each([
    { told: { proxy: true } as const, one: "10.1.2.3", other: "10.1.2.4", alike: false },
    { told: { subnet: { ipv4: 24, ipv6: 56 } }, one: "10.1.2.3", other: "10.1.2.4", alike: true },
    { told: { subnet: { ipv4: 24, ipv6: 56 } }, one: "10.1.2.3", other: "10.1.3.4", alike: false },
    { told: both, one: "10.1.2.3", other: "10.1.2.4", alike: false },
    { told: {}, one: "10.1.2.3", other: "2001:db8::1", alike: true },
  ])("$one and $other: $alike", ({ told, one, other, alike }) => {
    const [a, b] = [one, other].map((address) => textOfTold(toldClient(told, termsOf(address))));
    expect(a === b).toBe(alike);
  });

  test("ask from another port each time, which makes no difference", () => {
    const terms = termsOf("10.1.2.3");
    const elsewhere = { ...terms, client: { address: knownAddress("10.1.2.3"), port: 4001, local: LOCAL } };
    expect(textOfTold(toldClient(both, terms))).toBe(textOfTold(toldClient(both, elsewhere)));
  });
});

describe("an answer for a client subnet", () => {
  const toldOf = (text: string): ToldClient => ({ subnet: knownCidr(text) });
  test.each([
    { told: "10.1.2.0/24", scope: 0, kept: "" },
    { told: "10.1.2.0/24", scope: 16, kept: ";10.1.0.0/16" },
    { told: "10.1.2.0/24", scope: 24, kept: ";10.1.2.0/24" },
    { told: "10.1.2.0/24", scope: 28, kept: ";10.1.2.0/24", because: "it was not told more" },
    { told: "0.0.0.0/0", scope: 0, kept: ";0.0.0.0/0", because: "it is for those who tell nothing" },
  ])('$told that is for $scope bits is kept for "$kept"', ({ told, scope, kept }) => {
    expect(keptText(toldOf(told), keptLength(toldOf(told), scope))).toBe(kept);
  });

  test.each([
    { told: "10.1.2.0/24", lengths: [], texts: [""] },
    { told: "10.1.2.0/24", lengths: [16, 0, 24, 28], texts: [";10.1.2.0/24", ";10.1.0.0/16", ""] },
    { told: "0.0.0.0/0", lengths: [16, 0], texts: [";0.0.0.0/0", ""] },
  ])("of $told is looked for under $texts", ({ told, lengths, texts }) => {
    expect(keptTexts(toldOf(told), lengths)).toEqual(texts);
  });

  test("is found again exactly by those whose subnet lies in the one that it is for", () => {
    const bits = fc.integer({ min: 1, max: 32 });
    const address = fc.integer({ min: 0, max: 3 }).map((n) => knownAddress(`10.${n >> 1}.${n & 1}.0`));
    fc.assert(
      fc.property(address, bits, fc.integer({ min: 0, max: 32 }), address, bits, (a, aBits, scope, b, bBits) => {
        const [told, other] = [cidrOf(a, aBits), cidrOf(b, bBits)];
        const length = keptLength({ subnet: told }, scope);
        const found = keptTexts({ subnet: other }, length === undefined ? [] : [length]);
        const isFor = length === undefined || containsCidr(cidrOf(a, length), other);
        expect(found.includes(keptText({ subnet: told }, length))).toBe(isFor);
      }),
    );
  });
});
