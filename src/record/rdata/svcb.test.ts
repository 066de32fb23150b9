import { describe, expect, test } from "vitest";
import { dump, parseLine, typeOf } from "../../../test/rdata-line.ts";
import { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import { formatRdata } from "../rdata-text.ts";
import { readRdata } from "../rdata-wire.ts";
import { RecordTypes } from "../record-type.ts";

const FOO_COM = "03666f6f07657861 6d706c6503636f6d00";
const FOO_ORG = "03666f6f07657861 6d706c65036f726700";

/** The vectors of RFC 9460 appendix D. */
const RFC_VECTORS = [
  { line: "HTTPS 0 foo.example.com.", octets: `0000 ${FOO_COM}` },
  { line: "SVCB 1 .", octets: "000100" },
  // Beyond the appendix: what an alias has beside its target is kept, and the checks of a zone say that it does nothing.
  { line: 'HTTPS 0 foo.example.com. alpn="h2"', octets: `0000 ${FOO_COM} 0001 0003 026832` },
  { line: "SVCB 16 foo.example.com. port=53", octets: `0010 ${FOO_COM} 0003 0002 0035` },
  {
    line: "SVCB 1 foo.example.com. key667=hello",
    octets: `0001 ${FOO_COM} 029b 0005 68656c6c6f`,
    prints: '1 foo.example.com. key667="hello"',
  },
  {
    line: String.raw`SVCB 1 foo.example.com. key667="hello\210qoo"`,
    octets: `0001 ${FOO_COM} 029b 0009 68656c6c6fd2716f6f`,
  },
  {
    line: 'SVCB 1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
    octets: `0001 ${FOO_COM} 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001`,
    prints: "1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1",
  },
  {
    line: 'SVCB 1 example.com. ipv6hint="2001:db8:122:344::192.0.2.33"',
    octets: "0001 076578616d706c6503636f6d00 0006 0010 20010db80122034400000000c0000221",
    prints: "1 example.com. ipv6hint=2001:db8:122:344::c000:221",
  },
  {
    line: "SVCB 16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
    octets: `0010 ${FOO_ORG} 0000 0004 0001 0004 0001 0009 026832 0568332d3139 0004 0004 c0000201`,
    prints: '16 foo.example.org. mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1',
  },
  {
    line: String.raw`SVCB 16 foo.example.org. alpn="f\\\\oo\\,bar,h2"`,
    octets: `0010 ${FOO_ORG} 0001 000c 08665c6f6f2c626172 026832`,
  },
  {
    line: String.raw`SVCB 16 foo.example.org. alpn=f\\\092oo\092,bar,h2`,
    octets: `0010 ${FOO_ORG} 0001 000c 08665c6f6f2c626172 026832`,
    prints: String.raw`16 foo.example.org. alpn="f\\\\oo\\,bar,h2"`,
  },
];

/** Octets as BIND 9.18 has them. */
const MORE_LINES = [
  { line: "HTTPS 0 svc.example.net.", octets: "000003737663076578616d706c65036e657400", prints: "0 svc.example.net." },
  { line: "HTTPS 1 .", octets: "000100", prints: "1 ." },
  {
    line: "HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1,::2 ech=AEj+CgBE",
    octets:
      "0001000001000602683202683300040004c0000201000500060048fe0a00440006002020010db800000000000000000000000100000000000000000000000000000002",
    prints: '1 . alpn="h2,h3" ipv4hint=192.0.2.1 ech=AEj+CgBE ipv6hint=2001:db8::1,::2',
  },
  {
    line: 'SVCB 1 . mandatory=port,alpn key667 key668="" no-default-alpn alpn="h2" port=053 key7="/q{?dns}"',
    octets: "00010000000004000100030001000302683200020000000300020035000700082f717b3f646e737d029b0000029c0000",
    prints: '1 . mandatory=alpn,port alpn="h2" no-default-alpn port=53 dohpath="/q{?dns}" key667 key668',
  },
  {
    line: String.raw`SVCB 1 . alpn="f\\\\oo\\,bar" key1000="\255\"\\ x"`,
    octets: "0001000001000908665c6f6f2c62617203e80005ff225c2078",
    prints: String.raw`1 . alpn="f\\\\oo\\,bar" key1000="\255\"\\ x"`,
  },
  {
    line: String.raw`SVCB 2 a key3="\000\053" key65534=z`,
    octets: "00020161076578616d706c6503636f6d00000300020035fffe00017a",
    prints: '2 a.example.com. port=53 key65534="z"',
  },
];

describe("SVCB and HTTPS as text", () => {
  test.each([...RFC_VECTORS, ...MORE_LINES])(
    "$line is read and printed",
    (vector: { line: string; octets: string; prints?: string }) => {
      const { line, octets, prints = line.slice(line.indexOf(" ") + 1) } = vector;
      expect(parseLine(line)).toEqual({ kind: "rdata", octets: dump(octets) });
      expect(formatRdata(typeOf(line), dump(octets))).toBe(prints);
    },
  );

  test.each([
    { rest: "key123=abc key123=def", at: 3, says: "key123 is given twice" },
    { rest: 'alpn="h2" port=1 alpn="h3"', at: 5, says: "alpn is given twice" },
    { rest: "mandatory", at: 2, says: "mandatory needs keys, each once and none of them mandatory, found no value" },
    { rest: "alpn", at: 2, says: "alpn needs protocol ids of 1 to 255 octets, like h2,h3, found no value" },
    { rest: "port", at: 2, says: "port needs a number from 0 to 65535, found no value" },
    { rest: "ipv4hint", at: 2, says: "ipv4hint needs IPv4 addresses with commas between them, found no value" },
    { rest: "ipv6hint", at: 2, says: "ipv6hint needs IPv6 addresses with commas between them, found no value" },
    { rest: "ech", at: 2, says: "ech needs base64, found no value" },
    {
      rest: "dohpath",
      at: 2,
      says: "dohpath needs a path with the variable dns, like /dns-query{?dns}, found no value",
    },
    { rest: "no-default-alpn=abc", at: 2, says: 'no-default-alpn takes no value, found "abc"' },
    { rest: "mandatory=key123", at: 2, says: "mandatory lists key123, which is not given" },
    { rest: "port=1 mandatory=port,alpn", at: 3, says: "mandatory lists alpn, which is not given" },
    {
      rest: "mandatory=mandatory",
      at: 2,
      says: 'mandatory needs keys, each once and none of them mandatory, found "mandatory"',
    },
    {
      rest: "mandatory=key123,key123 key123=abc",
      at: 2,
      says: 'mandatory needs keys, each once and none of them mandatory, found "key123,key123"',
    },
    { rest: "mandatory=foo", at: 2, says: 'mandatory needs keys, each once and none of them mandatory, found "foo"' },
    { rest: "no-default-alpn", at: 2, says: "no-default-alpn needs an alpn beside it" },
    { rest: "alpn=h2,,h3", at: 2, says: 'alpn needs protocol ids of 1 to 255 octets, like h2,h3, found "h2,,h3"' },
    { rest: 'alpn=""', at: 2, says: 'alpn needs protocol ids of 1 to 255 octets, like h2,h3, found ""' },
    {
      rest: String.raw`alpn="h\\2"`,
      at: 2,
      says: String.raw`alpn needs protocol ids of 1 to 255 octets, like h2,h3, found "h\2"`,
    },
    {
      rest: String.raw`alpn="h2\\"`,
      at: 2,
      says: String.raw`alpn needs protocol ids of 1 to 255 octets, like h2,h3, found "h2\"`,
    },
    { rest: String.raw`alpn="\256"`, at: 2, says: String.raw`the value of alpn has an escape above \255` },
    { rest: "port=65536", at: 2, says: 'port needs a number from 0 to 65535, found "65536"' },
    {
      rest: "port=1 ipv4hint=1.2.3.4,1.2.3",
      at: 3,
      says: 'ipv4hint needs IPv4 addresses with commas between them, found "1.2.3.4,1.2.3"',
    },
    {
      rest: "ipv6hint=1.2.3.4",
      at: 2,
      says: 'ipv6hint needs IPv6 addresses with commas between them, found "1.2.3.4"',
    },
    { rest: "ech=AEj+CgB", at: 2, says: 'ech needs base64, found "AEj+CgB"' },
    {
      rest: "dohpath=/dns-query",
      at: 2,
      says: 'dohpath needs a path with the variable dns, like /dns-query{?dns}, found "/dns-query"',
    },
    {
      rest: "dohpath=dns{?dns}",
      at: 2,
      says: 'dohpath needs a path with the variable dns, like /dns-query{?dns}, found "dns{?dns}"',
    },
    { rest: "key3=abc", at: 2, says: "key3 is port, which needs a number from 0 to 65535" },
    { rest: "key65535=a", at: 2, says: "key65535 is reserved and never a parameter" },
    { rest: '"alpn=h2"', at: 2, says: 'SVCB needs parameters like alpn=h2, found the quoted string "alpn=h2"' },
  ])("SVCB 1 foo $rest is refused at token $at: $says", ({ rest, at, says }) => {
    expect(parseLine(`SVCB 1 foo ${rest}`)).toEqual({ kind: "problem", at, message: says });
  });

  test.each(["ALPN=h2", "key007=a", "key65536=a", "key", "=h2", "foo"])("SVCB 1 foo %s names no parameter", (rest) => {
    const [name = ""] = rest.split("=");
    expect(parseLine(`SVCB 1 foo ${rest}`)).toEqual({
      kind: "problem",
      at: 2,
      message: `there is no parameter "${name}": write mandatory, alpn, no-default-alpn, port, ipv4hint, ech, ipv6hint, dohpath or keyNNNNN`,
    });
  });

  test.each([
    { line: "SVCB", at: 0, says: "SVCB needs a priority and a target, found nothing" },
    { line: "SVCB 1", at: 1, says: "SVCB needs a priority and a target, the target is missing" },
    { line: "SVCB foo 1", at: 0, says: 'SVCB needs a priority from 0 to 65535, found "foo"' },
  ])("$line is refused at token $at: $says", ({ line, at, says }) => {
    expect(parseLine(line)).toEqual({ kind: "problem", at, message: says });
  });

  test.each(["/q{?dns}", "/{+dns}", "/q{?a,dns}", "/q{?dns,a}", "/{dns:5}", "/{dns*}{?x}"])(
    "dohpath=%s has the variable dns",
    (path) => {
      expect(parseLine(`SVCB 1 . dohpath=${path}`).kind).toBe("rdata");
    },
  );

  test("tens of thousands of parameters are read at once", () => {
    const params = Array.from({ length: 16_000 }, (_, i) => `key${i + 8}`);
    const start = performance.now();
    expect(parseLine(`SVCB 1 . ${params.join(" ")}`).kind).toBe("rdata");
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("SVCB on the wire", () => {
  test.each([
    { octets: "0000 00 0001 0003 026832", because: "who receives an alias must ignore its parameters" },
    { octets: "0001 00 029b 0000", because: "a key that is not known may have any value" },
    { octets: "0001 00 0001 0003 026832 0002 0000", because: "no-default-alpn stands beside an alpn" },
  ])("$octets is read: $because", ({ octets }) => {
    const received = dump(octets);
    expect(readRdata(RecordTypes.SVCB, new OctetReader(received), received.length)).toEqual(received);
  });

  test.each([
    { octets: "0001 00 0003 0002 0035 0001 0003 026832", at: 9, because: "the keys descend" },
    { octets: "0001 00 0003 0002 0035 0003 0002 0035", at: 9, because: "a key is there twice" },
    { octets: "0001 00 ffff 0000", at: 3, because: "key 65535 is reserved" },
    { octets: "0001 00 0001 0000", at: 3, because: "the alpn is empty" },
    { octets: "0001 00 0001 0001 00", at: 3, because: "a protocol id is empty" },
    { octets: "0001 00 0001 0002 0268", at: 3, because: "a protocol id runs over the end" },
    { octets: "0001 00 0001 0003 026832 0002 0001 00", at: 10, because: "no-default-alpn has a value" },
    { octets: "0001 00 0002 0000", at: 3, because: "no-default-alpn stands alone" },
    { octets: "0001 00 0003 0001 35", at: 3, because: "a port has two octets" },
    { octets: "0001 00 0004 0000", at: 3, because: "there is no IPv4 address" },
    { octets: "0001 00 0004 0005 0102030405", at: 3, because: "an IPv4 address is cut" },
    { octets: "0001 00 0005 0000", at: 3, because: "the ech is empty" },
    { octets: "0001 00 0006 0004 01020304", at: 3, because: "an IPv6 address is cut" },
    { octets: "0001 00 0007 0002 2f78", at: 3, because: "the dohpath has no variable" },
    { octets: "0001 00 0007 0007 2f7b646e737dff", at: 3, because: "the dohpath is not UTF-8" },
    { octets: "0001 00 0000 0000", at: 3, because: "mandatory is empty" },
    { octets: "0001 00 0000 0001 00", at: 3, because: "mandatory has half a key" },
    { octets: "0001 00 0000 0002 0000", at: 3, because: "mandatory lists itself" },
    { octets: "0001 00 0000 0002 0003", at: 3, because: "mandatory lists a key that is not there" },
    {
      octets: "0001 00 0000 0004 00040003 0003 0002 0035 0004 0004 01020304",
      at: 3,
      because: "the mandatory keys descend",
    },
    { octets: "0001 00 0000 0004 00030003 0003 0002 0035", at: 3, because: "a mandatory key is there twice" },
  ])("$octets is malformed at octet $at: $because", ({ octets, at }) => {
    expect(() => read(octets)).toThrow(new WireError("rdata-malformed", at));
  });

  test.each([
    { octets: "0001 00 00", because: "a key is cut" },
    { octets: "0001 00 0003 0002 00", because: "a value is cut" },
    { octets: "0001", because: "there is no target" },
  ])("$octets is too short: $because", ({ octets }) => {
    expect(() => read(octets)).toThrow(/rdata-length/);
  });

  test("the target is never compressed", () => {
    expect(() => read("0001 c00c")).toThrow(new WireError("reserved-label-type", 2));
  });
});

function read(octets: string): Uint8Array {
  const received = dump(octets);
  return readRdata(RecordTypes.SVCB, new OctetReader(received), received.length);
}
