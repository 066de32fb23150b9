import { describe, expect, test } from "vitest";
import { dump, parseLine } from "../../../test/rdata-line.ts";
import { OctetReader } from "../../octets/octet-reader.ts";
import { WireError } from "../../octets/wire-error.ts";
import { readRdata } from "../rdata-wire.ts";
import { RecordTypes } from "../record-type.ts";

describe("SVCB and HTTPS as text", () => {
  test.each(["ALPN=h2", "key007=a", "key65536=a", "key", "=h2", "foo"])("SVCB 1 foo %s names no parameter", (rest) => {
    const [name = ""] = rest.split("=");
    expect(parseLine(`SVCB 1 foo ${rest}`)).toEqual({
      kind: "problem",
      at: 2,
      message: `there is no parameter "${name}": write mandatory, alpn, no-default-alpn, port, ipv4hint, ech, ipv6hint, dohpath or keyNNNNN`,
    });
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
