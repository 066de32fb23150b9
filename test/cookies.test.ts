import { describe, expect, test } from "vitest";
import { decodeMessage } from "../src/message/decode.ts";
import { dump } from "./rdata-line.ts";
import { COOKIE, option, query, record, replyTo, told, WWW } from "./support/raw-messages.ts";

describe("cookies", () => {
  const ask = (octets: string, question = WWW): Uint8Array => query(question, { options: option(10, octets) });
  /** What this server gave to an address. */
  function learnt(from: string): string {
    const reply = replyTo(ask(COOKIE), { from });
    const octets = decodeMessage(reply ?? new Uint8Array()).edns?.options.find(({ code }) => code === 10)?.octets;
    return Buffer.from(octets ?? []).toString("hex");
  }

  test("one that was learnt comes back as it is; from another address a new one comes with the answer", () => {
    const cookie = learnt("127.10.0.4");
    expect(cookie).toMatch(new RegExp(`^${COOKIE}01000000[0-9a-f]{24}$`));
    expect(learnt("127.10.0.4")).toBe(cookie);
    const again = decodeMessage(replyTo(ask(cookie)) ?? new Uint8Array()).edns?.options[0]?.octets;
    expect(Buffer.from(again ?? []).toString("hex")).toBe(cookie);
    const other = told(replyTo(ask(cookie), { from: "127.10.0.5" }), "127.10.0.5");
    expect(other).toBe(`NOERROR rd, 1/1/0, OPT 1232, COOKIE ${COOKIE} ours`);
    expect(learnt("127.10.0.5")).not.toBe(cookie);
  });

  test.each([
    { what: "none of ours", octets: `${COOKIE} ${"ee".repeat(16)}` },
    { what: "of 16 octets in all", octets: `${COOKIE} ${"ee".repeat(8)}` },
    { what: "of 40 octets in all", octets: `${COOKIE} ${"ee".repeat(32)}` },
  ])("$what gets the answer and a fresh one", ({ octets }) => {
    expect(told(replyTo(ask(octets)))).toBe(`NOERROR rd, 1/1/0, OPT 1232, COOKIE ${COOKIE} ours`);
  });

  test.each([0, 1, 7, 9, 12, 15, 41, 60])("of %i octets in all are FORMERR, without OPT", (length) => {
    expect(told(replyTo(ask("ee".repeat(length))))).toBe("FORMERR rd, 1/0/0");
  });

  test("the client subnet has no part in them", () => {
    const both = `${option(8, "0001 18 00 0a0000")} ${option(10, COOKIE)}`;
    expect(told(replyTo(query(WWW, { options: both }), { from: "127.0.0.1" }), "127.0.0.1")).toBe(
      `NOERROR rd, 1/1/0, OPT 1232, 8:000118180a0000, COOKIE ${COOKIE} ours`,
    );
  });

  test.each([
    { what: "a denial", question: "0178 04636f7270 076578616d706c65 00 0001 0001", rcode: "NXDOMAIN rd, 1/0/1" },
    { what: "a refusal", question: WWW.replace(/0001$/, "0004"), rcode: "REFUSED rd, 1/0/0" },
  ])("come with $what", ({ question, rcode }) => {
    const reply = told(replyTo(ask(COOKIE, question)));
    expect(reply.startsWith(`${rcode}, OPT 1232, COOKIE ${COOKIE} ours, EDE`)).toBe(true);
  });

  test("come with NOTIMP, over TCP, and without one another's answer", () => {
    expect(told(replyTo(query(WWW, { options: option(10, COOKIE) }, "2100")))).toBe(
      `NOTIFY, NOTIMP rd, 1/0/0, OPT 1232, COOKIE ${COOKIE} ours, EDE 21 opcode NOTIFY is not supported here`,
    );
    expect(told(replyTo(ask(COOKIE), { over: "tcp" }))).toBe(`NOERROR rd, 1/1/0, OPT 1232, COOKIE ${COOKIE} ours`);
    expect(told(replyTo(query(WWW, {})))).toBe("NOERROR rd, 1/1/0, OPT 1232");
  });

  test("are left aside by a server that has no secret", () => {
    expect(told(replyTo(ask(COOKIE), { cookies: false }))).toBe("NOERROR rd, 1/1/0, OPT 1232");
  });

  describe("without a question (RFC 7873 §5.4)", () => {
    const bare = (octets: string, flags = "0000"): Uint8Array =>
      dump(`1234 ${flags} 0000 0000 0000 0001 ${record({ options: option(10, octets) })}`);
    test.each([
      { what: "the client's alone", octets: () => COOKIE, gets: `NOERROR, 0/0/0, OPT 1232, COOKIE ${COOKIE} ours` },
      {
        what: "one that counts",
        octets: () => learnt("127.10.0.4"),
        gets: `NOERROR, 0/0/0, OPT 1232, COOKIE ${COOKIE} ours`,
      },
      {
        what: "one of another address",
        octets: () => learnt("127.10.0.5"),
        gets: `BADCOOKIE, 0/0/0, OPT 1232, COOKIE ${COOKIE} ours`,
      },
      { what: "one of 12 octets", octets: () => "ee".repeat(12), gets: "FORMERR, 0/0/0" },
    ])("$what → $gets", ({ octets, gets }) => {
      expect(told(replyTo(bare(octets())))).toBe(gets);
      expect(told(replyTo(bare(octets()), { over: "tcp" }))).toBe(gets);
    });

    test("no cookie either, or no secret, is FORMERR", () => {
      expect(told(replyTo(dump("1234 0000 0000 0000 0000 0000")))).toBe("FORMERR, 0/0/0");
      expect(told(replyTo(dump(`1234 0000 0000 0000 0000 0001 ${record({})}`)))).toBe("FORMERR, 0/0/0, OPT 1232");
      expect(told(replyTo(bare(COOKIE), { cookies: false }))).toBe("FORMERR, 0/0/0, OPT 1232");
    });

    test("several questions and a cookie are FORMERR all the same", () => {
      const sends = `1234 0000 0002 0000 0000 0001 ${WWW} ${WWW} ${record({ options: option(10, COOKIE) })}`;
      expect(told(replyTo(dump(sends)))).toBe(`FORMERR, 0/0/0, OPT 1232, COOKIE ${COOKIE} ours`);
    });
  });
});
