import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dump } from "../../test/rdata-line.ts";
import { knownAddress } from "../net/address.ts";
import { OptionCodes } from "./edns.ts";
import { type CookieMaker, cookieOption, isCookie, judgeCookie, rotateSecrets } from "./server-cookie.ts";

const SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
const OLD = "dd3bdf9344b678b185a6f5cb60fca715";
const NEW = "445536bcd2513298075a5d379663c962";
const CLIENT = "2464c4abcf10c957";
/** Wed Jun 5 10:53:05 UTC 2019, the time of RFC 9018 appendix A.1, and the cookie made then. */
const MADE = 1559731985;
const COOKIE = `${CLIENT} 01000000 5cf79f11 1f8130c3eee29480`;

function maker(at: number, from = "198.51.100.100", secret = SECRET, previous?: string): CookieMaker {
  const current = dump(secret);
  return {
    secrets: previous === undefined ? { current } : rotateSecrets({ current: dump(previous) }, current),
    address: knownAddress(from).octets,
    seconds: at,
  };
}

function replied(cookie: string, by: CookieMaker): string {
  const { code, octets } = cookieOption(dump(cookie), by);
  expect(code).toBe(OptionCodes.COOKIE);
  return Buffer.from(octets).toString("hex");
}

describe("the examples of RFC 9018 appendix A", () => {
  test.each([
    {
      what: "A.1: a client learns its cookie",
      sends: CLIENT,
      by: maker(MADE),
      standing: "client-alone",
      gets: "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
    },
    {
      what: "A.2: the same client, 40 minutes later, gets a fresh one",
      sends: "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
      by: maker(1559734385),
      standing: "ours",
      gets: "2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
    },
    {
      what: "A.3: reserved octets that are not 0 are part of the hash",
      sends: "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
      by: maker(1559727985, "203.0.113.203"),
      standing: "ours",
      gets: "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
    },
    {
      what: "A.3: almost two hours later the client gets a fresh one",
      sends: "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
      by: maker(1559734700, "203.0.113.203"),
      standing: "foreign",
      gets: "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e",
    },
    {
      what: "A.4: over IPv6, a cookie of the secret before is known, and renewed at once",
      sends: "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
      by: maker(1559741961, "2001:db8:220:1:59de:d0f4:8769:82b8", NEW, OLD),
      standing: "ours",
      gets: "22681ab97d52c298010000005cf7c609a6bb79d16625507a",
    },
  ])("$what", ({ sends, by, standing, gets }) => {
    expect(judgeCookie(dump(sends), by)).toBe(standing);
    expect(replied(sends, by)).toBe(gets);
  });
});

describe("a cookie", () => {
  const same = COOKIE.replaceAll(" ", "");
  test.each([
    { after: -300, standing: "ours", is: "kept", because: "clocks may differ by five minutes" },
    { after: -301, standing: "foreign", is: "renewed", because: "it comes from further ahead" },
    { after: 0, standing: "ours", is: "kept", because: "it was just made" },
    { after: 1799, standing: "ours", is: "kept", because: "it is not half an hour old" },
    { after: 1800, standing: "ours", is: "renewed", because: "it is half an hour old" },
    { after: 3600, standing: "ours", is: "renewed", because: "it counts for an hour" },
    { after: 3601, standing: "foreign", is: "renewed", because: "the hour is over" },
    { after: 2 ** 31 + 5, standing: "foreign", is: "renewed", because: "times are serial numbers" },
  ])("$after s after it was made is $standing and $is: $because", ({ after, standing, is }) => {
    const by = maker(MADE + after);
    expect(judgeCookie(dump(COOKIE), by)).toBe(standing);
    expect(replied(COOKIE, by) === same ? "kept" : "renewed").toBe(is);
  });

  test.each([
    { what: "another address", by: maker(MADE, "198.51.100.101"), cookie: COOKIE },
    { what: "another secret", by: maker(MADE, "198.51.100.100", NEW), cookie: COOKIE },
    { what: "two secrets ago", by: maker(MADE, "198.51.100.100", NEW, OLD), cookie: COOKIE },
    { what: "another client", by: maker(MADE), cookie: COOKIE.replace("24", "25") },
    { what: "another version", by: maker(MADE), cookie: COOKIE.replace("01000000", "02000000") },
    { what: "other reserved octets", by: maker(MADE), cookie: COOKIE.replace("01000000", "01000001") },
    { what: "another time", by: maker(MADE), cookie: COOKIE.replace("9f11", "9f12") },
    { what: "a last bit that differs", by: maker(MADE), cookie: COOKIE.replace("9480", "9481") },
    { what: "eight octets", by: maker(MADE), cookie: `${CLIENT} 01000000 5cf79f11` },
    { what: "an octet more", by: maker(MADE), cookie: `${COOKIE} 00` },
  ])("with $what is none of ours, and a fresh one is made", ({ by, cookie }) => {
    expect(judgeCookie(dump(cookie), by)).toBe("foreign");
    const fresh = replied(cookie, by);
    expect(fresh.slice(0, 16)).toBe(cookie.slice(0, 16));
    expect(judgeCookie(dump(fresh), by)).toBe("ours");
  });

  test("is judged without being touched, in whatever the socket gave", () => {
    const octets = Buffer.from(dump(COOKIE));
    expect(judgeCookie(octets, maker(MADE, "198.51.100.101"))).toBe("foreign");
    expect(octets.toString("hex")).toBe(COOKIE.replaceAll(" ", ""));
  });

  test("made in 2106, when 32 bits of seconds start again, is known a minute later", () => {
    const before = maker(2 ** 32 - 30);
    const cookie = replied(CLIENT, before);
    expect(cookie.slice(24, 32)).toBe("ffffffe2");
    expect(judgeCookie(dump(cookie), maker(2 ** 32 + 30))).toBe("ours");
  });

  test("of any client, address and time is ours where it was made, and nowhere else", () => {
    const secret = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const address = fc.oneof(...[4, 16].map((length) => fc.uint8Array({ minLength: length, maxLength: length })));
    const client = fc.uint8Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(secret, address, client, fc.nat(), fc.nat({ max: 23 }), (current, octets, cookie, seconds, at) => {
        const by: CookieMaker = { secrets: { current }, address: octets, seconds };
        const made = cookieOption(cookie, by).octets;
        expect(judgeCookie(made, by)).toBe("ours");
        expect(cookieOption(made, by).octets).toEqual(made);
        const forged = made.slice();
        forged[at] = (forged[at] ?? 0) ^ 1;
        expect(judgeCookie(forged, by)).toBe("foreign");
      }),
    );
  });
});

describe("isCookie", () => {
  test("takes 8 octets, and 16 to 40 (RFC 7873 §5.2.2)", () => {
    const lengths = Array.from({ length: 64 }, (_, length) => length).filter((length) =>
      isCookie(new Uint8Array(length)),
    );
    expect(lengths).toEqual([8, ...Array.from({ length: 25 }, (_, i) => 16 + i)]);
  });
});
