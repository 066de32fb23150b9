import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { cidrOf } from "../net/cidr.ts";
import { RecordTypes } from "../record/record-type.ts";
import { clientSubnetOption } from "./client-subnet.ts";
import { OptionCodes } from "./edns.ts";
import { PlainQuery } from "./plain-query.ts";
import { decodeQuery, encodeQuery } from "./query.ts";

const WWW = { id: 0x1234, name: knownName("www.io"), type: RecordTypes.A, rd: true };
const OPT = { version: 0, udpSize: 1232, dnssecOk: false, options: [] };
const plain = new PlainQuery();

/** An OPT with cookies of so many octets. */
function withCookie(...lengths: readonly number[]) {
  return { ...OPT, options: lengths.map((length) => ({ code: OptionCodes.COOKIE, octets: new Uint8Array(length) })) };
}

/** A good query, changed. */
function changed(change: (octets: Uint8Array) => void): Uint8Array {
  const octets = encodeQuery({ ...WWW, edns: OPT });
  change(octets);
  return octets;
}

/** What both readers say of a message, in the same words. */
function asPlain(octets: Uint8Array) {
  if (!plain.read(octets)) return undefined;
  const { questionEnd, type, rd, cd, hasOpt, dnssecOk, cookieOctets } = plain;
  return { questionEnd, type, rd, cd, hasOpt, dnssecOk, cookieOctets };
}
function asDecoded(octets: Uint8Array) {
  const decoded = decodeQuery(octets);
  if (decoded.kind !== "query") return decoded.kind;
  const { question, rd, cd, edns } = decoded.query;
  const hasOpt = edns !== undefined;
  const { dnssecOk = false, cookie = new Uint8Array() } = edns ?? {};
  return { questionEnd: question.end, type: question.type, rd, cd, hasOpt, dnssecOk, cookieOctets: cookie.length };
}

describe("a plain query", () => {
  test.each([
    { octets: encodeQuery(WWW), because: "it is one question" },
    { octets: encodeQuery({ ...WWW, rd: false, cd: true, ad: true }), because: "RD, CD and AD are as they like" },
    { octets: encodeQuery({ ...WWW, edns: OPT }), because: "its OPT has no options" },
    { octets: encodeQuery({ ...WWW, edns: { ...OPT, dnssecOk: true } }), because: "DO is a flag that is known" },
    { octets: encodeQuery({ ...WWW, edns: withCookie(8) }), because: "dig sends a cookie" },
    { octets: encodeQuery({ ...WWW, edns: withCookie(40) }), because: "a server's half may be long" },
    { octets: encodeQuery({ ...WWW, name: knownName(".") }), because: "the root is a name" },
    { octets: encodeQuery({ ...WWW, type: 0xffff }), because: "every type is one" },
  ])("is read in place: $because", ({ octets }) => {
    expect(asPlain(octets)).toEqual(asDecoded(octets));
  });

  const subnet = clientSubnetOption(cidrOf(knownAddress("10.0.0.0"), 24));
  test.each([
    { octets: encodeQuery({ ...WWW, edns: { ...OPT, options: [subnet] } }), because: "an option may shape the reply" },
    { octets: encodeQuery({ ...WWW, edns: withCookie(9) }), because: "a cookie of 9 octets is none" },
    { octets: encodeQuery({ ...WWW, edns: withCookie(8, 8) }), because: "only the first of two cookies counts" },
    { octets: encodeQuery({ ...WWW, edns: { ...OPT, version: 1 } }), because: "only version 0 is understood" },
    { octets: encodeQuery({ ...WWW, class: 3 }), because: "CHAOS is no data of networks" },
    { octets: changed((o) => (o[2] = 0x81)), because: "it is a reply" },
    { octets: changed((o) => (o[2] = 0x29)), because: "it is an update" },
    { octets: changed((o) => (o[5] = 2)), because: "it has two questions" },
    { octets: changed((o) => (o[7] = 1)), because: "it has an answer" },
    { octets: changed((o) => (o[11] = 2)), because: "it has two additional records" },
    { octets: changed((o) => (o[12] = 0xc0)), because: "its name is compressed" },
    { octets: changed((o) => (o[24] = 1)), because: "its OPT is not at the root" },
    { octets: encodeQuery(WWW).subarray(0, 23), because: "it is cut short" },
    { octets: new Uint8Array(11), because: "it is not even a header" },
    { octets: Uint8Array.of(...encodeQuery(WWW), 0), because: "something follows it" },
  ])("is not what only decoding tells: $because", ({ octets }) => {
    expect(asPlain(octets)).toBeUndefined();
  });

  test.each([
    { what: "no OPT", octets: encodeQuery(WWW) },
    { what: "an OPT", octets: encodeQuery({ ...WWW, edns: OPT }) },
    { what: "a cookie", octets: encodeQuery({ ...WWW, edns: withCookie(24) }) },
  ])("is not one with $what that is cut short, at whichever octet", ({ octets }) => {
    const cut = Array.from(octets, (_, length) => octets.subarray(0, length));
    expect(cut.filter((part) => plain.read(part)).map(({ length }) => length)).toEqual([]);
    expect(plain.read(octets)).toBe(true);
  });

  test("is whatever is found to be one, decoded: no octet says otherwise", () => {
    const queries = fc
      .record({
        id: fc.nat(0xffff),
        name: anyName,
        type: fc.nat(0xffff),
        rd: fc.boolean(),
        cd: fc.boolean(),
        edns: fc.constantFrom(undefined, OPT, withCookie(8), withCookie(24), withCookie(12)),
        at: fc.nat(300),
        octet: fc.option(fc.nat(255), { nil: undefined }),
      })
      .map(({ at, octet, edns, ...query }) => {
        const octets = encodeQuery(edns === undefined ? query : { ...query, edns });
        if (octet !== undefined) octets[at % octets.length] = octet;
        return octets;
      });
    fc.assert(
      fc.property(queries, (octets) => {
        const read = asPlain(octets);
        if (read !== undefined) expect(read).toEqual(asDecoded(octets));
      }),
      { numRuns: 2000 },
    );
  });
});
