import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMessage } from "../message/decode.ts";
import type { Edns } from "../message/edns.ts";
import { encodeReply } from "../message/encode.ts";
import { decodeQuery, encodeQuery, type Query } from "../message/query.ts";
import { rcodeName } from "../message/rcodes.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import type { Outcome, Resolution, Step } from "../resolve/resolution.ts";
import type { ReplyOptions } from "./reply-options.ts";
import { replyTo } from "./reply-to.ts";

const UDP: ReplyOptions = { transport: "udp" };
const EDNS: Edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [] };

function queryFor(hex: string): Query {
  const decoded = decodeQuery(Uint8Array.from(Buffer.from(hex, "hex")));
  if (decoded.kind !== "query") throw new Error(decoded.kind);
  return decoded.query;
}

function ask(
  name: string,
  type: number,
  edns: Edns | undefined = EDNS,
  bits: { rd?: boolean; cd?: boolean; ad?: boolean } = {},
): Query {
  const octets = encodeQuery({
    id: 7,
    name: knownName(name),
    type,
    rd: true,
    ...bits,
    ...(edns === undefined ? {} : { edns }),
  });
  return queryFor(Buffer.from(octets).toString("hex"));
}

function resolution(outcome: Outcome, aliases: readonly RRset[] = [], trace: readonly Step[] = []): Resolution {
  return { question: { name: knownName("www.example."), type: 1 }, aliases, outcome, trace };
}

function alias(owner: string, target: string): RRset {
  return { owner: knownName(owner), type: 5, ttl: 2881, rdatas: [nameRdata(knownName(target))] };
}

function address(owner: string, ttl = 10): RRset {
  return { owner: knownName(owner), type: 1, ttl, rdatas: [Uint8Array.of(10, 0, 0, 7)] };
}

function soa(ttl: number, minimum: number): RRset {
  const [mname, rname] = [knownName("ns.example."), knownName("host.example.")];
  return {
    owner: knownName("example."),
    type: 6,
    ttl,
    rdatas: [makeSoa({ mname, rname, serial: 1, refresh: 2, retry: 3, expire: 4, minimum })],
  };
}

/** `RCODE | answers | authorities | EDE`, records as `owner ttl type rdata`. */
function told({ rcode, answers, authorities, glue, additionals, edns }: ReplyParts): string {
  const records = (sets: readonly RRset[]): string =>
    sets
      .flatMap(({ owner, ttl, type, rdatas }) =>
        rdatas.map((rdata) => `${formatName(owner)} ${ttl} ${typeName(type)} ${formatRdata(type, rdata)}`),
      )
      .join(", ");
  expect([...glue, ...additionals]).toEqual([]);
  const error = edns?.extendedError;
  return [
    rcodeName(rcode),
    records(answers),
    records(authorities),
    error === undefined ? "" : `${error.code} ${error.text}`,
  ].join(" | ");
}

describe("replyTo says", () => {
  const chain = [alias("www.example.", "a.example.")];
  const offline: Step = { kind: "offline", name: knownName("a.example.") };
  test.each<{ what: string; outcome: Outcome; aliases?: readonly RRset[]; trace?: readonly Step[]; says: string }>([
    {
      what: "an answer behind an alias: both in order, no authority",
      outcome: { kind: "answer", rrsets: [address("a.example.")] },
      aliases: chain,
      says: "NOERROR | www.example. 2881 CNAME a.example., a.example. 10 A 10.0.0.7 |  | ",
    },
    {
      what: "NODATA: one SOA, no longer than its minimum",
      outcome: { kind: "nodata", soa: soa(3600, 10) },
      says: "NOERROR |  | example. 10 SOA ns.example. host.example. 1 2 3 4 10 | ",
    },
    {
      what: "NODATA where the SOA's own TTL is the lower",
      outcome: { kind: "nodata", soa: soa(5, 10) },
      says: "NOERROR |  | example. 5 SOA ns.example. host.example. 1 2 3 4 10 | ",
    },
    {
      what: "NXDOMAIN of the last name: the aliases stay",
      outcome: { kind: "nxdomain", soa: soa(10, 10) },
      aliases: chain,
      says: "NXDOMAIN | www.example. 2881 CNAME a.example. | example. 10 SOA ns.example. host.example. 1 2 3 4 10 | ",
    },
    {
      what: "a denial that came without SOA: nothing is made up",
      outcome: { kind: "nodata" },
      says: "NOERROR |  |  | ",
    },
    {
      what: "NXDOMAIN offline: why",
      outcome: { kind: "nxdomain", soa: soa(10, 10) },
      trace: [offline],
      says: "NXDOMAIN |  | example. 10 SOA ns.example. host.example. 1 2 3 4 10 | 0 no public data for a.example: offline",
    },
    {
      what: "NODATA offline: nothing is wrong",
      outcome: { kind: "nodata", soa: soa(10, 10) },
      trace: [offline],
      says: "NOERROR |  | example. 10 SOA ns.example. host.example. 1 2 3 4 10 | ",
    },
    {
      what: "YXDOMAIN: the DNAME that is to blame",
      outcome: { kind: "yxdomain" },
      aliases: chain,
      says: "YXDOMAIN | www.example. 2881 CNAME a.example. |  | ",
    },
    {
      what: "SERVFAIL: no section, also behind aliases",
      outcome: { kind: "failed", reason: { kind: "alias-limit", limit: 16 } },
      aliases: chain,
      says: "SERVFAIL |  |  | 0 more than 16 aliases in a row",
    },
    {
      what: "REFUSED: no section",
      outcome: { kind: "refused", reason: { kind: "recursion-not-desired" } },
      aliases: chain,
      says: "REFUSED |  |  | 20 a real server would have to be asked, and the query does not desire recursion",
    },
    {
      what: "NOTIMP: no section",
      outcome: { kind: "not-implemented" },
      aliases: chain,
      says: "NOTIMP |  |  | 21 ANY is never forwarded",
    },
    {
      what: "SERVFAIL where nobody would reply",
      outcome: { kind: "no-reply", reason: { kind: "no-resolver-there", target: "10.0.0.40" } },
      says: "SERVFAIL |  |  | 22 no resolver of the model stands at 10.0.0.40",
    },
    {
      what: "SERVFAIL where nobody may be asked",
      outcome: { kind: "upstream", targets: ["1.1.1.1", "9.9.9.9"] },
      says: "SERVFAIL |  |  | 22 not asked: 1.1.1.1, 9.9.9.9",
    },
  ])("$what", ({ outcome, aliases = [], trace = [], says }) => {
    expect(told(replyTo(ask("www.example.", 1), resolution(outcome, aliases, trace), UDP))).toBe(says);
  });

  test("an SOA that was asked for keeps its own TTL", () => {
    const reply = replyTo(ask("example.", 6), resolution({ kind: "answer", rrsets: [soa(3600, 10)] }), UDP);
    expect(reply.answers[0]?.ttl).toBe(3600);
  });

  test.each([
    { what: "over UDP the first set", transport: "udp", types: [1, 16], gives: [1] },
    { what: "over TCP all sets", transport: "tcp", types: [1, 16], gives: [1, 16] },
    { what: "an alias alone, over TCP too", transport: "tcp", types: [5, 46], gives: [5] },
  ] as const)("ANY gets $what", ({ transport, types, gives }) => {
    const rrsets = types.map((type): RRset => ({ ...address("www.example."), type }));
    const reply = replyTo(ask("www.example.", 255), resolution({ kind: "answer", rrsets }), { transport });
    expect(reply.answers.map(({ type }) => type)).toEqual(gives);
  });

  test("no TTL is over the cap, in no section, and lower ones stay", () => {
    const options: ReplyOptions = { ...UDP, maxTtl: 60 };
    const answer = replyTo(
      ask("www.example.", 1),
      resolution({ kind: "answer", rrsets: [address("a.example.", 10)] }, [alias("www.example.", "a.example.")]),
      options,
    );
    expect(answer.answers.map(({ ttl }) => ttl)).toEqual([60, 10]);
    const denial = replyTo(
      ask("www.example.", 1),
      resolution({ kind: "nodata", soa: soa(900, 300) }, [alias("www.example.", "a.example.")]),
      options,
    );
    expect([...denial.answers, ...denial.authorities].map(({ ttl }) => ttl)).toEqual([60, 60]);
  });
});

describe("replyTo copies from the query", () => {
  test.each([
    { rd: true, cd: false, ad: true },
    { rd: false, cd: true, ad: false },
  ])("RD $rd and CD $cd, but never AD ($ad), and is no authority", ({ rd, cd, ad }) => {
    const reply = replyTo(ask("www.example.", 1, EDNS, { rd, cd, ad }), resolution({ kind: "nodata" }), UDP);
    expect(reply.flags).toEqual({ aa: false, rd, ra: true, ad: false, cd });
    expect([reply.id, reply.opcode, reply.question?.type]).toEqual([7, 0, 1]);
  });

  test("OPT exactly when there was one, with its DO and our size", () => {
    expect(
      replyTo(queryFor("000701000001000000000000037777770000010001"), resolution({ kind: "nodata" }), UDP).edns,
    ).toBeUndefined();
    const reply = replyTo(
      ask("www.example.", 1, { ...EDNS, udpSize: 4096, dnssecOk: true }),
      resolution({ kind: "nodata" }),
      { ...UDP, udpSize: 1400 },
    );
    expect(reply.edns).toEqual({ udpSize: 1400, dnssecOk: true, options: [] });
  });

  test("no extended error without OPT", () => {
    const reply = replyTo(
      queryFor("000701000001000000000000037777770000010001"),
      resolution({ kind: "not-implemented" }),
      UDP,
    );
    expect(told(reply)).toBe("NOTIMP |  |  | ");
  });

  test("the client subnet with the scope that the answer has, and only where it was honoured", () => {
    const subnet = { code: 8, octets: Uint8Array.of(0, 1, 16, 0, 10, 1) };
    const query = ask("www.example.", 1, { ...EDNS, options: [subnet, { code: 10, octets: new Uint8Array(8) }] });
    const options = (subnetScope?: number): unknown =>
      replyTo(query, resolution({ kind: "nodata" }), subnetScope === undefined ? UDP : { ...UDP, subnetScope }).edns
        ?.options;
    expect(options(16)).toEqual([{ code: 8, octets: Uint8Array.of(0, 1, 16, 16, 10, 1) }]);
    expect(options(0)).toEqual([subnet]);
    expect(options()).toEqual([]);
  });
});

describe("replyTo tells why", () => {
  const failed = resolution({ kind: "not-implemented" });
  test.each([
    { extendedErrors: "full", error: { code: 21, text: "ANY is never forwarded" } },
    { extendedErrors: "code", error: { code: 21, text: "" } },
    { extendedErrors: "off", error: undefined },
  ] as const)("$extendedErrors: $error", ({ extendedErrors, error }) => {
    expect(replyTo(ask("www.example.", 1), failed, { ...UDP, extendedErrors }).edns?.extendedError).toEqual(error);
  });

  const warning = "network spoke has no link to the zone";
  test.each<{ what: string; outcome: Outcome; error: unknown }>([
    {
      what: "an answer",
      outcome: { kind: "answer", rrsets: [address("www.example.")] },
      error: { code: 0, text: warning },
    },
    { what: "a denial", outcome: { kind: "nxdomain" }, error: { code: 0, text: warning } },
    {
      what: "a failure, which has its own reason",
      outcome: { kind: "not-implemented" },
      error: { code: 21, text: "ANY is never forwarded" },
    },
  ])("a warning goes with $what", ({ outcome, error }) => {
    expect(replyTo(ask("www.example.", 1), resolution(outcome), { ...UDP, warning }).edns?.extendedError).toEqual(
      error,
    );
  });
});

test("any outcome makes a reply that can be sent and read, with its rcode", () => {
  const rrset = fc.constantFrom(address("a.example."), alias("www.example.", "a.example."), soa(3600, 10));
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.array(rrset, { minLength: 1, maxLength: 40 }).map((rrsets): Outcome => ({ kind: "answer", rrsets })),
    fc.constantFrom<Outcome>(
      { kind: "nodata", soa: soa(3600, 10) },
      { kind: "nxdomain", soa: soa(3600, 10) },
      { kind: "yxdomain" },
      { kind: "not-implemented" },
      { kind: "refused", reason: { kind: "ambiguous-client", networks: ["a", "b"] } },
      { kind: "no-reply", reason: { kind: "unreachable", target: "10.0.0.4", from: "spoke", to: "hub" } },
      { kind: "failed", reason: { kind: "resolver-loop", path: Array.from({ length: 30 }, () => "hub-forwarder") } },
    ),
  );
  fc.assert(
    fc.property(
      outcome,
      fc.array(rrset, { maxLength: 20 }),
      fc.constantFrom(1, 5, 255),
      fc.nat(5000),
      (ending, aliases, type, maxTtl) => {
        const parts = replyTo(ask("www.example.", type), resolution(ending, aliases), { ...UDP, maxTtl });
        const octets = encodeReply(parts, 512);
        const message = decodeMessage(octets);
        expect(octets.length).toBeLessThanOrEqual(512);
        expect(message.rcode).toBe(parts.rcode);
        const records = [...message.answers, ...message.authorities];
        for (const { ttl } of records) expect(ttl).toBeLessThanOrEqual(maxTtl);
        if (![0, 3, 6].includes(parts.rcode)) expect(records).toEqual([]);
      },
    ),
  );
});
