import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { nameFromLabels } from "../name/domain-name.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import type { ResourceRecord, RRset } from "../record/rrset.ts";
import { decodeMessage } from "./decode.ts";
import type { EdnsOption } from "./edns.ts";
import { encodeReply, STREAM_LIMIT, udpLimit } from "./encode.ts";
import { readExtendedErrors } from "./extended-errors.ts";
import { decodeQuery, encodeQuery } from "./query.ts";
import type { ReplyEdns, ReplyParts } from "./reply-parts.ts";

const OPT: ReplyEdns = { udpSize: 1232, dnssecOk: false, options: [] };

function reply(parts: Partial<ReplyParts> = {}): ReplyParts {
  return {
    id: 0x1234,
    opcode: 0,
    rcode: 0,
    flags: { aa: false, rd: true, ra: true, ad: false, cd: false },
    question: { name: knownName("www.example."), type: 1, class: 1 },
    answers: [],
    authorities: [],
    glue: [],
    additionals: [],
    ...parts,
  };
}

function addresses(owner: string, count: number, ttl = 300): RRset {
  return {
    owner: knownName(owner),
    type: 1,
    ttl,
    rdatas: Array.from({ length: count }, (_, i) => Uint8Array.of(10, 0, i >> 8, i & 0xff)),
  };
}

function names(owner: string, type: number, ...targets: string[]): RRset {
  return { owner: knownName(owner), type, ttl: 300, rdatas: targets.map((target) => nameRdata(knownName(target))) };
}

const SOA: RRset = {
  owner: knownName("example."),
  type: 6,
  ttl: 10,
  rdatas: [
    makeSoa({
      mname: knownName("ns.example."),
      rname: knownName("host.example."),
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 5,
    }),
  ],
};

/** How many octets of header and question all these replies have. */
const BARE = 12 + 13 + 4;

/** Counts of the sections, with `TC` and `OPT`. */
function shape(octets: Uint8Array): string {
  const { answers, authorities, additionals, flags, edns } = decodeMessage(octets);
  return `${answers.length}/${authorities.length}/${additionals.length}${flags.tc ? " TC" : ""}${edns === undefined ? "" : " OPT"}`;
}

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex");
}

describe("encodeReply", () => {
  test("compresses against the question, keeps the case of zones, and puts OPT last", () => {
    const question = { name: knownName("wWw.eXample."), type: 1, class: 1 };
    const answers = [names("www.example.", 5, "Mail.Example."), addresses("mail.example.", 1, 60)];
    const octets = encodeReply(reply({ question, answers, edns: { ...OPT, dnssecOk: true } }), 512);
    expect(hexOf(octets)).toBe(
      [
        "1234 8180 0001 0002 0000 0001",
        "03775777 076558616d706c65 00 0001 0001",
        "c00c 0005 0001 0000012c 0007 044d61696c c010",
        "c029 0001 0001 0000003c 0004 0a000000",
        "00 0029 04d0 00008000 0000",
      ]
        .join("")
        .replaceAll(" ", ""),
    );
  });

  test("records take the class of the question", () => {
    const question = { name: knownName("version.bind."), type: 16, class: 3 };
    const answers: RRset[] = [{ owner: question.name, type: 16, ttl: 0, rdatas: [Uint8Array.of(1, 0x61)] }];
    expect(decodeMessage(encodeReply(reply({ question, answers }), 512)).answers[0]?.class).toBe(3);
  });

  test("rdata of a class that is not the internet's is written as it was kept, whatever its type has for a form", () => {
    const question = { name: knownName("version.bind."), type: 3, class: 3 };
    const answers: RRset[] = [{ owner: question.name, type: 3, ttl: 0, rdatas: [Uint8Array.of(2)] }];
    const { answers: read } = decodeMessage(encodeReply(reply({ question, answers }), 512));
    expect(read.map(({ type, rdata }) => [type, [...rdata]])).toEqual([[3, [2]]]);
  });

  test("a reply to what had no readable question has none", () => {
    const { question: _, ...parts } = reply({ rcode: 1 });
    expect(hexOf(encodeReply(parts, 512))).toBe("123481810000000000000000");
  });

  test("flags, opcode and a rcode of 12 bits are where readers look", () => {
    const flags = { aa: true, rd: false, ra: false, ad: true, cd: true };
    const message = decodeMessage(encodeReply(reply({ opcode: 4, rcode: 23, flags, edns: OPT }), 512));
    expect(message).toMatchObject({ opcode: 4, rcode: 23, flags: { ...flags, qr: true, tc: false } });
  });

  test("a rcode that needs OPT is never sent without, as another one", () => {
    expect(() => encodeReply(reply({ rcode: 16 }), 512)).toThrow(RangeError);
  });

  test("TSIG comes after OPT, and goes when it does not fit", () => {
    const tsig: ResourceRecord = {
      owner: knownName("key."),
      type: 250,
      class: 255,
      ttl: 0,
      rdata: new Uint8Array(400),
    };
    const whole = decodeMessage(encodeReply(reply({ edns: OPT, tsig }), 512));
    expect(whole.additionals.map(({ type, class: c }) => [type, c])).toEqual([[250, 255]]);
    expect(hexOf(encodeReply(reply({ edns: OPT, tsig }), 512)).slice(BARE * 2, BARE * 2 + 6)).toBe("000029");
    expect(shape(encodeReply(reply({ edns: OPT, tsig: { ...tsig, rdata: new Uint8Array(500) } }), 512))).toBe(
      "0/0/0 OPT",
    );
  });
});

test("replies share no octets and no names, whatever came before", () => {
  const first = encodeReply(reply({ answers: [addresses("a.example", 3)] }), 1232);
  const kept = first.slice();
  expect(() => encodeReply(reply({ rcode: 16, answers: [addresses("b.example", 9)] }), 1232)).toThrow(RangeError);
  encodeReply(reply({ answers: [addresses("a.very.long.name.that.is.elsewhere.example", 30)] }), STREAM_LIMIT);
  expect(first).toEqual(kept);
  expect(encodeReply(reply({ answers: [addresses("a.example", 3)] }), 1232)).toEqual(kept);
});

describe("a reply that does not fit", () => {
  const two = [addresses("www.example.", 10), addresses("ww.example.", 10)];
  test.each([
    {
      what: "everything, to the octet",
      parts: { answers: [addresses("www.example.", 30)] },
      limit: BARE + 30 * 16,
      left: "30/0/0",
    },
    {
      what: "an answer one octet too long",
      parts: { answers: [addresses("www.example.", 30)] },
      limit: BARE + 30 * 16 - 1,
      left: "0/0/0 TC",
    },
    {
      what: "two sets, of which the second does not fit",
      parts: { answers: two },
      limit: BARE + 320,
      left: "10/0/0 TC",
    },
    {
      what: "a small set behind one that does not fit: there are no holes",
      parts: { answers: [addresses("www.example.", 40), addresses("a.example.", 1)] },
      limit: 512,
      left: "0/0/0 TC",
    },
    {
      what: "additional records: nobody misses them",
      parts: { answers: [addresses("www.example.", 20)], additionals: [addresses("ns.example.", 20)] },
      limit: 512,
      left: "20/0/0",
    },
    {
      what: "the second of two additional sets",
      parts: { additionals: [addresses("a.example.", 2), addresses("b.example.", 40)] },
      limit: 512,
      left: "0/0/2",
    },
    {
      what: "a denial's SOA behind its aliases",
      parts: { rcode: 3, answers: [addresses("www.example.", 29)], authorities: [SOA] },
      limit: 512,
      left: "29/0/0 TC",
    },
    {
      what: "a referral's glue (RFC 9471)",
      parts: {
        authorities: [names("example.", 2, "a.example.", "b.example.")],
        glue: [addresses("a.example.", 10), addresses("b.example.", 30)],
      },
      limit: 512,
      left: "0/2/10 TC",
    },
    {
      what: "OPT keeps its place",
      parts: { answers: [addresses("www.example.", 30)], edns: OPT },
      limit: BARE + 30 * 16 + 10,
      left: "0/0/0 TC OPT",
    },
    {
      what: "OPT fits too",
      parts: { answers: [addresses("www.example.", 30)], edns: OPT },
      limit: BARE + 30 * 16 + 11,
      left: "30/0/0 OPT",
    },
  ])("$what → $left", ({ parts, limit, left }) => {
    const octets = encodeReply(reply(parts), limit);
    expect(shape(octets)).toBe(left);
    expect(octets.length).toBeLessThanOrEqual(limit);
  });

  test.each([
    { room: 30, text: "why" },
    { room: 11 + 6 + 3, text: "why" },
    { room: 11 + 6 + 2, text: "" },
    { room: 11 + 6, text: "" },
    { room: 11 + 5, text: undefined },
    { room: 11, text: undefined },
  ])("of an extended error $text is left in $room octets, without TC", ({ room, text }) => {
    const parts = reply({
      answers: [addresses("www.example.", 30)],
      edns: { ...OPT, extendedError: { code: 22, text: "why" } },
    });
    const { edns, flags, answers } = decodeMessage(encodeReply(parts, BARE + 30 * 16 + room));
    expect([answers.length, flags.tc]).toEqual([30, false]);
    expect(edns === undefined ? edns : readExtendedErrors(edns)).toEqual(
      text === undefined ? [] : [{ code: 22, text }],
    );
  });

  test("options have their room before records have, an extended error what is left", () => {
    const option: EdnsOption = { code: 65001, octets: new Uint8Array(50) };
    const edns: ReplyEdns = { ...OPT, options: [option], extendedError: { code: 0, text: "a comment" } };
    const message = decodeMessage(
      encodeReply(reply({ answers: [addresses("www.example.", 30)], edns }), BARE + 30 * 16 + 20),
    );
    expect([message.answers.length, message.flags.tc]).toEqual([0, true]);
    expect(message.edns?.options.map(({ code }) => code)).toEqual([65001, 15]);
  });

  test("over a stream it is SERVFAIL with the reason, not TC", () => {
    const answers = [addresses("www.example.", 4095), addresses("ww.example.", 2)];
    const fits = [addresses("www.example.", 4092)];
    expect(shape(encodeReply(reply({ answers: fits, edns: OPT }), STREAM_LIMIT))).toBe("4092/0/0 OPT");
    const octets = encodeReply(reply({ answers, edns: OPT }), STREAM_LIMIT);
    const { rcode, flags, edns } = decodeMessage(octets);
    expect([rcode, flags.tc, shape(octets)]).toEqual([2, false, "0/0/0 OPT"]);
    expect(edns === undefined ? [] : readExtendedErrors(edns)).toEqual([
      { code: 0, text: "the answer is over 65535 octets" },
    ]);
    expect(shape(encodeReply(reply({ answers }), STREAM_LIMIT))).toBe("0/0/0");
  });

  test("over a stream additional records go without a word, too", () => {
    const parts = reply({ answers: [addresses("www.example.", 4000)], additionals: [addresses("a.example.", 100)] });
    expect(shape(encodeReply(parts, STREAM_LIMIT))).toBe("4000/0/0");
  });

  test("a set of a million records costs no more than the room it does not get", () => {
    const rdata = Uint8Array.of(10, 0, 0, 1);
    const huge: RRset = {
      owner: knownName("www.example."),
      type: 1,
      ttl: 1,
      rdatas: Array.from({ length: 1_000_000 }, () => rdata),
    };
    const start = performance.now();
    expect(shape(encodeReply(reply({ answers: [huge] }), 1232))).toBe("0/0/0 TC");
    expect(performance.now() - start).toBeLessThan(50);
  });
});

test.each([
  { client: undefined, max: 1232, limit: 512 },
  { client: 0, max: 1232, limit: 512 },
  { client: 511, max: 1232, limit: 512 },
  { client: 1000, max: 1232, limit: 1000 },
  { client: 4096, max: 1232, limit: 1232 },
  { client: 65535, max: 4096, limit: 4096 },
])("a client of $client octets gets at most $limit from a server of $max", ({ client, max, limit }) => {
  expect(udpLimit(client === undefined ? undefined : { ...OPT, version: 0, udpSize: client }, max)).toBe(limit);
});

describe("laws of replies", () => {
  // Few labels, so that names share endings.
  const name = fc.oneof(
    fc
      .array(fc.constantFrom("a", "B", "www", "example", "x".repeat(40)), { maxLength: 4 })
      .map((labels) => nameFromLabels(labels)),
    anyName,
  );
  const rdataOf: ReadonlyMap<number, fc.Arbitrary<Uint8Array>> = new Map([
    [1, fc.uint8Array({ minLength: 4, maxLength: 4 })],
    [28, fc.uint8Array({ minLength: 16, maxLength: 16 })],
    [2, name.map((target) => nameRdata(target))],
    [5, name.map((target) => nameRdata(target))],
    [39, name.map((target) => nameRdata(target))],
    [15, name.map((target) => Uint8Array.of(0, 10, ...nameRdata(target)))],
    [33, name.map((target) => Uint8Array.of(0, 1, 0, 2, 0, 3, ...nameRdata(target)))],
    [
      6,
      fc
        .tuple(name, name)
        .map(([mname, rname]) =>
          makeSoa({ mname, rname, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 0xffffffff }),
        ),
    ],
    [16, fc.uint8Array({ maxLength: 255 }).map((text) => Uint8Array.of(text.length, ...text))],
    [65280, fc.uint8Array({ maxLength: 300 })],
  ]);
  const rrset: fc.Arbitrary<RRset> = fc.constantFrom(...rdataOf.entries()).chain(([type, rdata]) =>
    fc.record({
      owner: name,
      type: fc.constant(type),
      ttl: fc.nat(0x7fffffff),
      rdatas: fc.array(rdata, { minLength: 1, maxLength: 6 }),
    }),
  );
  const rrsets = fc.array(rrset, { maxLength: 4 });
  const option: fc.Arbitrary<EdnsOption> = fc.record({
    code: fc.integer({ min: 100, max: 0xffff }),
    octets: fc.uint8Array({ maxLength: 200 }),
  });
  const edns: fc.Arbitrary<ReplyEdns> = fc.record(
    {
      udpSize: fc.nat(0xffff),
      dnssecOk: fc.boolean(),
      options: fc.array(option, { maxLength: 3 }),
      extendedError: fc.record({ code: fc.nat(24), text: fc.string({ maxLength: 150 }) }),
    },
    { requiredKeys: ["udpSize", "dnssecOk", "options"] },
  );
  const flags = fc.record({ aa: fc.boolean(), rd: fc.boolean(), ra: fc.boolean(), ad: fc.boolean(), cd: fc.boolean() });
  const parts: fc.Arbitrary<ReplyParts> = fc
    .record(
      {
        id: fc.nat(0xffff),
        opcode: fc.nat(15),
        rcode: fc.nat(4095),
        flags,
        question: fc.record({ name, type: fc.nat(0xffff), class: fc.constant(1) }),
        answers: rrsets,
        authorities: rrsets,
        glue: rrsets,
        additionals: rrsets,
        edns,
      },
      { requiredKeys: ["id", "opcode", "rcode", "flags", "answers", "authorities", "glue", "additionals"] },
    )
    .map((made) => (made.edns === undefined ? { ...made, rcode: made.rcode & 0xf } : made));

  const recordsOf = (sets: readonly RRset[]): ResourceRecord[] =>
    sets.flatMap(({ owner, type, ttl, rdatas }) => rdatas.map((rdata) => ({ owner, type, class: 1, ttl, rdata })));
  /** Names come back in the case of the first that was written. */
  const folded = (records: readonly ResourceRecord[]): unknown[] =>
    records.map(({ owner, type, ttl, rdata }) => [
      owner.key,
      type,
      ttl,
      Buffer.from(rdata).toString("latin1").toLowerCase(),
    ]);

  test("any reply with room for it is read as it was written", () => {
    fc.assert(
      fc.property(parts, (made) => {
        const message = decodeMessage(encodeReply(made, STREAM_LIMIT));
        const { id, opcode, rcode, question } = made;
        expect(message).toMatchObject({ id, opcode, rcode, flags: { ...made.flags, qr: true, tc: false } });
        expect(message.questions).toEqual(question === undefined ? [] : [question]);
        expect(folded(message.answers)).toEqual(folded(recordsOf(made.answers)));
        expect(folded(message.authorities)).toEqual(folded(recordsOf(made.authorities)));
        expect(folded(message.additionals)).toEqual(folded(recordsOf([...made.glue, ...made.additionals])));
        expect(message.edns?.options.slice(0, made.edns?.options.length)).toEqual(made.edns?.options);
      }),
    );
  });

  test("no reply is over its limit; what is there are the first sets, whole; TC tells exactly that a needed one is not", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 1200, max: 3000 }), (made, limit) => {
        const octets = encodeReply(made, limit);
        expect(octets.length).toBeLessThanOrEqual(limit);
        const message = decodeMessage(octets);
        expect(message.edns === undefined).toBe(made.edns === undefined);
        const read = [...message.answers, ...message.authorities, ...message.additionals];
        const needed = [...made.answers, ...made.authorities, ...made.glue];
        const all = [...needed, ...made.additionals];
        expect(folded(read)).toEqual(folded(recordsOf(all).slice(0, read.length)));
        const ends = all.map((_, i) => recordsOf(all.slice(0, i + 1)).length);
        expect([0, ...ends]).toContain(read.length);
        expect(message.flags.tc).toBe(read.length < recordsOf(needed).length);
      }),
    );
  });

  test("the question is echoed octet for octet", () => {
    fc.assert(
      fc.property(anyName, fc.nat(0xffff), fc.nat(0xffff), (asked, type, questionClass) => {
        const octets = encodeQuery({ id: 1, name: asked, type, class: questionClass, rd: true });
        const decoded = decodeQuery(octets);
        const question = decoded.kind === "query" ? decoded.query.question : undefined;
        if (question === undefined) throw new Error(`no question in ${formatName(asked)}`);
        const { start, end } = question;
        const echoed = encodeReply(reply({ question, answers: [] }), 512);
        expect(hexOf(echoed.subarray(start, end))).toBe(hexOf(octets.subarray(start, end)));
      }),
    );
  });
});
