import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownAddress } from "../net/address.ts";
import { type RateLimit, ResponseRates, type Verdict } from "./response-rates.ts";

const LIMIT: RateLimit = { responsesPerSecond: 5, allPerSecond: 20, slip: 2 };
const HEX = { NOERROR: "8180", NXDOMAIN: "8183", REFUSED: "8185" } as const;
const RECORD = "0001 0001 0000003c 0004 0a000001";
const SOA = "0006 0001 0000003c 0002 0000";
const NS = "0002 0001 0000003c 0002 c00c";

/** A reply of one question, and records that are written as owner and rest. */
interface Said {
  readonly rcode?: keyof typeof HEX;
  readonly name: string;
  readonly type?: string;
  readonly answers?: readonly string[];
  readonly authorities?: readonly string[];
}

function replyOf({ rcode = "NOERROR", name, type = "0001", answers = [], authorities = [] }: Said): Uint8Array {
  const count = (records: readonly string[]): string => records.length.toString(16).padStart(4, "0");
  const labels = name
    .split(".")
    .map((label) => Buffer.from([label.length]).toString("hex") + Buffer.from(label).toString("hex"));
  const header = `0000 ${HEX[rcode]} 0001 ${count(answers)} ${count(authorities)} 0000`;
  const text = [header, ...labels, "00", type, "0001", ...answers, ...authorities].join("").replaceAll(" ", "");
  return Uint8Array.from(Buffer.from(text, "hex"));
}

const answer = (name: string, type = "0001"): Uint8Array => replyOf({ name, type, answers: [`c00c ${RECORD}`] });
/** The SOA's owner is the question's name less its first label, of one octet. */
const denial = (name: string): Uint8Array => replyOf({ rcode: "NXDOMAIN", name, authorities: [`c00e ${SOA}`] });

/** Verdicts of replies that come at once, or every so many milliseconds. */
function judged(replies: readonly Uint8Array[], limit = LIMIT, from = "203.0.113.7", everyMs = 0): Verdict[] {
  let now = 0;
  const rates = new ResponseRates({ seed: 7, now: () => now });
  return replies.map((reply) => {
    now += everyMs;
    return rates.judge(knownAddress(from), reply, limit);
  });
}

const sentOf = (verdicts: readonly Verdict[]): number => verdicts.filter((verdict) => verdict === "send").length;
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const letter = (i: number): string => String.fromCharCode(97 + i);

describe("replies that come at once", () => {
  test.each([
    { says: "one answer again and again is alike", replies: times(12, () => answer("www.example")), sent: 5 },
    {
      says: "letters of the question make no difference",
      replies: times(12, (i) => answer(i % 2 === 0 ? "www.example" : "WwW.eXample")),
      sent: 5,
    },
    {
      says: "another type is another answer",
      replies: times(12, (i) => answer("www.example", i % 2 === 0 ? "0001" : "001c")),
      sent: 10,
    },
    { says: "made-up names of one zone are alike", replies: times(12, (i) => denial(`${letter(i)}.example`)), sent: 5 },
    {
      says: "denials of two zones are not",
      replies: times(12, (i) => denial(`${letter(i)}.${i % 2 === 0 ? "example" : "test"}`)),
      sent: 10,
    },
    {
      says: "denials behind an alias are alike by the zone that denies",
      replies: times(12, (i) =>
        replyOf({
          rcode: "NXDOMAIN",
          name: `${letter(i)}.example`,
          answers: [`c00c 0005 0001 0000003c 0002 c00c`],
          authorities: [`c00e ${SOA}`],
        }),
      ),
      sent: 5,
    },
    {
      says: "referrals to one zone are alike",
      replies: times(12, (i) => replyOf({ name: `${letter(i)}.example`, authorities: [`c00e ${NS}`] })),
      sent: 5,
    },
    {
      says: "names without data are alike whatever the type",
      replies: times(12, (i) => replyOf({ name: "www.example", type: `00${10 + i}`, authorities: [`c010 ${SOA}`] })),
      sent: 5,
    },
    {
      says: "errors are alike whatever the question",
      replies: times(12, (i) => replyOf({ rcode: "REFUSED", name: `${letter(i)}.example` })),
      sent: 5,
    },
    {
      says: "different answers have the limit of all",
      replies: times(26, (i) => answer(`${letter(i)}.example`)),
      sent: 20,
    },
  ])("$says: $sent go out", ({ replies, sent }) => {
    expect(sentOf(judged(replies))).toBe(sent);
  });

  test("of those held back every second is a short one; every one, or none, where slip says so", () => {
    const replies = times(11, () => answer("www.example"));
    const [send, ...held] = ["send", "drop", "slip", "drop", "slip", "drop", "slip"];
    expect(judged(replies)).toEqual([...times(5, () => send), ...held]);
    expect(new Set(judged(replies, { ...LIMIT, slip: 1 }).slice(5))).toEqual(new Set(["slip"]));
    expect(new Set(judged(replies, { ...LIMIT, slip: 0 }).slice(5))).toEqual(new Set(["drop"]));
  });
});

describe("prefixes", () => {
  test.each([
    { one: "203.0.113.7", other: "203.0.113.250", alike: true },
    { one: "203.0.113.7", other: "203.0.114.7", alike: false },
    { one: "2001:db8:0:100::1", other: "2001:db8:0:1ff::9", alike: true },
    { one: "2001:db8:0:100::1", other: "2001:db8:0:200::1", alike: false },
  ])("$one and $other are one client: $alike", ({ one, other, alike }) => {
    const rates = new ResponseRates({ seed: 1, now: () => 0 });
    const judge = (from: string): Verdict => rates.judge(knownAddress(from), answer("www.example"), LIMIT);
    for (let i = 0; i < 5; i++) judge(one);
    expect(judge(other) === "send").toBe(!alike);
  });

  test("are told of once a minute each, in their canonical form", () => {
    const told: string[] = [];
    let now = 0;
    const rates = new ResponseRates({ now: () => now, onLimited: (prefix) => told.push(prefix) });
    const flood = (from: string): void => {
      for (let i = 0; i < 50; i++) rates.judge(knownAddress(from), answer("www.example"), LIMIT);
    };
    flood("203.0.113.7");
    flood("203.0.113.8");
    flood("2001:db8:0:1ff::9");
    now = 59_000;
    flood("203.0.113.7");
    expect(told).toEqual(["203.0.113.0/24", "2001:db8:0:100::/56"]);
    now = 60_000;
    flood("203.0.113.7");
    expect(told.length).toBe(3);
  });
});

describe("in time", () => {
  /** Arrivals: how long after the one before, which of some replies. */
  const arrivals = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 9 })), {
    maxLength: 300,
  });

  test("however replies come, in any stretch of time no more go out than its rate and a second's worth; slip has its share", () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 4 }), (came, rate, slip) => {
        let now = 0;
        const rates = new ResponseRates({ seed: 3, now: () => now });
        const limit = { responsesPerSecond: rate, allPerSecond: rate * 3, slip };
        const sent: { at: number; which: number }[] = [];
        for (const [after, which] of came) {
          now += after;
          const verdict = rates.judge(knownAddress("203.0.113.7"), answer(`${letter(which)}.example`), limit);
          if (verdict === "send") sent.push({ at: now, which });
        }
        const isBounded = (times: readonly number[], perSecond: number): boolean =>
          times.every((start, i) =>
            times.slice(i).every((end, j) => j + 1 <= ((end - start) / 1000) * perSecond + perSecond + 1e-6),
          );
        expect(
          isBounded(
            sent.map(({ at }) => at),
            limit.allPerSecond,
          ),
        ).toBe(true);
        for (let which = 0; which < 10; which++)
          expect(
            isBounded(
              sent.filter((one) => one.which === which).map(({ at }) => at),
              rate,
            ),
          ).toBe(true);
        const { drop, slip: slipped } = rates.counts;
        expect(sent.length + drop + slipped).toBe(came.length);
        expect(slipped).toBe(slip === 0 ? 0 : Math.floor((drop + slipped) / slip));
      }),
    );
  });

  test("who stays below the rate is never held back, and who was over it has its replies again a second later", () => {
    expect(
      sentOf(
        judged(
          times(200, () => answer("www.example")),
          LIMIT,
          "203.0.113.7",
          200,
        ),
      ),
    ).toBe(200);
    let now = 0;
    const rates = new ResponseRates({ now: () => now });
    const burst = (): number =>
      sentOf(times(50, () => rates.judge(knownAddress("203.0.113.7"), answer("www.example"), LIMIT)));
    expect(burst()).toBe(5);
    now = 1000;
    expect(burst()).toBe(5);
  });

  test("a flood in a million names and prefixes leaves the account of one that is over its limit where it is", () => {
    let now = 0;
    const rates = new ResponseRates({ seed: 5, now: () => now });
    const victim = knownAddress("203.0.113.7");
    let sent = 0;
    for (let i = 0; i < 200_000; i++) {
      now += 0.005; // 200,000 a second, for a second.
      const from = { family: 4, text: "", octets: Uint8Array.of(i & 255, (i >> 8) & 255, (i >> 16) & 255, 1) } as const;
      rates.judge(from, answer(`n${i}.example`), LIMIT);
      if (i % 100 === 0 && rates.judge(victim, answer("www.example"), LIMIT) === "send") sent += 1;
    }
    expect(sent).toBeLessThanOrEqual(2 * LIMIT.responsesPerSecond);
  });
});

test("octets that are no reply of ours are judged all the same, in a time that has an end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
      const withHeader = Uint8Array.of(0, 0, 0x81, 0x83, 0, 1, 0, 1, 0, 1, 0, 0, ...octets);
      expect(judged([octets, withHeader])).toEqual(["send", "send"]);
    }),
  );
});
