import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAddress } from "../../test/arbitraries.ts";
import { formatAddressPort, knownAddress } from "../net/address.ts";
import { readProxyHeader, writeProxyHeader } from "./proxy-header.ts";

const SIGNATURE = "0d0a0d0a000d0a515549540a";

function read(hex: string): string {
  const found = readProxyHeader(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
  if (found.kind !== "header") return found.kind;
  const { length, client } = found;
  return client === undefined
    ? `${length} itself`
    : `${length} ${formatAddressPort(client.source)} → ${formatAddressPort(client.destination)}`;
}

describe("octets that start with", () => {
  test.each([
    {
      what: "a client over TCP",
      hex: `${SIGNATURE} 21 11 000c 0a010004 0a000005 d431 0035`,
      is: "28 10.1.0.4:54321 → 10.0.0.5:53",
    },
    {
      what: "a client over UDP, and a query",
      hex: `${SIGNATURE} 21 12 000c 0a010004 0a000005 d431 0035 1234`,
      is: "28 10.1.0.4:54321 → 10.0.0.5:53",
    },
    {
      what: "a client over IPv6",
      hex: `${SIGNATURE} 21 21 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 0001 0035`,
      is: "52 [2001:db8::1]:1 → [2001:db8::2]:53",
    },
    {
      what: "what else a proxy tells",
      hex: `${SIGNATURE} 21 11 0010 0a010004 0a000005 d431 0035 04000101`,
      is: "32 10.1.0.4:54321 → 10.0.0.5:53",
    },
    { what: "LOCAL", hex: `${SIGNATURE} 20 00 0000`, is: "16 itself" },
    {
      what: "LOCAL with addresses, which do not count",
      hex: `${SIGNATURE} 20 11 000c 0a010004 0a000005 d431 0035`,
      is: "28 itself",
    },
    { what: "a family that we do not know", hex: `${SIGNATURE} 21 00 0000`, is: "16 itself" },
    { what: "a Unix socket", hex: `${SIGNATURE} 21 31 0004 00000000`, is: "20 itself" },
    { what: "addresses that are cut short", hex: `${SIGNATURE} 21 11 0008 0a010004 0a000005`, is: "none" },
    { what: "another version", hex: `${SIGNATURE} 11 11 000c 0a010004 0a000005 d431 0035`, is: "none" },
    { what: "a command that we do not know", hex: `${SIGNATURE} 22 11 000c 0a010004 0a000005 d431 0035`, is: "none" },
    { what: "a header that is too long", hex: `${SIGNATURE} 21 11 ffff 0a010004 0a000005 d431 0035`, is: "none" },
    { what: "version 1", hex: Buffer.from("PROXY TCP4 10.1.0.4 10.0.0.5 1 53\r\n").toString("hex"), is: "none" },
    { what: "a query", hex: "00070100 0001 0000 0000 0000 0377777700 0001 0001", is: "none" },
    { what: "nothing yet", hex: "", is: "incomplete" },
    { what: "half a signature", hex: SIGNATURE.slice(0, 12), is: "incomplete" },
    { what: "half of the addresses", hex: `${SIGNATURE} 21 11 000c 0a010004`, is: "incomplete" },
  ])("$what: $is", ({ hex, is }) => {
    expect(read(hex)).toBe(is);
  });

  test("anything are read to some end", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => void readProxyHeader(octets)));
  });
});

test("a header that was written is read as it was meant", () => {
  fc.assert(
    fc.property(anyAddress, anyAddress, fc.nat(0xffff), fc.nat(0xffff), (from, to, port, at) => {
      const client = { source: { address: from, port }, destination: { address: to, port: at } };
      const header = writeProxyHeader(client, "tcp");
      const read = readProxyHeader(Uint8Array.of(...header, 1, 2, 3));
      const isOneFamily = from.family === to.family;
      expect(read).toEqual({ kind: "header", length: header.length, ...(isOneFamily ? { client } : {}) });
    }),
  );
  const local = { address: knownAddress("10.0.0.1"), port: 53 };
  expect(writeProxyHeader({ source: local, destination: local }, "udp")[13]).toBe(0x12);
});
