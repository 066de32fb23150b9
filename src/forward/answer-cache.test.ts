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

describe("room", () => {
  test("is bounded by octets, whatever comes, and what is counted is what is there", () => {
    const keeping = fc.record({ name: fc.nat(40), ttl: fc.nat(20), records: fc.nat(30), at: fc.nat(30_000) });
    fc.assert(
      fc.property(fc.array(keeping, { maxLength: 60 }), fc.integer({ min: 500, max: 20_000 }), (all, max) => {
        const cache = new AnswerCache(max);
        for (const { name, ttl, records, at } of all) {
          const wanted = question(`n${name}.example`);
          const rrset = {
            ...address(`n${name}.example`, ttl),
            rdatas: Array.from({ length: records + 1 }, () => new Uint8Array(4)),
          };
          const key = cache.keyOf("fwd", SERVERS, wanted);
          cache.find(key, at);
          cache.keep(key, wanted, SERVERS, answer(rrset), CACHE_RULES, at);
          expect(cache.octets).toBeLessThanOrEqual(max);
          expect([...cache.list(at)].reduce((sum, { octets }) => sum + octets, 0)).toBe(cache.octets);
        }
        cache.flush(knownName("."));
        expect([cache.octets, cache.size]).toEqual([0, 0]);
      }),
    );
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
