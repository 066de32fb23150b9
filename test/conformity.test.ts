import { describe, expect, test } from "vitest";
import { decodeMessage } from "../src/message/decode.ts";
import { type EdnsOption, OptionCodes } from "../src/message/edns.ts";
import type { Message } from "../src/message/message.ts";
import { encodeQuery } from "../src/message/query.ts";
import { formatName, knownName } from "../src/name/name-text.ts";
import { type Address, parseAddress, parseAddressPort } from "../src/net/address.ts";
import { LOOPBACK_PREFIXES } from "../src/net/cidr.ts";
import { aliasTarget } from "../src/record/rdata-wire.ts";
import { RecordClasses, RecordTypes } from "../src/record/record-type.ts";
import type { RRset } from "../src/record/rrset.ts";
import { typeNumber } from "../src/record/type-names.ts";
import type { AskUpstream } from "../src/resolve/upstream.ts";
import { type AnswerParts, createAnswer } from "../src/serve/answer.ts";
import { holdSnapshot } from "../src/snapshot/holder.ts";
import { dump } from "./rdata-line.ts";
import { loadText } from "./support/memory-files.ts";
import { messageLines } from "./support/reply-text.ts";
import { recordsOfLines, showSet } from "./zone-lines.ts";

/** What a DNS client gets, packet for packet, where servers differ and what each listener promises. */
const estate = loadText(`
defaults: { network: { kind: azure } }
networks:
  hub: { prefixes: 10.0.0.0/16, clients: 127.10.0.0/16, peers: [spoke, office] }
  spoke: { prefixes: 10.1.0.0/16, clients: 127.11.0.0/16, dns: fwd }
  narrow: { prefixes: 10.1.2.0/24 }
  six: { prefixes: "fd00:1::/48" }
  twin-a: { prefixes: 172.16.0.0/16 }
  twin-b: { prefixes: 172.16.0.0/16 }
  office: { kind: on-premises, prefixes: 192.168.0.0/16, dns: office-dns }
zones:
  corp.example:
    links: [hub, narrow, six]
    records: |
      www 3600 A 10.0.0.80
      MixedCase 60 A 10.0.0.84
      alias 60 CNAME MixedCase
      od\\000d 60 A 10.0.0.81
      sp\\032ace 60 A 10.0.0.82
      dot\\.ted 60 A 10.0.0.83
      many 60 TXT last
      $GENERATE 1-40 many 60 A 10.3.0.$
      to-many 60 CNAME many
      $GENERATE 1-2000 huge 60 TXT "${"x".repeat(30)}$"
      long 60 DNAME ${"l".repeat(63)}.${"m".repeat(63)}.${"n".repeat(63)}
      self 60 CNAME self
      any 60 TXT t
      any 60 A 10.0.0.1
  privatelink.azurecr.io:
    links: [{ network: hub, onMiss: internet }]
    records: reg 10 A 10.0.0.7
  ${"a-zone-with-a-name-so-long-that-its-error-text-is-cut.".repeat(2)}example: { links: hub }
resolvers:
  fwd: { network: hub, address: [10.0.0.4, 127.0.0.9], forward: { ".": platform, dead.example: 10.0.0.200 } }
  iterating: { network: office, forward: { privatelink.azurecr.io: fwd, ".": internet } }
  office-dns: { network: office, address: 192.168.0.53, forward: { azurecr.io: fwd, ".": fwd } }
public: { upstream: 9.9.9.9 }
`);

/** What the real servers of these tests know. */
const REAL = recordsOfLines(
  `www.real.example. 300 A 192.0.2.1
out.real.example. 300 CNAME reg.privatelink.azurecr.io.
reg.privatelink.azurecr.io. 300 CNAME edge.real.example.
far.privatelink.azurecr.io. 300 CNAME again.real.example.
again.real.example. 300 CNAME reg.privatelink.azurecr.io.
edge.real.example. 300 A 192.0.2.2`,
  ".",
);

/** A real server: the whole chain at once, as they send it. */
const realServer: AskUpstream = ({ servers, question }) => {
  expect(servers.targets.length).toBe(1);
  const aliases: RRset[] = [];
  for (let { name } = question; ; ) {
    const [here] = REAL.filter(({ owner }) => owner.key === name.key);
    if (here === undefined) return Promise.resolve({ kind: "reply", aliases, outcome: { kind: "nxdomain" } });
    const set: RRset = { owner: name, type: here.type, ttl: here.ttl, rdatas: [here.rdata] };
    if (here.type !== RecordTypes.CNAME)
      return Promise.resolve({ kind: "reply", aliases, outcome: { kind: "answer", rrsets: [set] } });
    aliases.push(set);
    name = aliasTarget(here.rdata);
  }
};

interface Asking {
  /** `NAME TYPE`. */
  readonly ask: string;
  readonly class?: number;
  readonly from?: string;
  /** Where the query arrives. */
  readonly at?: string;
  readonly over?: "udp" | "tcp";
  readonly rd?: false;
  /** Octets of a UDP reply that the client takes; without it there is no OPT. */
  readonly size?: number;
  /** Octets of a client-subnet option, in hexadecimal digits. */
  readonly subnet?: string;
  readonly listener?: Partial<ReturnType<AnswerParts["listener"]>>;
}

async function answerTo(asking: Asking): Promise<{ message: Message; octets: Uint8Array }> {
  const { class: qclass = RecordClasses.IN, from = "127.10.0.4", at = "127.0.0.1:5300", over = "udp" } = asking;
  const { size, subnet } = asking;
  const [name = "", type = ""] = asking.ask.split(" ");
  const faults: unknown[] = [];
  const answer = createAnswer({
    snapshots: holdSnapshot(estate.snapshot),
    listener: () => ({ trust: LOOPBACK_PREFIXES, ...asking.listener }),
    identity: { version: "privlink", id: "here" },
    ask: realServer,
    onFault: (fault) => faults.push(fault),
  });
  const options: EdnsOption[] = subnet === undefined ? [] : [{ code: OptionCodes.CLIENT_SUBNET, octets: dump(subnet) }];
  const edns = { version: 0, udpSize: size ?? 1232, dnssecOk: false, options };
  const query = encodeQuery({
    id: 7,
    name: knownName(name),
    type: typeNumber(type) ?? 0,
    class: qclass,
    rd: asking.rd ?? true,
    ...(size === undefined && subnet === undefined ? {} : { edns }),
  });
  const local = parseAddressPort(at, 53);
  if (local === undefined) throw new RangeError(`${at} is no ADDR:PORT`);
  const octets = await answer(query, { transport: over, address: addressFrom(from), port: 5353, local });
  expect(faults).toEqual([]);
  if (octets === undefined) throw new Error("there is no reply");
  return { message: decodeMessage(octets), octets };
}

function addressFrom(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new RangeError(`${text} is no address`);
  return address;
}

function echoedSubnet({ edns }: Message): string | undefined {
  const option = edns?.options.find(({ code }) => code === OptionCodes.CLIENT_SUBNET);
  return option === undefined ? undefined : Buffer.from(option.octets).toString("hex");
}

const CORP_SOA =
  "authority corp.example. 10 SOA azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10";

test("the estate loads", () => {
  expect(estate.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

describe("names are octets", () => {
  test.each<Asking & { answer: string[]; because: string }>([
    { ask: "od\\000d.corp.example A", answer: ["od\\000d.corp.example. 10.0.0.81"], because: "a zero octet" },
    { ask: "sp\\032ace.corp.example A", answer: ["sp\\032ace.corp.example. 10.0.0.82"], because: "a blank" },
    { ask: "dot\\.ted.corp.example A", answer: ["dot\\.ted.corp.example. 10.0.0.83"], because: "a dot in a label" },
    { ask: "dot.ted.corp.example A", answer: [], because: "two labels are another name" },
    {
      ask: "wWw.CORP.exAMPLE A",
      answer: ["wWw.CORP.exAMPLE. 10.0.0.80"],
      because: "the owner is compressed against the question, and takes its case",
    },
    {
      ask: "ALIAS.corp.example A",
      answer: ["ALIAS.corp.example. MixedCase.corp.example.", "MixedCase.corp.example. 10.0.0.84"],
      because: "what is not the question keeps the case of the zone",
    },
  ])("$ask: $because", async ({ answer, ...asking }) => {
    const { message, octets } = await answerTo(asking);
    const shown = message.answers.map((record) => {
      const [owner = "", , , ...rdata] = showSet({ ...record, rdatas: [record.rdata] }).split(" ");
      return [owner, ...rdata].join(" ");
    });
    expect(shown).toEqual(answer);
    const name = asking.ask.split(" ")[0] ?? "";
    expect(formatName(message.questions[0]?.name ?? knownName("."))).toBe(`${name}.`);
    expect(octets.length).toBeLessThanOrEqual(512);
  });
});

describe("a reply fits, or says that it does not", () => {
  test.each<Asking & { tc: boolean; answers: number; rcode: string; most: number }>([
    { ask: "many.corp.example A", tc: true, answers: 0, rcode: "NOERROR", most: 512 },
    { ask: "many.corp.example A", size: 0, tc: true, answers: 0, rcode: "NOERROR", most: 512 },
    { ask: "many.corp.example A", size: 511, tc: true, answers: 0, rcode: "NOERROR", most: 512 },
    { ask: "many.corp.example A", size: 700, tc: false, answers: 40, rcode: "NOERROR", most: 700 },
    { ask: "many.corp.example A", size: 65535, tc: false, answers: 40, rcode: "NOERROR", most: 1232 },
    { ask: "to-many.corp.example A", tc: true, answers: 1, rcode: "NOERROR", most: 512 },
    { ask: "to-many.corp.example A", over: "tcp", tc: false, answers: 41, rcode: "NOERROR", most: 65535 },
    { ask: "huge.corp.example TXT", size: 65535, tc: true, answers: 0, rcode: "NOERROR", most: 1232 },
    {
      ask: "huge.corp.example TXT",
      over: "tcp",
      size: 512,
      tc: false,
      answers: 0,
      rcode: "SERVFAIL EDE 0 the answer is over 65535 octets",
      most: 65535,
    },
  ])("$ask over $over with a size of $size: TC $tc, $answers records, $rcode", async (row) => {
    const { tc, answers, rcode, most, ...asking } = row;
    const { message, octets } = await answerTo(asking);
    expect({ tc: message.flags.tc, answers: message.answers.length }).toEqual({ tc, answers });
    expect(messageLines(message)[0]).toBe(rcode);
    expect(octets.length).toBeLessThanOrEqual(most);
  });
});

describe("the whole reply", () => {
  test.each<Asking & { reply: string[]; because: string }>([
    {
      ask: "www.corp.example AAAA",
      reply: ["NOERROR", CORP_SOA],
      because: "NODATA has one SOA, as short as its minimum",
    },
    {
      ask: "none.corp.example A",
      size: 1232,
      reply: ["NXDOMAIN EDE 0 private zone corp.example has no none.corp.example", CORP_SOA],
      because: "a private zone that denies says so",
    },
    { ask: "none.corp.example A", reply: ["NXDOMAIN", CORP_SOA], because: "without OPT there is no reason" },
    {
      ask: "www.corp.example A",
      listener: { network: "hub", maxTtl: 30 },
      from: "127.0.0.1",
      reply: ["NOERROR", "answer www.corp.example. 30 A 10.0.0.80"],
      because: "a listener caps TTLs",
    },
    {
      ask: "self.corp.example A",
      size: 1232,
      reply: ["SERVFAIL EDE 0 the aliases lead back to self.corp.example"],
      because: "SERVFAIL has no records",
    },
    {
      ask: `${"x".repeat(50)}.long.corp.example A`,
      reply: [
        "YXDOMAIN",
        `answer long.corp.example. 60 DNAME ${"l".repeat(63)}.${"m".repeat(63)}.${"n".repeat(63)}.corp.example.`,
      ],
      because: "a DNAME that makes a name too long is shown (RFC 6672 §2.2)",
    },
    {
      ask: "any.corp.example ANY",
      reply: ["NOERROR", "answer any.corp.example. 60 A 10.0.0.1"],
      because: "over UDP one set (RFC 8482 §4.1)",
    },
    {
      ask: "any.corp.example ANY",
      over: "tcp",
      reply: ["NOERROR", "answer any.corp.example. 60 A 10.0.0.1", 'answer any.corp.example. 60 TXT "t"'],
      because: "over TCP all",
    },
    {
      ask: "www.real.example ANY",
      size: 1232,
      reply: ["NOTIMP EDE 21 ANY is never forwarded"],
      because: "only a real server could answer",
    },
    { ask: "corp.example AXFR", over: "tcp", reply: ["REFUSED"], because: "there are no transfers" },
    { ask: "corp.example MAILB", reply: ["NOTIMP"], because: "nobody has it" },
    { ask: "corp.example TKEY", reply: ["FORMERR"], because: "it is no type of a name" },
    { ask: "www.corp.example TYPE0", reply: ["NOERROR", CORP_SOA], because: "any other number is a type" },
    {
      ask: "www.corp.example A",
      class: 255,
      size: 1232,
      reply: ["REFUSED EDE 21 class ANY is not supported here"],
      because: "class ANY",
    },
    {
      ask: "www.corp.example A",
      class: 4,
      size: 1232,
      reply: ["REFUSED EDE 21 class HS is not supported here"],
      because: "class HS",
    },
    {
      ask: "id.server TXT",
      class: 3,
      reply: ["NOERROR", 'answer id.server. 0 TXT "here"'],
      because: "class CHAOS knows four names",
    },
    { ask: "id.server A", class: 3, reply: ["NOERROR"], because: "and one type of each" },
    {
      ask: "www.real.example A",
      rd: false,
      size: 1232,
      reply: ["REFUSED EDE 20 a real server would have to be asked, and the query does not desire recursion"],
      because: "nothing is sent for RD=0",
    },
    {
      ask: "www.real.example A",
      rd: false,
      from: "127.11.0.4",
      size: 1232,
      reply: ["REFUSED EDE 20 a real server would have to be asked, and the query does not desire recursion"],
      because: "nor when a resolver of the model would have to send it",
    },
    {
      ask: "www.corp.example A",
      rd: false,
      from: "127.11.0.4",
      reply: ["NOERROR", "answer www.corp.example. 3600 A 10.0.0.80"],
      because: "what the model knows is answered with RD=0 through any number of resolvers",
    },
    {
      ask: "x.dead.example A",
      from: "127.11.0.4",
      size: 1232,
      reply: ["SERVFAIL EDE 22 no target answered: 10.0.0.200 (no reply)"],
      because: "nobody is there",
    },
    {
      ask: "www.corp.example A",
      from: "172.16.0.1",
      size: 1232,
      reply: [
        "REFUSED EDE 18 the source address lies in networks twin-a and twin-b: use clients, a listener or a client subnet",
      ],
      because: "two networks could have asked",
    },
    {
      ask: "www.corp.example A",
      from: "172.16.0.1",
      at: "127.0.0.9:5300",
      reply: ["NOERROR", "answer www.corp.example. 3600 A 10.0.0.80"],
      because: "at a resolver's address it does not matter who asked",
    },
    {
      ask: "www.corp.example A",
      from: "192.168.0.9",
      at: "168.63.129.16:53",
      size: 1232,
      reply: [
        "SERVFAIL EDE 22 168.63.129.16 is a platform address, which only machines inside its own network reach, and office is outside",
      ],
      because: "an office has no platform resolver",
    },
    {
      ask: `x.${"a-zone-with-a-name-so-long-that-its-error-text-is-cut.".repeat(2)}example A`,
      size: 1232,
      reply: [
        `NXDOMAIN EDE 0 ${`private zone ${"a-zone-with-a-name-so-long-that-its-error-text-is-cut.".repeat(2)}`.slice(0, 120)}`,
        `authority ${"a-zone-with-a-name-so-long-that-its-error-text-is-cut.".repeat(2)}example. 10 SOA azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10`,
      ],
      because: "a reason has at most 120 octets",
    },
  ])("$ask: $because", async ({ reply, ...asking }) => {
    const { message } = await answerTo(asking);
    const lines = messageLines(message);
    expect(asking.size === undefined ? [lines[0]?.replace(/ EDE .*/, ""), ...lines.slice(1)] : lines).toEqual(reply);
    expect(message.flags).toMatchObject({ qr: true, aa: false, ad: false, ra: true, rd: asking.rd ?? true });
    expect(message.edns === undefined).toBe(asking.size === undefined);
  });
});

describe("who asks, by client subnet", () => {
  const www = "answer www.corp.example. 3600 A 10.0.0.80";
  test.each<Asking & { echo?: string; reply: string[]; because: string }>(
    [
      { subnet: "0001 18 00 0a0000", echo: "000118180a0000", reply: ["NOERROR", www], because: "it is inside hub" },
      {
        subnet: "0001 08 00 0a",
        echo: "000108080a",
        reply: ["NXDOMAIN EDE 0 client subnet is too short to choose among hub, spoke, narrow"],
        because: "three networks are inside it",
      },
      {
        subnet: "0001 17 00 0a0102",
        echo: "000117170a0102",
        reply: ["NOERROR", www],
        because: "a /23 is inside spoke, although a /24 of another network is inside the /23",
      },
      {
        subnet: "0001 18 00 0a0102",
        echo: "000118180a0102",
        reply: ["NOERROR", www],
        because: "the longest prefix wins",
      },
      {
        subnet: "0002 40 00 fd00000100000000",
        echo: "00024040fd00000100000000",
        reply: ["NOERROR", www],
        because: "IPv6 is a family as good",
      },
      {
        subnet: `0002 70 00 ${"00".repeat(10)}ffff0a00`,
        echo: `00027070${"00".repeat(10)}ffff0a00`,
        reply: ["NOERROR", www],
        because: "mapped IPv4 is IPv4",
      },
      {
        from: "127.10.0.4",
        subnet: "0001 00 00",
        echo: "00010000",
        reply: ["NOERROR", www],
        because: "a length of 0 is none given: the source counts",
      },
      {
        from: "127.10.0.4",
        subnet: "0000 00 00",
        echo: "00000000",
        reply: ["NOERROR", www],
        because: "in whatever family",
      },
      {
        from: "10.0.0.9",
        subnet: "0001 18 00 0a0102",
        reply: ["NOERROR EDE 0 client subnet ignored: this peer is not trusted", www],
        because: "a peer that is not trusted is told, and gets none back",
      },
      {
        listener: { network: "hub" },
        subnet: "0001 18 00 0a0102",
        echo: "000118000a0102",
        reply: ["NOERROR", www],
        because: "a listener of one network asks nobody: the scope is 0",
      },
      {
        listener: { resolver: "fwd" },
        subnet: "0001 18 00 cb0071",
        echo: "00011800cb0071",
        reply: ["NOERROR", www],
        because: "nor does one that is a resolver",
      },
      {
        at: "127.0.0.9:5300",
        subnet: "0001 18 00 cb0071",
        echo: "00011800cb0071",
        reply: ["NOERROR", www],
        because: "nor a resolver's own address",
      },
      { subnet: "0001 18 00 0a00", reply: ["FORMERR"], because: "an octet is missing" },
      { subnet: "0001 18 00 0a000000", reply: ["FORMERR"], because: "an octet too many" },
      { subnet: "0001 17 00 0a0001", reply: ["FORMERR"], because: "a bit beyond the length" },
      { subnet: "0001 21 00 0a00000000", reply: ["FORMERR"], because: "IPv4 has 32 bits" },
      { subnet: "0003 08 00 0a", reply: ["FORMERR"], because: "no such family" },
      { subnet: "0001 18 18 0a0000", reply: ["FORMERR"], because: "a scope in a question" },
    ].map((row) => ({ ask: "www.corp.example A", from: "127.0.0.1", ...row })),
  )("$subnet from $from: $because", async ({ reply, echo, ...asking }) => {
    const { message } = await answerTo(asking);
    expect(messageLines(message)).toEqual(reply);
    expect(echoedSubnet(message)).toBe(echo);
  });
});

describe("aliases that real servers send", () => {
  const toReg = "answer out.real.example. 300 CNAME reg.privatelink.azurecr.io.";
  const privateReg = "answer reg.privatelink.azurecr.io. 10 A 10.0.0.7";
  test.each<Asking & { reply: string[]; because: string }>([
    {
      ask: "www.real.example A",
      reply: ["NOERROR", "answer www.real.example. 300 A 192.0.2.1"],
      because: "what the model does not know is asked",
    },
    {
      ask: "out.real.example A",
      reply: ["NOERROR", toReg, privateReg],
      because: "the reply is cut where a linked zone goes on",
    },
    {
      ask: "far.privatelink.azurecr.io A",
      reply: [
        "NOERROR",
        "answer far.privatelink.azurecr.io. 300 CNAME again.real.example.",
        "answer again.real.example. 300 CNAME reg.privatelink.azurecr.io.",
        privateReg,
      ],
      because: "also when the zone itself sent the name out",
    },
    {
      ask: "out.real.example A",
      listener: { resolver: "iterating" },
      reply: ["NOERROR", toReg, privateReg],
      because: "a forwarder that iterates takes each alias back to its own rules",
    },
    {
      ask: "out.real.example A",
      listener: { network: "twin-a" },
      reply: [
        "NOERROR",
        toReg,
        "answer reg.privatelink.azurecr.io. 300 CNAME edge.real.example.",
        "answer edge.real.example. 300 A 192.0.2.2",
      ],
      because: "a network without the link gets the public chain",
    },
    { ask: "no.real.example A", reply: ["NXDOMAIN"], because: "a denial without a SOA stays one" },
  ])("$ask: $because", async ({ reply, ...asking }) => {
    const { message } = await answerTo(asking);
    expect(messageLines(message)).toEqual(reply);
  });
});
