import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { decodeQuery } from "../message/query.ts";
import { knownName } from "../name/name-text.ts";
import { recognise, restoreCase, withId, writeQuery } from "./sent-query.ts";

const EDNS = { version: 0, udpSize: 1232, dnssecOk: false, options: [] };

/** The reply that repeats a query's octets up to the end of its question. */
function replyTo(octets: Uint8Array, questionEnd: number, change: (reply: Uint8Array) => void = () => {}): Uint8Array {
  const reply = octets.slice(0, questionEnd);
  reply[2] = 0x81;
  reply[3] = 0x80;
  reply[11] = 0;
  change(reply);
  return reply;
}

describe("what arrives is", () => {
  const sent = writeQuery({ name: knownName("www.Example.com"), type: 1, rd: true, edns: EDNS }, undefined);
  test.each<{ what: string; change: (reply: Uint8Array) => void; is: string }>([
    { what: "the same question", change: () => {}, is: "reply" },
    { what: "the same question truncated", change: (reply) => (reply[2] = 0x83), is: "reply" },
    { what: "the same question in other letters", change: (reply) => (reply[13] = 0x57), is: "other-case" },
    { what: "another name", change: (reply) => (reply[13] = 0x78), is: "foreign" },
    { what: "a name that differs in a length only", change: (reply) => (reply[12] = 2), is: "foreign" },
    { what: "another type", change: (reply) => (reply[reply.length - 3] = 28), is: "foreign" },
    { what: "another class", change: (reply) => (reply[reply.length - 1] = 3), is: "foreign" },
    { what: "a query", change: (reply) => (reply[2] = 0x01), is: "foreign" },
    { what: "a reply to another opcode", change: (reply) => (reply[2] = 0xa1), is: "foreign" },
    { what: "two questions", change: (reply) => (reply[5] = 2), is: "foreign" },
    { what: "no question and no error", change: (reply) => (reply[5] = 0), is: "foreign" },
    { what: "no question and NXDOMAIN", change: (reply) => reply.set([0x83, 0, 0], 3), is: "foreign" },
    { what: "no question and FORMERR", change: (reply) => reply.set([0x81, 0, 0], 3), is: "reply" },
  ])("$what: $is", ({ change, is }) => {
    expect(recognise(sent, replyTo(sent.octets, sent.questionEnd, change))).toBe(is);
  });

  test("nothing of a query, where it ends too early, whatever it is", () => {
    const whole = replyTo(sent.octets, sent.questionEnd);
    for (let length = 0; length < whole.length; length++)
      expect(recognise(sent, whole.subarray(0, length))).toBe("foreign");
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => void recognise(sent, octets)));
  });
});

test("the letters of the name come back into a reply, and nothing else changes", () => {
  fc.assert(
    fc.property(anyName, fc.nat(0x3fff_ffff), (name, bits) => {
      const [plain, sent] = [undefined, () => bits].map((scramble) =>
        writeQuery({ name, type: 1, rd: true }, scramble),
      );
      if (plain === undefined || sent === undefined) return;
      const reply = replyTo(sent.octets, sent.questionEnd);
      restoreCase(sent, reply);
      expect(reply).toEqual(replyTo(plain.octets, plain.questionEnd));
    }),
  );
});

test("a query with random letters asks for the same name, and only its own letters are its reply", () => {
  fc.assert(
    fc.property(anyName, fc.nat(0x3fff_ffff), fc.nat(0xffff), (name, bits, id) => {
      const sent = writeQuery({ name, type: 65, rd: true, edns: EDNS }, () => bits);
      const decoded = decodeQuery(withId(sent, id), "udp");
      if (decoded.kind !== "query") throw new Error(decoded.kind);
      expect(decoded.query).toMatchObject({ id, rd: true, question: { type: 65, name: { key: name.key } } });
      const reply = replyTo(sent.octets, sent.questionEnd);
      expect(recognise(sent, reply)).toBe("reply");
      const letter = reply.findIndex(
        (octet, i) =>
          i > 12 && i < sent.questionEnd - 4 && (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a && octet > 0x40,
      );
      if (letter === -1) return;
      reply[letter] = (reply[letter] ?? 0) ^ 0x20;
      expect(recognise(sent, reply)).toBe("other-case");
    }),
  );
});
