import { Packet } from "dns2";
import { describe, expect, test } from "vitest";
import { formatName, knownName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import { decodeMessage } from "./decode.ts";
import { encodeReply } from "./encode.ts";
import { encodeQuery } from "./query.ts";

function set(owner: string, type: number, ...rdatas: Uint8Array[]): RRset {
  return { owner: knownName(owner), type, ttl: 60, rdatas };
}

function target(name: string): Uint8Array {
  return nameRdata(knownName(name));
}

describe("dns2, a codec written by others,", () => {
  test("reads our replies", () => {
    const soa = makeSoa({
      mname: knownName("ns.example."),
      rname: knownName("host.example."),
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 5,
    });
    const octets = encodeReply(
      {
        id: 0xabcd,
        opcode: 0,
        rcode: 3,
        flags: { aa: true, rd: true, ra: true, ad: false, cd: true },
        question: { name: knownName("www.example."), type: 255, class: 1 },
        answers: [
          set("www.example.", 5, target("a.example.")),
          set("a.example.", 1, Uint8Array.of(10, 0, 0, 7), Uint8Array.of(10, 0, 0, 8)),
          set("a.example.", 28, Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
          set("example.", 15, Uint8Array.of(0, 10, ...target("mail.example."))),
          set("_s._tcp.example.", 33, Uint8Array.of(0, 1, 0, 2, 1, 0xbb, ...target("a.example."))),
          set("example.", 16, Uint8Array.of(2, 0x68, 0x69)),
          set("7.0.0.10.in-addr.arpa.", 12, target("a.example.")),
        ],
        authorities: [set("example.", 6, soa), set("example.", 2, target("ns.example."))],
        glue: [set("ns.example.", 1, Uint8Array.of(10, 0, 0, 9))],
        additionals: [],
        edns: { udpSize: 1232, dnssecOk: true, options: [], extendedError: { code: 22, text: "no target answered" } },
      },
      4096,
    );
    const packet = Packet.parse(Buffer.from(octets));
    expect(packet.errors).toEqual([]);
    expect(packet.header).toMatchObject({ id: 0xabcd, qr: 1, aa: 1, tc: 0, rd: 1, ra: 1, cd: 1, rcode: 3 });
    expect(packet.questions).toEqual([expect.objectContaining({ name: "www.example", type: 255, class: 1 })]);
    expect(packet.answers).toMatchObject([
      { name: "www.example", type: 5, ttl: 60, domain: "a.example" },
      { name: "a.example", type: 1, address: "10.0.0.7" },
      { name: "a.example", type: 1, address: "10.0.0.8" },
      { name: "a.example", type: 28, address: "2001:db8::1" },
      { name: "example", type: 15, priority: 10, exchange: "mail.example" },
      { name: "_s._tcp.example", type: 33, priority: 1, weight: 2, port: 443, target: "a.example" },
      { name: "example", type: 16, data: ["hi"] },
      { name: "7.0.0.10.in-addr.arpa", type: 12, domain: "a.example" },
    ]);
    expect(packet.authorities).toMatchObject([
      {
        name: "example",
        type: 6,
        primary: "ns.example",
        admin: "host.example",
        serial: 1,
        refresh: 2,
        retry: 3,
        expiration: 4,
        minimum: 5,
      },
      { name: "example", type: 2, ns: "ns.example" },
    ]);
    expect(packet.additionals).toMatchObject([
      { name: "ns.example", address: "10.0.0.9" },
      {
        type: 41,
        class: 1232,
        version: 0,
        doFlag: true,
        rdata: [{ ednsCode: 15, infoCode: 22, extraText: "no target answered" }],
      },
    ]);
  });

  test("reads our queries", () => {
    const edns = {
      version: 0,
      udpSize: 1232,
      dnssecOk: false,
      options: [{ code: 8, octets: Uint8Array.of(0, 1, 16, 0, 10, 1) }],
    };
    const octets = encodeQuery({ id: 7, name: knownName("MyRegistry.azurecr.io."), type: 28, rd: true, edns });
    const packet = Packet.parse(Buffer.from(octets));
    expect(packet.errors).toEqual([]);
    expect(packet.header).toMatchObject({ id: 7, qr: 0, rd: 1, arcount: 1 });
    expect(packet.questions).toMatchObject([{ name: "MyRegistry.azurecr.io", type: 28, class: 1 }]);
    expect(packet.additionals).toMatchObject([
      { type: 41, class: 1232, rdata: [{ ednsCode: 8, family: 1, sourcePrefixLength: 16, ip: "10.1.0.0" }] },
    ]);
  });

  test("writes replies that we read", () => {
    const octets = Buffer.from(
      "004d8180000100070002000003777777076578616d706c6503636f6d0000010001c00c000500010000003c00040161c010c02d0001000100000005000401020304c02d001c000100000005001020010db8000000000000000000000001c010000f0001000000050007000a026d78c010c010001000010000000500060568656c6c6f025f73c0100021000100000005000a0001000200030174c010c010010100010000000500110005697373756563612e6578616d706c65c0100006000100000009001d026e73c0100168c0100000000100000002000000030000000400000005c01000020001000000050002c0c4",
      "hex",
    );
    const { answers, authorities, flags } = decodeMessage(octets);
    expect(flags).toMatchObject({ qr: true, aa: false, rd: true, ra: true });
    const shown = [...answers, ...authorities].map(
      ({ owner, ttl, type, rdata }) => `${formatName(owner)} ${ttl} ${typeName(type)} ${formatRdata(type, rdata)}`,
    );
    expect(shown).toEqual([
      "www.example.com. 60 CNAME a.example.com.",
      "a.example.com. 5 A 1.2.3.4",
      "a.example.com. 5 AAAA 2001:db8::1",
      "example.com. 5 MX 10 mx.example.com.",
      'example.com. 5 TXT "hello"',
      "_s.example.com. 5 SRV 1 2 3 t.example.com.",
      'example.com. 5 CAA 0 issue "ca.example"',
      "example.com. 9 SOA ns.example.com. h.example.com. 1 2 3 4 5",
      "example.com. 5 NS ns.example.com.",
    ]);
  });
});
