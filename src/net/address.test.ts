import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAddress } from "../../test/arbitraries.ts";
import {
  addressOf,
  formatAddressPort,
  isLoopback,
  isPrivateAddress,
  parseAddress,
  parseAddressPort,
} from "./address.ts";

describe("parseAddress", () => {
  test.each([
    { text: "10.0.0.4", canonical: "10.0.0.4", because: "four decimal octets" },
    { text: "0.0.0.0", canonical: "0.0.0.0", because: "zeros are octets too" },
    { text: "255.255.255.255", canonical: "255.255.255.255", because: "255 is the last octet" },
    {
      text: "2001:DB8:0:0:0:0:0:1",
      canonical: "2001:db8::1",
      because: "RFC 5952 §4.2: the zeros go, the letters are small",
    },
    {
      text: "2001:db8:0:0:1:0:0:1",
      canonical: "2001:db8::1:0:0:1",
      because: "RFC 5952 §4.2.3: the first of equal runs",
    },
    { text: "2001:0:0:1:0:0:0:1", canonical: "2001:0:0:1::1", because: "RFC 5952 §4.2.3: the longer run" },
    { text: "2001:db8:0:1:1:1:1:1", canonical: "2001:db8:0:1:1:1:1:1", because: "RFC 5952 §4.2.2: one group stays" },
    { text: "::", canonical: "::", because: "all zeros" },
    { text: "::1", canonical: "::1", because: "loopback" },
    { text: "fd00::", canonical: "fd00::", because: "zeros at the end" },
    { text: "::ffff:1.2.3.4", canonical: "1.2.3.4", because: "IPv4-mapped is the IPv4 address" },
    { text: "::FFFF:0102:0304", canonical: "1.2.3.4", because: "also in hexadecimal" },
    { text: "0:0:0:0:0:ffff:1.2.3.4", canonical: "1.2.3.4", because: "also written out" },
    { text: "::1.2.3.4", canonical: "::102:304", because: "IPv4-compatible is an IPv6 address" },
    { text: "64:ff9b::1.2.3.4", canonical: "64:ff9b::102:304", because: "so is what NAT64 makes (RFC 6052)" },
    { text: "fe80::1%eth0", canonical: "fe80::1", because: "the zone index is dropped" },
    { text: "fe80::1%3", canonical: "fe80::1", because: "also as a number" },
    { text: "fe80::1%eth0:1", canonical: "fe80::1", because: "also of an interface's alias" },
    { text: "::ffff:1.2.3.4%eth0", canonical: "1.2.3.4", because: "also from a mapped address" },
  ])("reads $text as $canonical: $because", ({ text, canonical }) => {
    expect(parseAddress(text)?.text).toBe(canonical);
  });

  test.each([
    { text: "", because: "it is empty" },
    { text: "10.1", because: "it has two parts" },
    { text: "167772164", because: "it is a number" },
    { text: "010.0.0.1", because: "a leading zero may mean octal" },
    { text: "10.0.0.00", because: "so may two zeros" },
    { text: "0x0a.0.0.1", because: "hexadecimal has no place here" },
    { text: "10.0.0.256", because: "256 is no octet" },
    { text: "10.0.0.1.2", because: "it has five parts" },
    { text: "10.0.0.-1", because: "octets have no sign" },
    { text: "10.0.0.4.", because: "it ends in a dot" },
    { text: " 10.0.0.4", because: "it starts with a space" },
    { text: "10.0.0.4\n", because: "it ends in a line ending" },
    { text: "10.0.0.4%eth0", because: "IPv4 has no zone index" },
    { text: "10.0.0.4/32", because: "it is a prefix" },
    { text: "١٠.0.0.1", because: "digits are ASCII" },
    { text: "::ffff:010.0.0.1", because: "a leading zero in the IPv4 part" },
    { text: "::ffff:10.1", because: "two parts in the IPv4 part" },
    { text: "1::2::3", because: "two gaps" },
    { text: "1:2:3:4:5:6:7:8:9", because: "nine groups" },
    { text: "1:2:3:4:5:6:7", because: "seven groups" },
    { text: "::12345", because: "a group of five digits" },
    { text: "::g", because: "g is no digit" },
    { text: "[::1]", because: "brackets belong to ports" },
    { text: "fe80::1%", because: "the zone index is empty" },
    { text: "fe80::1%a%b", because: "there are two zone indices" },
    { text: "fe80::1%é", because: "that is no zone index" },
    { text: "localhost", because: "it is a name" },
  ])("refuses $text: $because", ({ text }) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("every address is written as the WHATWG URL parser writes it, and reads back", () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const host = new URL(address.family === 4 ? `http://${address.text}` : `http://[${address.text}]`).hostname;
        expect(host.replace(/^\[|\]$/g, "")).toBe(address.text);
        expect(parseAddress(address.text)).toEqual(address);
      }),
    );
  });

  test("any text gives an address or none", () => {
    const texts = fc.array(fc.constantFrom("0", "1", "255", "10", ".", ":", "::", "ffff", "%", "e", "/", "[", "]"));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          texts.map((parts) => parts.join("")),
          fc.ipV4(),
          fc.ipV6(),
        ),
        (text) => {
          const address = parseAddress(text);
          if (address !== undefined) expect(parseAddress(address.text)).toEqual(address);
        },
      ),
    );
  });
});

describe("addressOf", () => {
  test("copies the octets: a message's buffer may be written to again", () => {
    const message = Uint8Array.of(0, 10, 0, 0, 4, 0);
    const address = addressOf(message.subarray(1, 5));
    message.fill(9);
    expect([...address.octets]).toEqual([10, 0, 0, 4]);
    expect(address.octets.buffer.byteLength).toBe(4);
  });

  test.each([0, 3, 5, 15, 17])("refuses %i octets", (length) => {
    expect(() => addressOf(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe("address and port", () => {
  test.each([
    { text: "10.0.0.4", reads: "10.0.0.4:53" },
    { text: "10.0.0.4:5300", reads: "10.0.0.4:5300" },
    { text: "10.0.0.4:0", reads: "10.0.0.4:0" },
    { text: "10.0.0.4:65535", reads: "10.0.0.4:65535" },
    { text: "::1", reads: "[::1]:53" },
    { text: "[::1]", reads: "[::1]:53" },
    { text: "[::1]:5300", reads: "[::1]:5300" },
    { text: "::1:5300", reads: "[::1:5300]:53" },
    { text: "[fe80::1%eth0]:5300", reads: "[fe80::1]:5300" },
    { text: "[::ffff:10.0.0.4]:5300", reads: "10.0.0.4:5300" },
    { text: "[0::FFFF:a00:4]", reads: "10.0.0.4:53" },
  ])("reads $text as $reads", ({ text, reads }) => {
    const parsed = parseAddressPort(text, 53);
    expect(parsed === undefined ? undefined : formatAddressPort(parsed)).toBe(reads);
  });

  test.each([
    "10.0.0.4:",
    "10.0.0.4:65536",
    "10.0.0.4:99999",
    "10.0.0.4:053",
    "10.0.0.4:-1",
    "10.0.0.4:5300 ",
    "10.0.0.4:5300:1",
    "[10.0.0.4]:53",
    "[10.0.0.4]",
    "[::1",
    "::1]:53",
    "[::1]53",
    "[]:53",
    ":53",
    "localhost:53",
    "010.0.0.4:53",
    "",
  ])("refuses %s", (text) => {
    expect(parseAddressPort(text, 53)).toBeUndefined();
  });

  test("any address with any port is written so that it reads back", () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(65535), (address, port) => {
        expect(parseAddressPort(formatAddressPort({ address, port }), 53)).toEqual({ address, port });
      }),
    );
  });
});

test.each([
  { text: "127.0.0.1", loopback: true, privately: true },
  { text: "127.255.255.255", loopback: true, privately: true },
  { text: "::1", loopback: true, privately: true },
  { text: "10.0.0.7", loopback: false, privately: true },
  { text: "172.15.255.255", loopback: false, privately: false },
  { text: "172.16.0.0", loopback: false, privately: true },
  { text: "172.31.255.255", loopback: false, privately: true },
  { text: "172.32.0.0", loopback: false, privately: false },
  { text: "192.168.0.53", loopback: false, privately: true },
  { text: "169.254.169.254", loopback: false, privately: true },
  { text: "100.64.0.0", loopback: false, privately: true },
  { text: "100.128.0.0", loopback: false, privately: false },
  { text: "0.0.0.0", loopback: false, privately: true },
  { text: "fd00:ec2::253", loopback: false, privately: true },
  { text: "fe80::1", loopback: false, privately: true },
  { text: "::", loopback: false, privately: true },
  { text: "::2", loopback: false, privately: false },
  { text: "2603:1030::1", loopback: false, privately: false },
  { text: "20.45.122.144", loopback: false, privately: false },
  { text: "168.63.129.16", loopback: false, privately: false },
])("$text is loopback: $loopback, private: $privately", ({ text, loopback, privately }) => {
  const address = parseAddress(text);
  expect(address !== undefined && isLoopback(address)).toBe(loopback);
  expect(address !== undefined && isPrivateAddress(address)).toBe(privately);
});
