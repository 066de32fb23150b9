import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { typeName } from "../record/type-names.ts";
import { decodeMessage } from "./decode.ts";
import type { Edns } from "./edns.ts";
import { type DecodedQuery, decodeQuery, encodeQuery } from "./query.ts";
import { rcodeName } from "./rcodes.ts";

function decode(hex: string, transport?: "tcp"): DecodedQuery {
  return decodeQuery(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")), transport);
}

/** What was understood, in one line. */
function told(decoded: DecodedQuery): string {
  switch (decoded.kind) {
    case "ignored":
      return `ignored, ${decoded.why}`;
    case "malformed": {
      const { question, edns, optAtFault, tsig } = decoded;
      const parts = [rcodeName(decoded.rcode), decoded.problem];
      if (question !== undefined) parts.push(formatName(question.name));
      if (edns !== undefined) parts.push("OPT");
      if (optAtFault) parts.push("OPT at fault");
      if (tsig !== undefined) parts.push("TSIG");
      return parts.join(", ");
    }
    case "query":
      break;
  }
  const { question, rd, cd, ad, edns, trailingOctets } = decoded.query;
  const bits = Object.entries({ rd, cd, ad }).flatMap(([name, isSet]) => (isSet ? [name] : []));
  const parts = [`${formatName(question.name)} ${question.class} ${typeName(question.type)}`, bits.join(" ")];
  if (edns !== undefined) parts.push(`OPT ${edns.udpSize}${edns.dnssecOk ? " do" : ""}`);
  for (const { code, octets } of edns?.options ?? []) parts.push(`${code}:${octets.length}`);
  if (edns?.clientSubnet !== undefined) parts.push(edns.clientSubnet.prefix?.text ?? "no subnet");
  if (edns?.cookie !== undefined) parts.push(`cookie ${Buffer.from(edns.cookie).toString("hex")}`);
  if (edns?.wantsServerId === true) parts.push("wants the server's id");
  if (edns?.wantsKeepalive === true) parts.push("wants keepalive");
  if (trailingOctets > 0) parts.push(`${trailingOctets} more`);
  return parts.join(", ");
}

const A_EXAMPLE = "0161 076578616d706c65 00";
/** Header of one question and so many additional records. */
const one = (additionals: number): string => `1234 0100 0001 0000 0000 000${additionals}`;
const QUESTION = `${A_EXAMPLE} 0001 0001`;
const OPT = "00 0029 04d0 00000000 0000";

describe("decodeQuery reads what dig sends", () => {
  test.each([
    {
      dig: "+nocookie myregistry.azurecr.io",
      hex: "1663012000010000000000010a6d79726567697374727907617a757265637202696f000001000100002904d0000000000000",
      reads: "myregistry.azurecr.io. 1 A, rd ad, OPT 1232",
    },
    {
      dig: "myregistry.azurecr.io",
      hex: "d211012000010000000000010a6d79726567697374727907617a757265637202696f000001000100002904d000000000000c000a0008af607ba568e82c31",
      reads: "myregistry.azurecr.io. 1 A, rd ad, OPT 1232, 10:8, cookie af607ba568e82c31",
    },
    {
      dig: "+noedns MyRegistry.AzureCR.io",
      hex: "2790012000010000000000000a4d79526567697374727907417a757265435202696f0000010001",
      reads: "MyRegistry.AzureCR.io. 1 A, rd ad",
    },
    {
      dig: "+subnet=10.1.0.0/16",
      hex: "948b012000010000000000010161076578616d706c65000001000100002904d000000000000a00080006000110000a01",
      reads: "a.example. 1 A, rd ad, OPT 1232, 8:6, 10.1.0.0/16",
    },
    {
      dig: "+subnet=0",
      hex: "5411012000010000000000010161076578616d706c65000001000100002904d00000000000080008000400010000",
      reads: "a.example. 1 A, rd ad, OPT 1232, 8:4, no subnet",
    },
    {
      dig: "+subnet=2001:db8::/33 AAAA",
      hex: "2ca6012000010000000000010161076578616d706c6500001c000100002904d000000000000d000800090002210020010db800",
      reads: "a.example. 1 AAAA, rd ad, OPT 1232, 8:9, 2001:db8::/33",
    },
    {
      dig: "+dnssec +cd +norec HTTPS",
      hex: "192f003000010000000000010161076578616d706c65000041000100002904d0000080000000",
      reads: "a.example. 1 HTTPS, cd ad, OPT 1232 do",
    },
    {
      dig: "-c CH -t TXT version.bind",
      hex: "12aa012000010000000000010776657273696f6e0462696e64000010000300002904d0000000000000",
      reads: "version.bind. 3 TXT, rd ad, OPT 1232",
    },
    {
      dig: "+nsid +keepalive",
      hex: "90da012000010000000000010161076578616d706c65000001000100002904d000000000000800030000000b0000",
      reads: "a.example. 1 A, rd ad, OPT 1232, 3:0, 11:0, wants the server's id",
    },
    {
      dig: "+ednsopt=65001:0102 +bufsize=4096",
      hex: "7b54012000010000000000010161076578616d706c6500000100010000291000000000000006fde900020102",
      reads: "a.example. 1 A, rd ad, OPT 4096, 65001:2",
    },
    {
      dig: "-t IXFR=7 +notcp, which has an SOA in its authority section",
      hex: "5d84000000010000000100010161076578616d706c650000fb0001c00c000600010000000000160000000000070000000000000000000000000000000000002904d0000000000000",
      reads: "a.example. 1 IXFR, , OPT 1232",
    },
    {
      dig: "+edns=1 +noednsneg",
      hex: "c9c4012000010000000000010161076578616d706c65000001000100002904d0000100000000",
      reads: "BADVERS, edns-version, a.example., OPT",
    },
    {
      dig: "+opcode=NOTIFY SOA",
      hex: "3280212000010000000000010161076578616d706c65000006000100002904d0000000000000",
      reads: "NOTIMP, opcode, a.example., OPT",
    },
    {
      dig: "+header-only",
      hex: "76220120000000000000000100002904d0000000000000",
      reads: "FORMERR, no-question, OPT",
    },
    {
      dig: "-y hmac-sha256:key.example:…",
      hex: "f856012000010000000000020161076578616d706c65000001000100002904d0000000000000036b6579076578616d706c650000fa00ff00000000003d0b686d61632d7368613235360000006b00572e012c0020a8bc95332313c171334a8e22b8c37879495d95957e796b65bd1008f5ebb0fae2f85600000000",
      reads: "NOTAUTH, tsig, a.example., OPT, TSIG",
    },
  ])("dig $dig: $reads", ({ hex, reads }) => {
    expect(told(decode(hex))).toBe(reads);
  });
});

describe("decodeQuery takes what others send", () => {
  test.each([
    { what: "octets behind the records", hex: `${one(0)} ${QUESTION} 0000 00`, reads: "a.example. 1 A, rd, 3 more" },
    {
      what: "AA, TC, RA, Z and a rcode",
      hex: `1234 07cf 0001 0000 0000 0000 ${QUESTION}`,
      reads: "a.example. 1 A, rd",
    },
    {
      what: "an answer whose rdata makes no sense",
      hex: `1234 0100 0001 0001 0000 0000 ${QUESTION} c00c 0001 0001 00000000 0001 ff`,
      reads: "a.example. 1 A, rd",
    },
    {
      what: "an authority record whose owner points forward: nobody follows it",
      hex: `1234 0100 0001 0000 0001 0000 ${QUESTION} ffff 0001 0001 00000000 0000`,
      reads: "a.example. 1 A, rd",
    },
    {
      what: "an owner of 255 octets",
      hex: `${one(1)} ${QUESTION} ${`3f${"61".repeat(63)}`.repeat(3)} 3d${"61".repeat(61)} 00 0001 0001 00000000 0000`,
      reads: "a.example. 1 A, rd",
    },
    {
      what: "additional records of other types around OPT",
      hex: `${one(3)} ${QUESTION} c00c 0001 0001 00000000 0000 ${OPT} 00 fde8 0001 00000000 0001 00`,
      reads: "a.example. 1 A, rd, OPT 1232",
    },
    {
      what: "flags of OPT other than DO",
      hex: `${one(1)} ${QUESTION} 00 0029 0000 0000ffff 0000`,
      reads: "a.example. 1 A, rd, OPT 0 do",
    },
    {
      what: "a type and a class that nobody knows, at the root",
      hex: `${one(0)} 00 ffff fffe`,
      reads: ". 65534 TYPE65535, rd",
    },
    {
      what: "two client subnets: the first counts",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0012 0008 0005 0001 08 00 0a  0008 0005 0001 08 00 0b`,
      reads: "a.example. 1 A, rd, OPT 1232, 8:5, 8:5, 10.0.0.0/8",
    },
    {
      what: "OPT in the answer section, which is none",
      hex: `1234 0100 0001 0001 0000 0000 ${QUESTION} ${OPT}`,
      reads: "a.example. 1 A, rd",
    },
    {
      what: "OPT in the authority section, before a good one",
      hex: `1234 0100 0001 0000 0001 0001 ${QUESTION} 00 0029 ffff 00ffffff 0001 00 ${OPT}`,
      reads: "a.example. 1 A, rd, OPT 1232",
    },
    {
      what: "two cookies: the first counts, whatever the second is (RFC 7873 §4)",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0013 000a 0008 ${"00".repeat(8)} 000a 0003 010203`,
      reads: "a.example. 1 A, rd, OPT 1232, 10:8, 10:3, cookie 0000000000000000",
    },
    {
      what: "NSID with octets in it",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0006 0003 0002 6869`,
      reads: "a.example. 1 A, rd, OPT 1232, 3:2, wants the server's id",
    },
    {
      what: "keepalive with a time, over UDP, where it means nothing",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0006 000b 0002 0064`,
      reads: "a.example. 1 A, rd, OPT 1232, 11:2",
    },
    {
      what: "padding and an option that nobody knows",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 000c 000c 0002 ffff fffe 0002 0001`,
      reads: "a.example. 1 A, rd, OPT 1232, 12:2, 65534:2",
    },
    {
      what: "a cookie with a server's part",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0014 000a 0010 ${"00".repeat(16)}`,
      reads: `a.example. 1 A, rd, OPT 1232, 10:16, cookie ${"00".repeat(16)}`,
    },
  ])("$what: $reads", ({ hex, reads }) => {
    expect(told(decode(hex))).toBe(reads);
  });
});

test("what is kept of a query's options outlives its octets, which belong to the socket", () => {
  const options = `0003 0000 0008 0007 0001 18 00 0a0000 000a 0008 0102030405060708`;
  const octets = Buffer.from(`${one(1)} ${QUESTION} 00 0029 04d0 00000000 001b ${options}`.replaceAll(" ", ""), "hex");
  const decoded = decodeQuery(octets);
  const before = told(decoded);
  octets.fill(0xff);
  expect(told(decoded)).toBe(before);
  expect(before).toContain("10.0.0.0/24, cookie 0102030405060708");
});

describe("decodeQuery over a stream", () => {
  test.each([
    {
      what: "keepalive without a time",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0004 000b 0000`,
      reads: "a.example. 1 A, rd, OPT 1232, 11:0, wants keepalive",
    },
    {
      what: "keepalive with a time, which only servers say (RFC 7828 §3.2.1)",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0006 000b 0002 0064`,
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "two of them, one with a time",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00000000 0009 000b 0000 000b 0001 00`,
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
  ])("$what: $reads", ({ hex, reads }) => {
    expect(told(decode(hex, "tcp"))).toBe(reads);
  });
});

describe("decodeQuery turns down, with what can be read", () => {
  const withOption = (octets: string): string => {
    const length = octets.replaceAll(" ", "").length / 2;
    return `${one(1)} ${QUESTION} 00 0029 04d0 00000000 ${length.toString(16).padStart(4, "0")} ${octets}`;
  };
  test.each([
    { what: "nothing", hex: "", reads: "ignored, shorter-than-a-header" },
    { what: "eleven octets", hex: "00".repeat(11), reads: "ignored, shorter-than-a-header" },
    { what: "a reply", hex: `1234 8180 0001 0000 0000 0000 ${QUESTION}`, reads: "ignored, is-a-reply" },
    { what: "a reply of nonsense", hex: "ffff".repeat(6), reads: "ignored, is-a-reply" },
    { what: "a header alone", hex: "1234 0100 0000 0000 0000 0000", reads: "FORMERR, no-question" },
    {
      what: "two questions, neither of which is the one",
      hex: `1234 0100 0002 0000 0000 0000 ${QUESTION} ${QUESTION}`,
      reads: "FORMERR, several-questions",
    },
    {
      what: "two questions and OPT",
      hex: `1234 0100 0002 0000 0000 0001 ${QUESTION} c00c 0001 0001 ${OPT}`,
      reads: "FORMERR, several-questions, OPT",
    },
    { what: "a question cut short", hex: `${one(0)} ${A_EXAMPLE} 0001 00`, reads: "FORMERR, message-too-short" },
    { what: "a name cut short", hex: `${one(0)} 0161 07`, reads: "FORMERR, message-too-short" },
    {
      what: "a question that is a pointer to itself",
      hex: `${one(0)} c00c 0001 0001`,
      reads: "FORMERR, pointer-not-backwards",
    },
    {
      what: "a question that is a pointer into the header",
      hex: `${one(0)} c000 0001 0001`,
      reads: "FORMERR, pointer-into-header",
    },
    { what: "an extended label", hex: `${one(0)} 41 00 0001 0001`, reads: "FORMERR, reserved-label-type" },
    {
      what: "a record that is not there",
      hex: `${one(1)} ${QUESTION}`,
      reads: "FORMERR, message-too-short, a.example.",
    },
    {
      what: "a record cut short",
      hex: `${one(1)} ${QUESTION} 00 0001 0001 00000000 0004 000000`,
      reads: "FORMERR, message-too-short, a.example.",
    },
    {
      what: "a fault behind OPT",
      hex: `${one(2)} ${QUESTION} ${OPT}`,
      reads: "FORMERR, message-too-short, a.example., OPT",
    },
    {
      what: "an owner of 256 octets",
      hex: `${one(1)} ${QUESTION} ${`3f${"61".repeat(63)}`.repeat(3)} 3e${"61".repeat(62)} 00 0001 0001 00000000 0000`,
      reads: "FORMERR, name-too-long, a.example.",
    },
    {
      what: "two OPT",
      hex: `${one(2)} ${QUESTION} ${OPT} ${OPT}`,
      reads: "FORMERR, opt-malformed, a.example., OPT at fault",
    },
    {
      what: "OPT with an owner",
      hex: `${one(1)} ${QUESTION} c00c 0029 04d0 00000000 0000`,
      reads: "FORMERR, opt-malformed, a.example., OPT at fault",
    },
    {
      what: "OPT with a pointer to a root as its owner",
      hex: `${one(1)} ${QUESTION} c016 0029 04d0 00000000 0000`,
      reads: "FORMERR, opt-malformed, a.example., OPT at fault",
    },
    {
      what: "an option without a length",
      hex: withOption("000a"),
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "an option longer than OPT",
      hex: withOption("fde9 0002 00"),
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "a cookie of 7 octets",
      hex: withOption(`000a 0007 ${"00".repeat(7)}`),
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "a cookie of 12 octets",
      hex: withOption(`000a 000c ${"00".repeat(12)}`),
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "a cookie of 41 octets",
      hex: withOption(`000a 0029 ${"00".repeat(41)}`),
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "a subnet with a scope",
      hex: withOption("0008 0005 0001 08 08 0a"),
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "a second subnet with bits too many",
      hex: withOption("0008 0004 0001 00 00 0008 0005 0001 04 00 0a"),
      reads: "FORMERR, option-malformed, a.example., OPT at fault",
    },
    {
      what: "version 1 with options of its own",
      hex: `${one(1)} ${QUESTION} 00 0029 04d0 00010000 0003 ffffff`,
      reads: "BADVERS, edns-version, a.example., OPT",
    },
    {
      what: "version 1 and no question",
      hex: "1234 0100 0000 0000 0000 0001 00 0029 04d0 00ff0000 0000",
      reads: "BADVERS, edns-version, OPT",
    },
    { what: "an UPDATE", hex: `1234 2800 0001 0000 0000 0000 ${QUESTION}`, reads: "NOTIMP, opcode, a.example." },
    {
      what: "a DSO message, whose body is no question",
      hex: "1234 3000 0000 0000 0000 0000 0001 0004 00000000",
      reads: "NOTIMP, opcode",
    },
    {
      what: "an opcode nobody knows, with counts that lie",
      hex: "1234 7800 ffff ffff ffff ffff 00",
      reads: "NOTIMP, opcode",
    },
    {
      what: "TSIG that is not the last record",
      hex: `${one(2)} ${QUESTION} 00 00fa 00ff 00000000 0011 00 000000000000 0000 0000 0000 0000 0000 ${OPT}`,
      reads: "FORMERR, rdata-malformed, a.example.",
    },
    {
      what: "TSIG that is none",
      hex: `${one(1)} ${QUESTION} 00 00fa 00ff 00000000 0001 00`,
      reads: "FORMERR, message-too-short, a.example.",
    },
    {
      what: "TSIG of class IN",
      hex: `${one(1)} ${QUESTION} 00 00fa 0001 00000000 0011 00 000000000000 0000 0000 0000 0000 0000`,
      reads: "FORMERR, rdata-malformed, a.example.",
    },
  ])("$what: $reads", ({ hex, reads }) => {
    expect(told(decode(hex))).toBe(reads);
  });

  test("an unknown key is told in a TSIG of the same key, algorithm and time, without MAC (RFC 8945 §5.3.2)", () => {
    const decoded = decode(
      `${one(1)} ${QUESTION} 036b657900 00fa 00ff 00000000 001f 0161 00 00006b00572e 012c 000c ${"ee".repeat(12)} 1234 0000 0000`,
    );
    const tsig = decoded.kind === "malformed" ? decoded.tsig : undefined;
    expect(tsig).toMatchObject({ type: 250, class: 255, ttl: 0 });
    expect(Buffer.from(tsig?.rdata ?? []).toString("hex")).toBe("01610000006b00572e012c0000123400110000");
  });
});

test("questions share no octets", () => {
  const query = { name: knownName("a.example"), type: 1, rd: true };
  const first = encodeQuery({ ...query, id: 7 });
  const kept = first.slice();
  encodeQuery({ name: knownName("another.example"), type: 28, rd: false, id: 0xffff });
  expect(first).toEqual(kept);
  expect(encodeQuery(query).subarray(0, 2)).toEqual(Uint8Array.of(0, 0)); // An id that is put in later.
});

describe("laws of queries", () => {
  const anyEdns: fc.Arbitrary<Edns> = fc.record({
    version: fc.constant(0),
    udpSize: fc.nat(0xffff),
    dnssecOk: fc.boolean(),
    options: fc.array(
      fc.record({ code: fc.integer({ min: 20, max: 0xffff }), octets: fc.uint8Array({ maxLength: 40 }) }),
      { maxLength: 4 },
    ),
  });

  test("any query is read as it was written, by server and client", () => {
    const number = fc.nat(0xffff);
    fc.assert(
      fc.property(
        number,
        anyName,
        number,
        number,
        fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
        fc.option(anyEdns, { nil: undefined }),
        (id, name, type, questionClass, [rd, cd, ad], edns) => {
          const octets = encodeQuery({
            id,
            name,
            type,
            class: questionClass,
            rd,
            cd,
            ad,
            ...(edns === undefined ? {} : { edns }),
          });
          const question = { name, type, class: questionClass };
          const end = 12 + name.key.length + 4;
          const decoded = decodeQuery(octets);
          expect(decoded).toEqual({
            kind: "query",
            query: {
              id,
              rd,
              cd,
              ad,
              question: { ...question, start: 12, end },
              ...(edns === undefined ? {} : { edns }),
              trailingOctets: 0,
            },
          });
          const message = decodeMessage(octets);
          expect(message).toMatchObject({
            id,
            opcode: 0,
            rcode: 0,
            flags: { qr: false, rd, cd, ad },
            questions: [question],
          });
          expect(message.edns).toEqual(edns);
        },
      ),
    );
  });

  const usual = encodeQuery({
    id: 1,
    name: knownName("www.example."),
    type: 1,
    rd: true,
    edns: { version: 0, udpSize: 1232, dnssecOk: true, options: [] },
  });
  const telling = fc.constantFrom(0, 1, 2, 8, 10, 12, 15, 41, 63, 64, 192, 193, 250, 255);
  const mutated = fc
    .tuple(
      fc.array(fc.tuple(fc.nat(usual.length - 1), fc.oneof(telling, fc.nat(255))), { maxLength: 4 }),
      fc.nat(usual.length),
      fc.uint8Array({ maxLength: 20 }),
    )
    .map(([changes, length, more]) => {
      const octets = usual.slice();
      for (const [at, value] of changes) octets[at] = value;
      return Uint8Array.from([...octets.subarray(0, length < 12 ? usual.length : length), ...more]);
    });

  test("any octets give a query, a malformed one or an ignored one, and what is answered was asked", () => {
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 100 })), (octets) => {
        const decoded = decodeQuery(octets);
        const isReply = octets.length < 12 || (octets[2] ?? 0) >= 0x80;
        expect(decoded.kind === "ignored").toBe(isReply);
        if (decoded.kind === "malformed") {
          expect(["FORMERR", "NOTIMP", "BADVERS", "NOTAUTH"]).toContain(rcodeName(decoded.rcode));
          expect(decoded.id).toBe(((octets[0] ?? 0) << 8) | (octets[1] ?? 0));
          expect(decoded.edns === undefined || !decoded.optAtFault).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("counts and pointers that lie cost no time", () => {
    const octets = new Uint8Array(0xffff).fill(0xc0);
    octets.set([0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    const zeros = new Uint8Array(0xffff);
    zeros.set(octets.subarray(0, 12));
    for (const hostile of [octets, zeros]) {
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        decodeQuery(hostile);
        return performance.now() - start;
      });
      expect(Math.min(...times)).toBeLessThan(20);
    }
  });
});
