import { describe, expect, test } from "vitest";
import type { Query } from "../message/query.ts";
import { decodeQuery, encodeQuery } from "../message/query.ts";
import { knownName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Outcome, Resolution, Step } from "../resolve/resolution.ts";
import type { ReplyMarks } from "../resolve/upstream.ts";
import { replyTo } from "./reply-to.ts";

const NAME = knownName("www.example");
const APEX = knownName("example");

function ask(bits: { ad?: boolean; dnssecOk?: boolean }): Query {
  const edns = { version: 0, udpSize: 1232, dnssecOk: bits.dnssecOk ?? false, options: [] };
  const decoded = decodeQuery(encodeQuery({ id: 7, name: NAME, type: 1, rd: true, ad: bits.ad ?? false, edns }), "udp");
  if (decoded.kind !== "query") throw new Error(decoded.kind);
  return decoded.query;
}

const address: RRset = { owner: NAME, type: RecordTypes.A, ttl: 60, rdatas: [Uint8Array.of(192, 0, 2, 1)] };
const soa: RRset = {
  owner: APEX,
  type: RecordTypes.SOA,
  ttl: 60,
  rdatas: [makeSoa({ mname: APEX, rname: APEX, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 60 })],
};
/** RRSIG of `type` at `owner`; what stands behind the covered type does not matter here. */
const signature = (owner: typeof NAME, type: number): RRset => ({
  owner,
  type: RecordTypes.RRSIG,
  ttl: 60,
  rdatas: [Uint8Array.of(type >> 8, type & 0xff, ...new Uint8Array(20))],
});
const nsec: RRset = { owner: APEX, type: RecordTypes.NSEC, ttl: 60, rdatas: [nameRdata(APEX)] };

const said = (marks: ReplyMarks): Step => ({
  kind: "upstream",
  name: NAME,
  targets: ["up"],
  result: "answered",
  marks,
});
const ours: Step = { kind: "offline", name: NAME };

function reply(
  query: Query,
  trace: readonly Step[],
  outcome: Outcome = { kind: "answer", rrsets: [address] },
): ReturnType<typeof replyTo> {
  const resolution: Resolution = { question: { name: NAME, type: 1 }, aliases: [], outcome, trace };
  return replyTo(query, resolution, { transport: "udp" });
}

describe("AD is", () => {
  const authentic = said({ isAuthentic: true });
  test.each([
    { what: "passed on to who sets AD", query: { ad: true }, trace: [authentic], ad: true },
    { what: "passed on to who sets DO", query: { dnssecOk: true }, trace: [authentic], ad: true },
    { what: "not told to who asks for neither", query: {}, trace: [authentic], ad: false },
    { what: "not there where the server did not set it", query: { ad: true }, trace: [said({})], ad: false },
    { what: "not there where one of two did", query: { ad: true }, trace: [authentic, said({})], ad: false },
    { what: "not there where a part is ours", query: { ad: true }, trace: [authentic, ours], ad: false },
    { what: "not there where all is ours", query: { ad: true }, trace: [ours], ad: false },
  ])("$what", ({ query, trace, ad }) => {
    expect(reply(ask(query), trace).flags.ad).toBe(ad);
  });

  test("not there in a failure", () => {
    const failed: Outcome = { kind: "failed", reason: { kind: "alias-loop", name: NAME } };
    expect(reply(ask({ ad: true }), [authentic], failed).flags.ad).toBe(false);
  });
});

describe("with DO", () => {
  const signatures = [
    signature(NAME, RecordTypes.A),
    signature(NAME, RecordTypes.AAAA),
    signature(APEX, RecordTypes.SOA),
  ];
  test("a real server's signatures follow what they cover, and only that", () => {
    const { answers } = reply(ask({ dnssecOk: true }), [said({ signatures, proof: [] })]);
    expect(answers).toEqual([address, signatures[0]]);
  });

  test("a denial has its proof", () => {
    const proof = [nsec, signature(APEX, RecordTypes.NSEC)];
    const denial: Outcome = { kind: "nxdomain", soa };
    const { authorities } = reply(ask({ dnssecOk: true }), [said({ signatures, proof })], denial);
    expect(authorities).toEqual([soa, signatures[2], nsec, proof[1]]);
  });

  test("an answer by a wildcard has its proof, too", () => {
    expect(reply(ask({ dnssecOk: true }), [said({ signatures, proof: [nsec] })]).authorities).toEqual([nsec]);
  });

  test("and only with it", () => {
    expect(reply(ask({ ad: true }), [said({ signatures, proof: [nsec] })]).answers).toEqual([address]);
  });
});

describe("an answer past its time says so", () => {
  const stale = said({ isStale: true });
  test.each<{ outcome: Outcome; code: number }>([
    { outcome: { kind: "answer", rrsets: [address] }, code: 3 },
    { outcome: { kind: "nodata", soa }, code: 3 },
    { outcome: { kind: "nxdomain", soa }, code: 19 },
  ])("$outcome.kind: $code", ({ outcome, code }) => {
    expect(reply(ask({}), [stale], outcome).edns?.extendedError).toMatchObject({ code });
  });

  test("as a failure of a moment ago does", () => {
    const target = { target: "up", why: "SERVFAIL", isRemembered: true } as const;
    const failed = (targets: readonly (typeof target | { target: string; why: string })[]): Outcome => ({
      kind: "failed",
      reason: { kind: "targets-failed", targets },
    });
    expect(reply(ask({}), [], failed([target])).edns?.extendedError).toMatchObject({ code: 13 });
    expect(reply(ask({}), [], failed([target, { target: "b", why: "REFUSED" }])).edns?.extendedError).toMatchObject({
      code: 22,
    });
  });
});
