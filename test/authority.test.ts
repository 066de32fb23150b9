import { describe, expect, test } from "vitest";
import { decodeMessage } from "../src/message/decode.ts";
import { type EdnsOption, OptionCodes } from "../src/message/edns.ts";
import type { Message } from "../src/message/message.ts";
import { encodeQuery } from "../src/message/query.ts";
import { knownName } from "../src/name/name-text.ts";
import { RecordClasses } from "../src/record/record-type.ts";
import { typeNumber } from "../src/record/type-names.ts";
import { createAnswer } from "../src/serve/answer.ts";
import { holdSnapshot } from "../src/snapshot/holder.ts";
import { here, unexpected } from "./loopback.ts";
import { dump } from "./rdata-line.ts";
import { loadText } from "./support/memory-files.ts";
import { messageLines } from "./support/reply-text.ts";

/** What an authoritative listener sends, packet for packet. */
const SIGNATURE = "13 2 60 20900101000000 20260101000000 1 signed.example. AAAA";
const estate = loadText(`
networks: { hub: { prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 } }
zones:
  corp.example:
    soa: ns.corp.example. host.corp.example. 1 2 3 4 10
    records: |
      www 3600 A 10.0.0.80
      many 60 TXT a
      many 60 A 10.0.0.81
      alias 60 CNAME www
      out 60 CNAME www.example.net.
      gone 60 CNAME nobody
      down 60 CNAME host.sub
      self 60 CNAME self
      long 60 DNAME ${"l".repeat(63)}.${"m".repeat(63)}.${"n".repeat(63)}
      sub 60 NS ns.sub
      ns.sub 60 A 10.0.0.9
      $GENERATE 1-40 wide 60 NS ns$.wide
      $GENERATE 1-40 ns$.wide 60 A 10.0.1.$
  signed.example:
    soa: ns.corp.example. host.corp.example. 1 2 3 4 10
    records: |
      @ 60 RRSIG SOA ${SIGNATURE}
      www 60 A 10.0.0.82
      www 60 RRSIG A ${SIGNATURE}
      www 60 RRSIG NSEC ${SIGNATURE}
      *.wild 60 A 10.0.0.83
      *.wild 60 RRSIG A ${SIGNATURE}
      alias 60 CNAME www
      alias 60 RRSIG CNAME ${SIGNATURE}
      moved 60 DNAME wild
      moved 60 RRSIG DNAME ${SIGNATURE}
      sub 60 NS ns.invalid.
      sub 60 DS 1 13 2 ${"8".repeat(64)}
      sub 60 RRSIG DS ${SIGNATURE}
listen:
  - { address: 127.0.0.1:5300, authoritative: true, zones: [corp.example, signed.example] }
  - { address: 127.0.0.1:5301, authoritative: true, zones: corp.example, maxTtl: 30 }
`);

interface Asking {
  /** `NAME TYPE`. */
  readonly ask: string;
  readonly class?: number;
  readonly over?: "udp" | "tcp";
  readonly rd?: true;
  /** Octets of a UDP reply that the client takes; without it there is no OPT. */
  readonly size?: number;
  readonly dnssecOk?: true;
  /** Octets of a client-subnet option, in hexadecimal digits. */
  readonly subnet?: string;
  /** Which of the two listeners. */
  readonly listener?: 1;
}

function answerOctets(query: Uint8Array, over: "udp" | "tcp" = "udp", listener: 0 | 1 = 0): Message {
  const { snapshot } = estate;
  const declared = snapshot.topology.listeners[listener];
  if (declared === undefined) throw new RangeError("there are two listeners");
  const answer = createAnswer({
    snapshots: holdSnapshot(snapshot),
    listener: () => declared,
    identity: { version: "privlink", id: "here" },
    onFault: unexpected,
  });
  const octets = answer(query, { ...here(), port: 5353, transport: over, local: declared.at });
  if (!(octets instanceof Uint8Array)) throw new Error("an authoritative listener never waits");
  return decodeMessage(octets);
}

function answerTo(asking: Asking): Message {
  const { ask, over, size, subnet, dnssecOk = false, listener, rd = false } = asking;
  const [name = "", type = ""] = ask.split(" ");
  const options: EdnsOption[] = subnet === undefined ? [] : [{ code: OptionCodes.CLIENT_SUBNET, octets: dump(subnet) }];
  const edns = { version: 0, udpSize: size ?? 1232, dnssecOk, options };
  const hasEdns = size !== undefined || subnet !== undefined || dnssecOk;
  const query = encodeQuery({
    id: 7,
    name: knownName(name),
    type: typeNumber(type) ?? 0,
    class: asking.class ?? RecordClasses.IN,
    rd,
    cd: true,
    ad: true,
    ...(hasEdns ? { edns } : {}),
  });
  return answerOctets(query, over, listener);
}

const SOA = "authority corp.example. 10 SOA ns.corp.example. host.corp.example. 1 2 3 4 10";
const SIGNED_SOA = "authority signed.example. 10 SOA ns.corp.example. host.corp.example. 1 2 3 4 10";

test("the estate loads", () => {
  expect(estate.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

describe("AA where the first owner, or the denial, is its own; RA, AD and CD never", () => {
  test.each<Asking & { aa: boolean; reply: string[]; because: string }>([
    {
      ask: "www.corp.example A",
      aa: true,
      reply: ["NOERROR", "answer www.corp.example. 3600 A 10.0.0.80"],
      because: "data",
    },
    { ask: "www.corp.example AAAA", aa: true, reply: ["NOERROR", SOA], because: "no such type" },
    {
      ask: "nobody.corp.example A",
      size: 1232,
      aa: true,
      reply: ["NXDOMAIN", SOA],
      because: "no such name, and nothing to explain",
    },
    {
      ask: "gone.corp.example A",
      aa: true,
      reply: ["NXDOMAIN", "answer gone.corp.example. 60 CNAME nobody.corp.example.", SOA],
      because: "an alias of no such name",
    },
    {
      ask: "out.corp.example A",
      size: 1232,
      aa: true,
      reply: ["NOERROR", "answer out.corp.example. 60 CNAME www.example.net."],
      because: "an alias that leads out",
    },
    {
      ask: "self.corp.example A",
      size: 1232,
      aa: true,
      reply: ["NOERROR", "answer self.corp.example. 60 CNAME self.corp.example."],
      because: "a loop",
    },
    {
      ask: "host.sub.corp.example A",
      aa: false,
      reply: [
        "NOERROR",
        "authority sub.corp.example. 60 NS ns.sub.corp.example.",
        "additional ns.sub.corp.example. 60 A 10.0.0.9",
      ],
      because: "a referral",
    },
    {
      ask: "down.corp.example A",
      aa: true,
      reply: [
        "NOERROR",
        "answer down.corp.example. 60 CNAME host.sub.corp.example.",
        "authority sub.corp.example. 60 NS ns.sub.corp.example.",
        "additional ns.sub.corp.example. 60 A 10.0.0.9",
      ],
      because: "a referral behind an alias of its own",
    },
    {
      ask: `${"x".repeat(50)}.long.corp.example A`,
      aa: true,
      reply: [
        "YXDOMAIN",
        `answer long.corp.example. 60 DNAME ${"l".repeat(63)}.${"m".repeat(63)}.${"n".repeat(63)}.corp.example.`,
      ],
      because: "a DNAME that makes a name too long",
    },
    {
      ask: "www.example.net A",
      size: 1232,
      aa: false,
      reply: ["REFUSED EDE 20 no zone of this authoritative server holds www.example.net"],
      because: "a name of nobody's",
    },
    {
      ask: "localhost A",
      rd: true,
      size: 1232,
      aa: false,
      reply: ["REFUSED EDE 20 no zone of this authoritative server holds localhost"],
      because: "built-in names are a resolver's",
    },
    {
      ask: "many.corp.example ANY",
      aa: true,
      reply: ["NOERROR", "answer many.corp.example. 60 A 10.0.0.81"],
      because: "ANY over UDP is one set",
    },
    {
      ask: "many.corp.example ANY",
      over: "tcp",
      aa: true,
      reply: ["NOERROR", "answer many.corp.example. 60 A 10.0.0.81", 'answer many.corp.example. 60 TXT "a"'],
      because: "ANY over TCP is every set",
    },
    {
      ask: "host.sub.corp.example A",
      listener: 1,
      aa: false,
      reply: [
        "NOERROR",
        "authority sub.corp.example. 30 NS ns.sub.corp.example.",
        "additional ns.sub.corp.example. 30 A 10.0.0.9",
      ],
      because: "TTLs are capped in every section",
    },
    { ask: "corp.example AXFR", over: "tcp", aa: false, reply: ["REFUSED"], because: "there are no transfers" },
    { ask: "www.corp.example TSIG", aa: false, reply: ["FORMERR"], because: "it is no type of a name" },
    { ask: "www.corp.example MAILB", aa: false, reply: ["NOTIMP"], because: "nobody has it" },
    { ask: "www.corp.example A", class: 255, aa: false, reply: ["REFUSED"], because: "class ANY" },
    {
      ask: "id.server TXT",
      class: 3,
      aa: false,
      reply: ["NOERROR", 'answer id.server. 0 TXT "here"'],
      because: "class CHAOS is about the server",
    },
  ])("$ask over $over: $because", ({ aa, reply, ...asking }) => {
    const message = answerTo(asking);
    expect(messageLines(message)).toEqual(reply);
    const rd = asking.rd ?? false;
    expect(message.flags).toMatchObject({ qr: true, aa, rd, ra: false, ad: false, cd: false, tc: false });
  });
});

describe("what is no good question", () => {
  test.each([
    { message: "0007 2010 0001 0000 0000 0000 0161 00 0001 0001", rcode: 4, because: "NOTIFY is not built" },
    {
      message: "0007 0010 0002 0000 0000 0000 0161 00 0001 0001 0161 00 0001 0001",
      rcode: 1,
      because: "two questions",
    },
    { message: "0007 0010 0001 0000 0000 0000 0161 00 0001", rcode: 1, because: "it ends in the question" },
    {
      message: "0007 0010 0001 0000 0000 0001 0161 00 0001 0001 00 0029 04d0 0001 0000 0000",
      rcode: 0,
      because: "EDNS version 1",
    },
    {
      message: "0007 0010 0001 0000 0000 0001 0161 00 0001 0001 00 0029 04d0 0000 0000 0008 0008 0004 0009 1800",
      rcode: 1,
      because: "a client subnet of no family",
    },
  ])("is answered without RA and CD: $because", ({ message, rcode }) => {
    const reply = answerOctets(dump(message));
    expect(reply.flags).toMatchObject({ qr: true, aa: false, ra: false, cd: false });
    expect(reply.rcode & 0xf).toBe(rcode);
  });
});

test("glue that does not fit has TC, and is whole over TCP (RFC 9471 §3.1)", () => {
  const short = answerTo({ ask: "x.wide.corp.example A" });
  expect(short.flags.tc).toBe(true);
  const edns = answerTo({ ask: "x.wide.corp.example A", size: 1232 });
  expect([edns.flags.tc, edns.authorities.length]).toEqual([true, 40]);
  const whole = answerTo({ ask: "x.wide.corp.example A", over: "tcp" });
  expect([whole.flags.tc, whole.authorities.length, whole.additionals.length]).toEqual([false, 40, 40]);
});

test("a client subnet is echoed with scope 0: the answer is the same for everybody", () => {
  const { edns, answers } = answerTo({ ask: "www.corp.example A", subnet: "0001 18 00 cb0071" });
  expect(answers).toHaveLength(1);
  expect(edns?.options.map(({ octets }) => Buffer.from(octets).toString("hex"))).toEqual(["00011800cb0071"]);
});

describe("with DO the signatures that a zone has", () => {
  const signed = (owner: string, type: string, ttl = 60): string =>
    `${owner} ${ttl} RRSIG ${type} 13 2 60 20900101000000 20260101000000 1 signed.example. AAAA`;
  test.each<Asking & { reply: string[]; because: string }>([
    {
      ask: "www.signed.example A",
      reply: ["NOERROR", "answer www.signed.example. 60 A 10.0.0.82", `answer ${signed("www.signed.example.", "A")}`],
      because: "those that cover the set, and no other",
    },
    {
      ask: "alias.signed.example A",
      reply: [
        "NOERROR",
        "answer alias.signed.example. 60 CNAME www.signed.example.",
        `answer ${signed("alias.signed.example.", "CNAME")}`,
        "answer www.signed.example. 60 A 10.0.0.82",
        `answer ${signed("www.signed.example.", "A")}`,
      ],
      because: "each behind its set",
    },
    {
      ask: "x.moved.signed.example A",
      reply: [
        "NOERROR",
        "answer moved.signed.example. 60 DNAME wild.signed.example.",
        `answer ${signed("moved.signed.example.", "DNAME")}`,
        "answer x.moved.signed.example. 60 CNAME x.wild.signed.example.",
        "answer x.wild.signed.example. 60 A 10.0.0.83",
        `answer ${signed("x.wild.signed.example.", "A")}`,
      ],
      because: "a made CNAME has none, and a wildcard's stands at the name asked",
    },
    {
      ask: "www.signed.example TXT",
      reply: ["NOERROR", SIGNED_SOA, `authority ${signed("signed.example.", "SOA", 10)}`],
      because: "the SOA of a denial, with the TTL that the SOA has there",
    },
    {
      ask: "x.sub.signed.example A",
      reply: [
        "NOERROR",
        "authority sub.signed.example. 60 NS ns.invalid.",
        `authority sub.signed.example. 60 DS 1 13 2 ${"8".repeat(56)} ${"8".repeat(8)}`,
        `authority ${signed("sub.signed.example.", "DS")}`,
      ],
      because: "a referral's DS, and not its NS",
    },
    {
      ask: "www.corp.example A",
      reply: ["NOERROR", "answer www.corp.example. 3600 A 10.0.0.80"],
      because: "a zone that is not signed has none",
    },
    {
      ask: "www.signed.example RRSIG",
      over: "tcp",
      reply: [
        "NOERROR",
        `answer ${signed("www.signed.example.", "A")}`,
        `answer ${signed("www.signed.example.", "NSEC")}`,
      ],
      because: "asked for by type, all, and each once",
    },
    {
      ask: "www.signed.example ANY",
      over: "tcp",
      reply: [
        "NOERROR",
        "answer www.signed.example. 60 A 10.0.0.82",
        `answer ${signed("www.signed.example.", "A")}`,
        `answer ${signed("www.signed.example.", "NSEC")}`,
      ],
      because: "ANY has each once, too",
    },
  ])("$ask: $because", ({ reply, ...asking }) => {
    const message = answerTo({ ...asking, dnssecOk: true });
    expect(messageLines(message)).toEqual(reply);
    expect(message.edns?.dnssecOk).toBe(true);
    const plain = answerTo({ ...asking, size: 1232 });
    if (!asking.ask.endsWith("RRSIG") && !asking.ask.endsWith("ANY"))
      expect(messageLines(plain)).toEqual(reply.filter((line) => !/ (?:RRSIG|DS) /.test(line)));
  });
});
