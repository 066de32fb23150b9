import { describe, expect, test } from "vitest";
import { decodeMessage } from "../message/decode.ts";
import { encodeReply } from "../message/encode.ts";
import { readExtendedErrors } from "../message/extended-errors.ts";
import { decodeQuery, encodeQuery } from "../message/query.ts";
import { rcodeName } from "../message/rcodes.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { classNumber, typeNumber } from "../record/type-names.ts";
import type { ReplyOptions } from "./reply-options.ts";
import { type Identity, replyToMalformed, replyToSpecial } from "./special-questions.ts";

const UDP: ReplyOptions = { transport: "udp" };
const IDENTITY: Identity = { version: "privlink 0.1", id: "here", asker: "network hub" };

/** The reply to `NAME CLASS TYPE`; `undefined` for an ordinary question. */
function replyTo(question: string, identity?: Identity): ReplyParts | undefined {
  const [name = "", questionClass = "", type = ""] = question.split(" ");
  const octets = encodeQuery({
    id: 7,
    name: knownName(name),
    type: typeNumber(type) ?? -1,
    class: classNumber(questionClass) ?? -1,
    rd: true,
    edns: { version: 0, udpSize: 1232, dnssecOk: false, options: [] },
  });
  const decoded = decodeQuery(octets);
  if (decoded.kind !== "query") throw new Error(decoded.kind);
  return replyToSpecial(decoded.query, UDP, identity);
}

/** `RCODE, EDE, records`, read from the octets that are sent. */
function told(parts: ReplyParts): string {
  const { rcode, answers, authorities, additionals, edns } = decodeMessage(encodeReply(parts, 512));
  expect([...authorities, ...additionals]).toEqual([]);
  const errors = edns === undefined ? ["no OPT"] : readExtendedErrors(edns).map(({ code, text }) => `${code} ${text}`);
  const records = answers.map(
    ({ owner, class: c, ttl, type, rdata }) => `${formatName(owner)} ${ttl} ${c} ${formatRdata(type, rdata)}`,
  );
  return [rcodeName(rcode), ...errors, ...records].join(", ");
}

describe("replyToSpecial", () => {
  test.each([
    { question: "a.example. ANY A", says: "REFUSED, 21 class ANY is not supported here" },
    { question: "a.example. NONE A", says: "REFUSED, 21 class NONE is not supported here" },
    { question: "a.example. HS A", says: "REFUSED, 21 class HS is not supported here" },
    { question: "a.example. CLASS0 A", says: "REFUSED, 21 class CLASS0 is not supported here" },
    { question: "a.example. IN AXFR", says: "REFUSED, 21 zone transfer is not supported here" },
    { question: "a.example. IN IXFR", says: "REFUSED, 21 zone transfer is not supported here" },
    { question: "version.bind. CH AXFR", says: "REFUSED, 21 zone transfer is not supported here" },
    { question: "a.example. IN OPT", says: "FORMERR" },
    { question: "a.example. IN TSIG", says: "FORMERR" },
    { question: "a.example. ANY TKEY", says: "FORMERR" },
    { question: "a.example. IN MAILA", says: "NOTIMP, 21 type MAILA is not supported here" },
    { question: "a.example. IN MAILB", says: "NOTIMP, 21 type MAILB is not supported here" },
    { question: "version.bind. CH TXT", says: 'NOERROR, version.bind. 0 3 "privlink 0.1"' },
    { question: "VERSION.Server. CH TXT", says: 'NOERROR, VERSION.Server. 0 3 "privlink 0.1"' },
    { question: "whoami.privlink. CH TXT", says: 'NOERROR, whoami.privlink. 0 3 "network hub"' },
    { question: "id.server. CH TXT", says: 'NOERROR, id.server. 0 3 "here"' },
    { question: "hostname.bind. CH ANY", says: 'NOERROR, hostname.bind. 0 3 "here"' },
    { question: "hostname.bind. CH A", says: "NOERROR" },
    { question: "authors.bind. CH TXT", says: "REFUSED, 21 this name of class CH is not supported here" },
    { question: "x.version.bind. CH TXT", says: "REFUSED, 21 this name of class CH is not supported here" },
  ])("$question → $says", ({ question, says }) => {
    const reply = replyTo(question, IDENTITY);
    expect(reply === undefined ? "ordinary" : told(reply)).toBe(says);
  });

  test("without an identity nothing is told of this server", () => {
    const reply = replyTo("version.bind. CH TXT");
    expect(reply === undefined ? "ordinary" : told(reply)).toMatch(/^REFUSED/);
  });

  test.each(["A", "ANY", "DS", "RRSIG", "NSEC", "TYPE0", "TYPE128", "TYPE65535"])(
    "type %s of class IN is an ordinary question",
    (type) => {
      expect(replyTo(`a.example. IN ${type}`, IDENTITY)).toBeUndefined();
    },
  );

  test("version.bind of class IN is an ordinary question", () => {
    expect(replyTo("version.bind. IN TXT", IDENTITY)).toBeUndefined();
  });

  test("an identity over 255 octets is cut: a character-string has no more", () => {
    const reply = replyTo("id.server. CH TXT", { ...IDENTITY, id: "x".repeat(300) });
    expect(reply?.answers[0]?.rdatas[0]).toHaveLength(256);
  });
});

describe("replyToMalformed", () => {
  const question = "0161076578616d706c6500 0001 0001";
  const opt = "00 0029 04d0 00008000 0000";
  test.each([
    {
      what: "NOTIFY",
      hex: `1234 2100 0001 0000 0000 0001 ${question} ${opt}`,
      replies: `1234 a184 0001 0000 0000 0001 ${question}`,
      says: "NOTIMP, 21 opcode NOTIFY is not supported here",
    },
    {
      what: "opcode 15",
      hex: `1234 7800 0000 0000 0000 0001 ${opt}`,
      replies: "1234 f884 0000 0000 0000 0001",
      says: "NOTIMP, 21 opcode OPCODE15 is not supported here",
    },
    {
      what: "EDNS version 1",
      hex: `1234 0100 0001 0000 0000 0001 ${question} 00 0029 04d0 00010000 0000`,
      replies: `1234 8180 0001 0000 0000 0001 ${question} 00 0029 04d0 01000000 0000`,
      says: "BADVERS",
    },
    {
      what: "two questions",
      hex: `1234 0110 0002 0000 0000 0000 ${question} ${question}`,
      replies: "1234 8191 0000 0000 0000 0000",
      says: "FORMERR, no OPT",
    },
    {
      what: "two OPT: the reply has none",
      hex: `1234 0100 0001 0000 0000 0002 ${question} ${opt} ${opt}`,
      replies: `1234 8181 0001 0000 0000 0000 ${question}`,
      says: "FORMERR, no OPT",
    },
    {
      what: "a record too few",
      hex: `1234 0000 0001 0000 0000 0002 ${question} ${opt}`,
      replies: `1234 8081 0001 0000 0000 0001 ${question} ${opt}`,
      says: "FORMERR",
    },
  ])("$what → $says", ({ hex, replies, says }) => {
    const decoded = decodeQuery(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
    const parts = decoded.kind === "malformed" ? replyToMalformed(decoded, UDP) : undefined;
    if (parts === undefined) throw new Error("a good query");
    const octets = Buffer.from(encodeReply(parts, 512)).toString("hex");
    expect(octets.slice(0, replies.replaceAll(" ", "").length)).toBe(replies.replaceAll(" ", ""));
    expect(told(parts)).toBe(says);
  });

  test("an unknown key gets NOTAUTH, and a TSIG that says BADKEY comes last (RFC 8945 §5.2.1)", () => {
    const tsig = (mac: string, error: string, length: string): string =>
      `036b657900 00fa 00ff 00000000 ${length} 016100 00006b00572e 012c ${mac} 1234 ${error} 0000`;
    const hex = `1234 0100 0001 0000 0000 0002 ${question} ${opt} ${tsig("0004 eeeeeeee", "0000", "0017")}`.replaceAll(
      " ",
      "",
    );
    const decoded = decodeQuery(Uint8Array.from(Buffer.from(hex, "hex")));
    const parts = decoded.kind === "malformed" ? replyToMalformed(decoded, UDP) : undefined;
    if (parts === undefined) throw new Error("a good query");
    expect(Buffer.from(encodeReply(parts, 512)).toString("hex")).toBe(
      `1234 8189 0001 0000 0000 0002 ${question} ${opt} ${tsig("0000", "0011", "0013")}`.replaceAll(" ", ""),
    );
  });
});
