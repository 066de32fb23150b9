import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import type { Message } from "../message/message.ts";
import { displayName, knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { knownCidr } from "../net/cidr.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { honoursSubnet, ownAddresses, seenInReply } from "./seen-reply.ts";
import { subnetOf } from "./standing.ts";

const { snapshot } = loadText(`
networks:
  hub: { kind: azure, prefixes: [10.0.0.0/16, 20.5.0.0/24], subnets: { pe: 10.0.0.0/24 }, hosts: { vm: { address: 10.0.1.4, dns: internet } } }
  twin: { prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 }
  bare:
  small: { prefixes: 10.7.0.4/32, hosts: { only: { address: 10.7.0.4, dns: internet } } }
  test: { prefixes: 192.0.2.0/24 }
`);
const own = ownAddresses(snapshot);

/** `OWNER TTL A|CNAME VALUE`. */
function record(line: string): ResourceRecord {
  const [owner = "", ttl = "", type = "", value = ""] = line.split(" ");
  const rdata = type === "A" ? knownAddress(value).octets : nameRdata(knownName(value));
  const number = type === "A" ? RecordTypes.A : RecordTypes.CNAME;
  return { owner: knownName(owner), type: number, class: 1, ttl: Number.parseInt(ttl, 10), rdata };
}

function message(answers: readonly string[], rcode = 0): Message {
  const flags = { aa: false, tc: false, rd: true, ra: true, ad: false, cd: false, qr: true, z: false };
  return {
    id: 1,
    opcode: 0,
    rcode,
    flags,
    questions: [],
    answers: answers.map(record),
    authorities: [],
    additionals: [],
  };
}

describe("what a reply gives", () => {
  test.each([
    {
      answers: ["a.net 60 A 10.9.9.9"],
      rcode: 0,
      gives: "answer 10.9.9.9 private",
      because: "nobody has it in public",
    },
    {
      answers: ["A.NET 60 A 198.51.100.7"],
      rcode: 0,
      gives: "answer 198.51.100.7 public",
      because: "case does not count",
    },
    {
      answers: ["a.net 60 A 20.5.0.9"],
      rcode: 0,
      gives: "answer 20.5.0.9 private",
      because: "a network of the model has it",
    },
    {
      answers: ["a.net 60 A 10.9.9.9", "a.net 60 A 198.51.100.7"],
      rcode: 0,
      gives: "answer 10.9.9.9,198.51.100.7 neither",
      because: "some are, some are not",
    },
    {
      answers: ["b.net 5 A 10.9.9.9", "stray.net 5 A 10.8.8.8", "a.net 60 CNAME b.net"],
      rcode: 0,
      gives: "answer 10.9.9.9 private via b.net ttl 60,5",
      because: "order does not matter, and what is beside the chain is left out",
    },
    {
      answers: ["a.net 60 CNAME b.net", "b.net 60 CNAME a.net"],
      rcode: 0,
      gives: "nodata neither via b.net,a.net ttl 60,60",
      because: "it goes in a circle",
    },
    { answers: [], rcode: 0, gives: "nodata neither", because: "there is nothing" },
    { answers: [], rcode: 3, gives: "nxdomain neither", because: "the rcode says so" },
    { answers: ["a.net 60 A 10.9.9.9"], rcode: 2, gives: "servfail neither", because: "an error has no answer" },
    { answers: [], rcode: 5, gives: "refused neither", because: "the rcode says so" },
    { answers: [], rcode: 9, gives: "notauth neither", because: "the rcode says so" },
  ])("$answers, rcode $rcode: $gives, as $because", ({ answers, rcode, gives }) => {
    const seen = seenInReply({ name: knownName("a.net"), type: RecordTypes.A }, message(answers, rcode), own);
    const chain =
      seen.chain.length === 0 ? "" : ` via ${seen.chain.map(displayName).join(",")} ttl ${seen.ttls.join(",")}`;
    const values = seen.values.map(({ text }) => text).join(",");
    expect(`${seen.ending} ${values === "" ? "" : `${values} `}${seen.origin ?? "neither"}${chain}`).toBe(gives);
  });

  test("any records give something", () => {
    const name = fc.constantFrom("a.net", "b.net", "c.net");
    const line = fc.oneof(
      fc.tuple(name, name).map(([owner, target]) => `${owner} 60 CNAME ${target}`),
      name.map((owner) => `${owner} 60 A 10.9.9.9`),
    );
    fc.assert(
      fc.property(fc.array(line), fc.nat(4095), (lines, rcode) => {
        const seen = seenInReply({ name: knownName("a.net"), type: RecordTypes.A }, message(lines, rcode), own);
        expect(seen.chain.length).toBeLessThanOrEqual(3);
        expect(seen.ending === "answer").toBe(seen.values.length > 0);
      }),
    );
  });
});

describe("the client subnet by which a server knows an asker", () => {
  test.each([
    { asker: { kind: "network", network: "hub" }, is: "20.5.0.0/24", because: "the other prefix is a twin's too" },
    { asker: { kind: "network", network: "twin" }, is: "127.10.0.0/16", because: "its prefix is another's too" },
    { asker: { kind: "host", network: "hub", host: "vm" }, is: "10.0.1.4/32", because: "it is a machine" },
    { asker: { kind: "network", network: "small" }, is: undefined, because: "its only address is a machine's" },
    { asker: { kind: "network", network: "bare" }, is: undefined, because: "it has none" },
    {
      asker: { kind: "network", network: "internet" },
      is: "198.51.100.0/24",
      because: "a network has the first of them",
    },
    { asker: { kind: "address", address: knownAddress("10.0.0.9") }, is: "10.0.0.9/32", because: "it is said" },
  ] as const)("$is for $asker: $because", ({ asker, is }) => {
    expect(subnetOf(snapshot, asker)?.text).toBe(is);
  });

  test.each([
    { option: [0, 1, 24, 24, 10, 0, 0], honours: true },
    { option: [0, 1, 24, 0, 10, 0, 0], honours: false },
    { option: [0, 1, 24, 16, 10, 0, 0], honours: false },
    { option: [], honours: false },
  ])("an option of $option in a reply says that it was taken: $honours", ({ option, honours }) => {
    const options = option.length === 0 ? [] : [{ code: 8, octets: Uint8Array.from(option) }];
    const reply = { ...message([]), edns: { version: 0, udpSize: 1232, dnssecOk: false, options } };
    expect(honoursSubnet(reply, knownCidr("10.0.0.0/24"))).toBe(honours);
  });
});
