import { describe, expect, test } from "vitest";
import { dump, parseLine, typeOf } from "../../test/rdata-line.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { writeCompressedName } from "../octets/name.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { OctetWriter } from "../octets/octet-writer.ts";
import { WireError } from "../octets/wire-error.ts";
import { aliasTarget, makeSoa, namesIn, readRdata, soaMinimum, writeRdata } from "./rdata-wire.ts";
import { RecordTypes } from "./record-type.ts";
import { TYPE_REGISTRY } from "./type-registry.ts";

/** A header, `example.com.` at octet 12, and rdata from octet 25 on. */
const BEFORE = `${"00".repeat(12)} 076578616d706c6503636f6d00`;
const EXAMPLE_COM = "076578616d706c6503636f6d00";
const RDATA_AT = 25;

function readAfterName(type: number, rdata: string, behind = ""): Uint8Array {
  const octets = dump(BEFORE + rdata + behind);
  return readRdata(type, new OctetReader(octets, RDATA_AT), dump(rdata).length);
}

describe("readRdata", () => {
  test.each([
    { type: "NS", rdata: "036e7331 c00c", kept: `036e7331 ${EXAMPLE_COM}` },
    { type: "CNAME", rdata: "c00c", kept: EXAMPLE_COM },
    { type: "PTR", rdata: "0141 c014", kept: "0141 03636f6d00" },
    { type: "MX", rdata: "000a c00c", kept: `000a ${EXAMPLE_COM}` },
    {
      type: "SOA",
      rdata: "036e7331 c00c c019 00000001 00000002 00000003 00000004 00000005",
      kept: `036e7331 ${EXAMPLE_COM} 036e7331 ${EXAMPLE_COM} 00000001 00000002 00000003 00000004 00000005`,
    },
    { type: "MB", rdata: "c00c", kept: EXAMPLE_COM },
    { type: "MD", rdata: "c00c", kept: EXAMPLE_COM },
    { type: "MF", rdata: "c00c", kept: EXAMPLE_COM },
    { type: "MG", rdata: "c00c", kept: EXAMPLE_COM },
    { type: "MR", rdata: "c00c", kept: EXAMPLE_COM },
    { type: "MINFO", rdata: "c00c c014", kept: `${EXAMPLE_COM} 03636f6d00` },
    { type: "SRV", rdata: "0001 0002 0003 c00c", kept: `0001 0002 0003 ${EXAMPLE_COM}` },
    { type: "RP", rdata: "c00c 0161 c014", kept: `${EXAMPLE_COM} 0161 03636f6d00` },
    { type: "AFSDB", rdata: "0001 c00c", kept: `0001 ${EXAMPLE_COM}` },
    { type: "RT", rdata: "0001 c00c", kept: `0001 ${EXAMPLE_COM}` },
    { type: "PX", rdata: "0001 c00c c014", kept: `0001 ${EXAMPLE_COM} 03636f6d00` },
    { type: "NXT", rdata: "c00c 40", kept: `${EXAMPLE_COM} 40` },
    {
      type: "SIG",
      rdata: "0001 08 02 0000012c 5e0be100 5e0be100 0001 c00c 01",
      kept: `0001 08 02 0000012c 5e0be100 5e0be100 0001 ${EXAMPLE_COM} 01`,
    },
    { type: "DNAME", rdata: "016100", kept: "016100" },
    { type: "TXT", rdata: "0161 00", kept: "0161 00" },
    { type: "CAA", rdata: "00 05 6973737565", kept: "00 05 6973737565" },
    { type: "TYPE65280", rdata: "c00c", kept: "c00c" },
    { type: "TYPE65280", rdata: "", kept: "" },
  ])("$type $rdata is kept as $kept", ({ type, rdata, kept }) => {
    expect(readAfterName(typeOf(type), rdata, "ffff")).toEqual(dump(kept));
  });

  test.each([
    { type: "A", rdata: "0a0000", error: new WireError("rdata-length", 28), because: "an octet is missing" },
    { type: "A", rdata: "0a00000102", error: new WireError("rdata-length", 29), because: "an octet is left" },
    { type: "A", rdata: "", error: new WireError("rdata-length", 25), because: "nothing is there" },
    { type: "AAAA", rdata: "00".repeat(15), error: new WireError("rdata-length", 25), because: "an octet is missing" },
    { type: "AAAA", rdata: "00".repeat(17), error: new WireError("rdata-length", 41), because: "an octet is left" },
    { type: "CNAME", rdata: "0161", error: new WireError("rdata-length", 27), because: "the root label is missing" },
    { type: "CNAME", rdata: "c00c00", error: new WireError("rdata-length", 27), because: "an octet is left" },
    { type: "CNAME", rdata: "c019", error: new WireError("pointer-not-backwards", 25), because: "it leads to itself" },
    {
      type: "CNAME",
      rdata: "4000",
      error: new WireError("reserved-label-type", 25),
      because: "no label has that type",
    },
    { type: "NS", rdata: "", error: new WireError("rdata-length", 25), because: "nothing is there" },
    { type: "PTR", rdata: "c0", error: new WireError("rdata-length", 26), because: "the pointer is cut" },
    { type: "MX", rdata: "000a", error: new WireError("rdata-length", 27), because: "the name is missing" },
    {
      type: "SOA",
      rdata: `00 00 ${"00".repeat(19)}`,
      error: new WireError("rdata-length", 46),
      because: "an octet is missing",
    },
    { type: "SRV", rdata: "000100020003", error: new WireError("rdata-length", 31), because: "the target is missing" },
    {
      type: "DNAME",
      rdata: "c00c",
      error: new WireError("reserved-label-type", 25),
      because: "it is never compressed",
    },
    {
      type: "KX",
      rdata: "0001 c00c",
      error: new WireError("reserved-label-type", 27),
      because: "it is never compressed",
    },
    {
      type: "LP",
      rdata: "0001 c00c",
      error: new WireError("reserved-label-type", 27),
      because: "it is never compressed",
    },
    {
      type: "TALINK",
      rdata: "00 c00c",
      error: new WireError("reserved-label-type", 26),
      because: "it is never compressed",
    },
    { type: "TXT", rdata: "", error: new WireError("rdata-length", 25), because: "one string at least is needed" },
    { type: "TXT", rdata: "0361", error: new WireError("rdata-length", 26), because: "the string is cut" },
    { type: "CAA", rdata: "00 00 61", error: new WireError("rdata-malformed", 26), because: "the tag is empty" },
    { type: "CAA", rdata: "00 02 612d", error: new WireError("rdata-malformed", 26), because: "a tag has no hyphen" },
    { type: "CAA", rdata: "00 05 6973", error: new WireError("rdata-length", 27), because: "the tag is cut" },
  ])("$type $rdata is refused ($error.message): $because", ({ type, rdata, error }) => {
    expect(() => readAfterName(typeOf(type), rdata, "0000 0000")).toThrow(error);
  });

  test("rdata longer than the message is the message's fault", () => {
    const reader = new OctetReader(dump("0a0000"));
    expect(() => readRdata(RecordTypes.A, reader, 4)).toThrow(new WireError("message-too-short", 0));
  });

  test("the reader is left behind the rdata, and the copy is its own", () => {
    const octets = dump("0a000001 ff");
    const reader = new OctetReader(octets);
    const kept = readRdata(RecordTypes.A, reader, 4);
    octets.fill(0);
    expect(reader.offset).toBe(4);
    expect(kept).toEqual(dump("0a000001"));
  });
});

describe("writeRdata", () => {
  test.each([
    { line: "NS ns1", writes: "036e7331 c00c" },
    { line: "CNAME @", writes: "c00c" },
    { line: "CNAME EXAMPLE.com.", writes: "c00c" },
    { line: "PTR a.com.", writes: "0161 c014" },
    { line: "MX 10 mail", writes: "000a 046d61696c c00c" },
    { line: "SOA ns1 ns1 1 2 3 4 5", writes: "036e7331 c00c c019 00000001 00000002 00000003 00000004 00000005" },
    { line: "MB @", writes: "c00c" },
    { line: "MINFO @ @", writes: "c00c c00c" },
    { line: "SRV 1 2 3 a", writes: `0001 0002 0003 0161 ${EXAMPLE_COM}` },
    { line: "DNAME @", writes: EXAMPLE_COM },
    { line: "HTTPS 1 @", writes: `0001 ${EXAMPLE_COM}` },
    { line: "SVCB 1 @", writes: `0001 ${EXAMPLE_COM}` },
    { line: "TXT example.com", writes: "0b6578616d706c652e636f6d" },
    { line: `TYPE65280 \\# 13 ${EXAMPLE_COM}`, writes: EXAMPLE_COM },
  ])("$line behind a question of example.com. is written $writes", ({ line, writes }) => {
    const parsed = parseLine(line);
    const writer = new OctetWriter();
    writer.bytes(new Uint8Array(12));
    writeCompressedName(writer, knownName("example.com"));
    if (parsed.kind === "rdata") writeRdata(typeOf(line), parsed.octets, writer);
    expect(writer.finish()).toEqual(dump(BEFORE + writes));
  });
});

describe("what rdata tells", () => {
  test.each([
    { line: "A 10.0.0.1", names: [] },
    { line: "NS ns1", names: ["ns1.example.com."] },
    { line: "MX 10 Mail", names: ["Mail.example.com."] },
    { line: "SRV 1 2 3 a.", names: ["a."] },
    { line: "SOA ns1 host 1 2 3 4 5", names: ["ns1.example.com.", "host.example.com."] },
    { line: "HTTPS 1 svc alpn=h2", names: ["svc.example.com."] },
    { line: "CAA 0 issue ca.example", names: [] },
    { line: "TYPE65280 \\# 1 00", names: [] },
  ])("the names in $line are $names", ({ line, names }) => {
    const parsed = parseLine(line);
    expect(parsed.kind === "rdata" && namesIn(typeOf(line), parsed.octets).map(formatName)).toEqual(names);
  });

  test.each(["CNAME", "DNAME", "NS", "PTR"])("the target of a %s is its name", (type) => {
    const parsed = parseLine(`${type} a.b`);
    expect(parsed.kind === "rdata" && formatName(aliasTarget(parsed.octets))).toBe("a.b.example.com.");
  });

  test("the fields of an SOA are where they belong, all 32 bits of them", () => {
    const soa = makeSoa({
      mname: knownName("ns1.example.com"),
      rname: knownName("host.example.com"),
      serial: 0xffff_ffff,
      refresh: 1,
      retry: 2,
      expire: 0x8000_0000,
      minimum: 0xffff_fffe,
    });
    expect(parseLine("SOA ns1 host 4294967295 1 2 2147483648 4294967294")).toEqual({ kind: "rdata", octets: soa });
    expect(soaMinimum(soa)).toBe(0xffff_fffe);
  });

  test("every type of RFC 1035 with a name in it is known, as its names may arrive compressed", () => {
    const types = ["NS", "MD", "MF", "CNAME", "SOA", "MB", "MG", "MR", "PTR", "MINFO", "MX"] as const;
    for (const type of types) {
      const two = type === "SOA" || type === "MINFO";
      const prefix = type === "MX" ? "0001" : "";
      const timers = type === "SOA" ? "00".repeat(20) : "";
      const kept = readAfterName(TYPE_REGISTRY[type], `${prefix}c00c${two ? "c00c" : ""}${timers}`);
      expect(kept).toEqual(dump(`${prefix}${EXAMPLE_COM}${two ? EXAMPLE_COM : ""}${timers}`));
    }
  });
});
