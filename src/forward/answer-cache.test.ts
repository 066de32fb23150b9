import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { UpstreamQuestion } from "../resolve/upstream.ts";
import { AnswerCache } from "./answer-cache.ts";
import { CACHE_RULES, type CacheRules } from "./cache-rules.ts";
import type { GoodReply } from "./reply-age.ts";

const SERVERS = "192.0.2.53:53";

function question(name: string, more: Partial<UpstreamQuestion["terms"]> = {}, asker = "fwd"): UpstreamQuestion {
  const terms = { dnssecOk: false, checkingDisabled: false, ...more };
  return {
    asker,
    servers: { targets: [], order: "listed" },
    alternatives: 0,
    terms,
    question: { name: knownName(name), type: RecordTypes.A },
  };
}

function address(name: string, ttl: number): RRset {
  return { owner: knownName(name), type: RecordTypes.A, ttl, rdatas: [Uint8Array.of(192, 0, 2, 1)] };
}

function alias(name: string, target: string, ttl: number): RRset {
  return { owner: knownName(name), type: RecordTypes.CNAME, ttl, rdatas: [nameRdata(knownName(target))] };
}

function soa(ttl: number, minimum: number): RRset {
  const [mname, rname] = [knownName("ns.example"), knownName("h.example")];
  const rdata = makeSoa({ mname, rname, serial: 1, refresh: 2, retry: 3, expire: 4, minimum });
  return { owner: knownName("example"), type: RecordTypes.SOA, ttl, rdatas: [rdata] };
}

const answer = (...rrsets: RRset[]): GoodReply => ({ kind: "reply", aliases: [], outcome: { kind: "answer", rrsets } });
const nxdomain = (denial?: RRset): GoodReply => ({
  kind: "reply",
  aliases: [],
  outcome: { kind: "nxdomain", ...(denial === undefined ? {} : { soa: denial }) },
});

/** Keeps a reply at 0 and says what is found of it later: the TTLs, or that there is nothing. */
function later(reply: GoodReply, seconds: number, rules: Partial<CacheRules> = {}): string {
  const cache = new AnswerCache(1_000_000);
  const wanted = question("www.example");
  const key = cache.keyOf(wanted.asker, SERVERS, wanted);
  cache.keep(key, wanted, SERVERS, reply, { ...CACHE_RULES, ...rules }, 0);
  const found = cache.find(key, seconds * 1000);
  if (found.kind === "none") return "nothing";
  const { aliases, outcome } = found.reply;
  const soas = "soa" in outcome && outcome.soa !== undefined ? [outcome.soa] : [];
  const sets = [...aliases, ...(outcome.kind === "answer" ? outcome.rrsets : []), ...soas];
  const ending = found.kind === "fresh" && found.isEnding ? " ending" : "";
  return `${found.kind} ${sets.map(({ ttl }) => ttl).join(" ")}${ending}`;
}

describe("an answer of a real server", () => {
  const chain: GoodReply = { ...answer(address("b.example", 60)), aliases: [alias("www.example", "b.example", 20)] };
  test.each<{ what: string; reply: GoodReply; after: number; rules?: Partial<CacheRules>; is: string }>([
    { what: "counts down", reply: answer(address("www.example", 60)), after: 0, is: "fresh 60" },
    { what: "counts down", reply: answer(address("www.example", 60)), after: 12.9, is: "fresh 48" },
    { what: "is near its end", reply: answer(address("www.example", 60)), after: 54, is: "fresh 6 ending" },
    { what: "ends", reply: answer(address("www.example", 60)), after: 60, is: "nothing" },
    { what: "lives no longer than its shortest set", reply: chain, after: 19, is: "fresh 1 41 ending" },
    { what: "lives no longer than its shortest set", reply: chain, after: 20, is: "nothing" },
    { what: "with TTL 0 is for who asked alone", reply: answer(address("www.example", 0)), after: 0, is: "nothing" },
    {
      what: "is capped",
      reply: answer(address("www.example", 9000)),
      after: 10,
      rules: { maxTtl: 100 },
      is: "fresh 90",
    },
    {
      what: "is capped",
      reply: answer(address("www.example", 9000)),
      after: 100,
      rules: { maxTtl: 100 },
      is: "nothing",
    },
    { what: "that denies lives as its SOA says", reply: nxdomain(soa(60, 30)), after: 10, is: "fresh 20" },
    { what: "that denies lives as its SOA says", reply: nxdomain(soa(20, 30)), after: 20, is: "nothing" },
    { what: "that denies has a cap of its own", reply: nxdomain(soa(9000, 9000)), after: 3599, is: "fresh 1 ending" },
    { what: "that denies without SOA is not kept", reply: nxdomain(), after: 0, is: "nothing" },
    { what: "is not kept where none are", reply: chain, after: 0, rules: { keep: false }, is: "nothing" },
    { what: "past its time is stale", reply: chain, after: 25, rules: { stale: 10 }, is: "stale 20 30" },
    { what: "is not stale for ever", reply: chain, after: 30, rules: { stale: 10 }, is: "nothing" },
  ])("$what: after $after s it is $is", ({ reply, after, rules, is }) => {
    expect(later(reply, after, rules)).toBe(is);
  });

  test("is said to be stale when it is", () => {
    const cache = new AnswerCache(1_000_000);
    const wanted = question("www.example");
    const key = cache.keyOf("fwd", SERVERS, wanted);
    cache.keep(key, wanted, SERVERS, answer(address("www.example", 5)), { ...CACHE_RULES, stale: 60 }, 0);
    expect(cache.find(key, 6000)).toMatchObject({ kind: "stale", reply: { marks: { isStale: true } } });
  });

  test.each([
    { prefetch: false, until: 5300 },
    { prefetch: true, until: 4800 },
  ])(
    "says how long it goes on, so that a ready reply can be made of it (prefetch: $prefetch)",
    ({ prefetch, until }) => {
      const cache = new AnswerCache(1_000_000);
      const wanted = question("www.example");
      const key = cache.keyOf("fwd", SERVERS, wanted);
      cache.keep(key, wanted, SERVERS, answer(address("www.example", 5)), { ...CACHE_RULES, prefetch }, 300);
      expect(cache.find(key, 2500)).toMatchObject({ reply: { marks: { remembered: { since: 300, until } } } });
    },
  );
});

describe("an answer is only for", () => {
  const cache = new AnswerCache(1_000_000);
  const wanted = question("www.example");
  cache.keep(cache.keyOf("fwd", SERVERS, wanted), wanted, SERVERS, answer(address("www.example", 60)), CACHE_RULES, 0);
  test.each([
    { what: "who asked", asker: "fwd", servers: SERVERS, asked: question("www.example"), is: "fresh" },
    {
      what: "who asked, in other letters",
      asker: "fwd",
      servers: SERVERS,
      asked: question("WWW.example"),
      is: "fresh",
    },
    { what: "nobody else", asker: "other", servers: SERVERS, asked: question("www.example"), is: "none" },
    { what: "those servers", asker: "fwd", servers: "192.0.2.54:53", asked: question("www.example"), is: "none" },
    { what: "that name", asker: "fwd", servers: SERVERS, asked: question("ww.example"), is: "none" },
    {
      what: "queries without DO",
      asker: "fwd",
      servers: SERVERS,
      asked: question("www.example", { dnssecOk: true }),
      is: "none",
    },
    {
      what: "queries without CD",
      asker: "fwd",
      servers: SERVERS,
      asked: question("www.example", { checkingDisabled: true }),
      is: "none",
    },
  ])("$what: $is", ({ asker, servers, asked, is }) => {
    expect(cache.find(cache.keyOf(asker, servers, asked), 1000).kind).toBe(is);
  });
});

describe("a name that does not exist", () => {
  const [HTTPS, AAAA, CNAME, DS] = [65, RecordTypes.AAAA, RecordTypes.CNAME, RecordTypes.DS];
  const denied = nxdomain(soa(60, 60));
  const nodata: GoodReply = { kind: "reply", aliases: [], outcome: { kind: "nodata", soa: soa(60, 60) } };
  const chain: GoodReply = { ...denied, aliases: [alias("www.example", "b.example", 60)] };
  const exists = answer(address("www.example", 60));
  const typed = (type: number, name = "www.example", more = {}): UpstreamQuestion => {
    const wanted = question(name, more);
    return { ...wanted, question: { ...wanted.question, type } };
  };
  const A = RecordTypes.A;
  test.each<{ what: string; kept: readonly (readonly [number, GoodReply])[]; asked: UpstreamQuestion; is: string }>([
    { what: "has no other type", kept: [[A, denied]], asked: typed(HTTPS), is: "nxdomain" },
    { what: "has no other address", kept: [[AAAA, denied]], asked: typed(A), is: "nxdomain" },
    { what: "has no alias", kept: [[A, denied]], asked: typed(CNAME), is: "nxdomain" },
    { what: "for HTTPS may be redirected for A", kept: [[HTTPS, denied]], asked: typed(A), is: "nothing" },
    { what: "for HTTPS is denied for HTTPS", kept: [[HTTPS, denied]], asked: typed(HTTPS), is: "nxdomain" },
    { what: "says nothing of the names below", kept: [[A, denied]], asked: typed(A, "a.www.example"), is: "nothing" },
    { what: "says nothing of others", kept: [[A, denied]], asked: typed(A, "ww.example"), is: "nothing" },
    {
      what: "says nothing with DO",
      kept: [[A, denied]],
      asked: typed(AAAA, "www.example", { dnssecOk: true }),
      is: "nothing",
    },
    { what: "without data of one type may have others", kept: [[AAAA, nodata]], asked: typed(A), is: "nothing" },
    { what: "behind an alias leaves the alias", kept: [[A, chain]], asked: typed(CNAME), is: "nothing" },
    { what: "behind an alias is denied for its type", kept: [[A, chain]], asked: typed(A), is: "nxdomain" },
    { what: "above may exist below", kept: [[DS, denied]], asked: typed(A), is: "nothing" },
    { what: "above is asked for itself", kept: [[A, denied]], asked: typed(DS), is: "nothing" },
    {
      what: "had data, which holds to its end",
      kept: [
        [A, exists],
        [AAAA, denied],
      ],
      asked: typed(A),
      is: "answer",
    },
    {
      what: "has no more types",
      kept: [
        [A, exists],
        [AAAA, denied],
      ],
      asked: typed(HTTPS),
      is: "nxdomain",
    },
    {
      what: "exists since",
      kept: [
        [AAAA, denied],
        [A, exists],
      ],
      asked: typed(AAAA),
      is: "nothing",
    },
    {
      what: "exists since",
      kept: [
        [AAAA, denied],
        [A, answer(address("www.example", 0))],
      ],
      asked: typed(A),
      is: "nothing",
    },
    {
      what: "is not there for what is denied alone",
      kept: [
        [A, denied],
        [HTTPS, denied],
      ],
      asked: typed(AAAA),
      is: "nxdomain",
    },
    {
      what: "is denied once",
      kept: [
        [AAAA, denied],
        [A, denied],
      ],
      asked: typed(HTTPS),
      is: "nxdomain",
    },
  ])("$what: $is", ({ kept, asked, is }) => {
    const cache = new AnswerCache(1_000_000);
    for (const [type, reply] of kept) {
      const wanted = typed(type);
      cache.keep(cache.keyOf("fwd", SERVERS, wanted), wanted, SERVERS, reply, CACHE_RULES, 0);
    }
    const found = cache.find(cache.keyOf("fwd", SERVERS, asked), 1000);
    expect(found.kind === "none" ? "nothing" : found.reply.outcome.kind).toBe(is);
  });

  test("is listed once, as of every type, and takes no room when it is over", () => {
    const cache = new AnswerCache(1_000_000);
    for (const type of [AAAA, A])
      cache.keep(cache.keyOf("fwd", SERVERS, typed(type)), typed(type), SERVERS, denied, CACHE_RULES, 0);
    expect([...cache.list(0)].map(({ type, outcome }) => [type, outcome])).toEqual([[RecordTypes.ANY, "nxdomain"]]);
    expect(cache.find(cache.keyOf("fwd", SERVERS, typed(HTTPS)), 60_000).kind).toBe("none");
    expect([cache.size, cache.octets]).toEqual([0, 0]);
  });

  test("is stale where nothing better is kept", () => {
    const cache = new AnswerCache(1_000_000);
    const rules = { ...CACHE_RULES, stale: 600 };
    const keep = (type: number, reply: GoodReply): void =>
      cache.keep(cache.keyOf("fwd", SERVERS, typed(type)), typed(type), SERVERS, reply, rules, 0);
    keep(A, answer(address("www.example", 90)));
    keep(AAAA, denied);
    const at = (type: number, ms: number): string => {
      const found = cache.find(cache.keyOf("fwd", SERVERS, typed(type)), ms);
      return found.kind === "none" ? "none" : `${found.kind} ${found.reply.outcome.kind}`;
    };
    expect([at(A, 70_000), at(HTTPS, 70_000)]).toEqual(["fresh answer", "stale nxdomain"]);
    expect([at(A, 100_000), at(HTTPS, 100_000)]).toEqual(["stale answer", "stale nxdomain"]);
  });
});

describe("room", () => {
  test("is bounded by octets, whatever comes, and what is counted is what is there", () => {
    const numbers = { name: fc.nat(40), ttl: fc.nat(20), records: fc.nat(30), at: fc.nat(30_000) };
    const keeping = fc.record({ ...numbers, isThere: fc.boolean() });
    fc.assert(
      fc.property(fc.array(keeping, { maxLength: 60 }), fc.integer({ min: 500, max: 20_000 }), (all, max) => {
        const cache = new AnswerCache(max);
        for (const { name, ttl, records, at, isThere } of all) {
          const wanted = question(`n${name}.example`);
          const rrset = {
            ...address(`n${name}.example`, ttl),
            rdatas: Array.from({ length: records + 1 }, () => new Uint8Array(4)),
          };
          const key = cache.keyOf("fwd", SERVERS, wanted);
          cache.find(key, at);
          cache.keep(key, wanted, SERVERS, isThere ? answer(rrset) : nxdomain(soa(ttl, ttl)), CACHE_RULES, at);
          expect(cache.octets).toBeLessThanOrEqual(max);
          expect([...cache.list(at)].reduce((sum, { octets }) => sum + octets, 0)).toBe(cache.octets);
        }
        cache.flush(knownName("."));
        expect([cache.octets, cache.size]).toEqual([0, 0]);
      }),
    );
  });

  test("that is made smaller is made at once, at the cost of what nobody asks for", () => {
    const cache = new AnswerCache(1_000_000);
    const keyOf = (i: number): string => cache.keyOf("fwd", SERVERS, question(`n${i}.example`));
    for (let i = 0; i < 100; i++)
      cache.keep(keyOf(i), question(`n${i}.example`), SERVERS, answer(address(`n${i}.example`, 60)), CACHE_RULES, 0);
    cache.find(keyOf(0), 0);
    cache.resize(20_000);
    expect([cache.octets <= 20_000, cache.size > 5, cache.maxOctets]).toEqual([true, true, 20_000]);
    expect([cache.find(keyOf(0), 0).kind, cache.find(keyOf(1), 0).kind]).toEqual(["fresh", "none"]);
  });

  test("is taken from what nobody asks for", () => {
    const cache = new AnswerCache(20_000);
    const keyOf = (i: number): string => cache.keyOf("fwd", SERVERS, question(`n${i}.example`));
    for (let i = 0; i < 500; i++) {
      cache.keep(keyOf(i), question(`n${i}.example`), SERVERS, answer(address(`n${i}.example`, 60)), CACHE_RULES, 0);
      expect(cache.find(keyOf(0), 0).kind).toBe("fresh");
    }
    expect(cache.find(keyOf(1), 0).kind).toBe("none");
  });
});

describe("flushing", () => {
  test.each([
    { name: "www.example", forgets: ["www.example"] },
    { name: "example", forgets: ["www.example", "a.b.example"] },
    { name: "b.example", forgets: ["a.b.example"] },
    { name: "target.test", forgets: ["alias.test"], because: "it is on the way" },
    { name: "ample", forgets: [] },
    { name: ".", forgets: ["www.example", "a.b.example", "alias.test"] },
  ])("$name forgets $forgets", ({ name, forgets }) => {
    const cache = new AnswerCache(1_000_000);
    const replies: readonly (readonly [string, GoodReply])[] = [
      ["www.example", answer(address("www.example", 60))],
      ["a.b.example", answer(address("a.b.example", 60))],
      ["alias.test", { ...answer(address("target.test", 60)), aliases: [alias("alias.test", "target.test", 60)] }],
    ];
    for (const [asked, reply] of replies)
      cache.keep(cache.keyOf("fwd", SERVERS, question(asked)), question(asked), SERVERS, reply, CACHE_RULES, 0);
    expect(cache.flush(knownName(name))).toBe(forgets.length);
    const left = replies.map(([asked]) => asked).filter((asked) => !forgets.includes(asked));
    expect([...cache.list(0)].map((line) => line.name.labels.join("."))).toEqual(left);
  });

  test("views that are gone takes their answers along, and no others", () => {
    const cache = new AnswerCache(1_000_000);
    for (const asker of ["a", "b"]) {
      const wanted = question("www.example", {}, asker);
      cache.keep(
        cache.keyOf(asker, SERVERS, wanted),
        wanted,
        SERVERS,
        answer(address("www.example", 60)),
        CACHE_RULES,
        0,
      );
    }
    expect(cache.retain(({ asker }) => asker === "b")).toBe(1);
    expect([...cache.list(0)].map(({ asker }) => asker)).toEqual(["b"]);
  });
});
