import { describe, expect, test } from "vitest";
import { dump, parseLine, tokensOf, typeOf } from "../../test/rdata-line.ts";
import { ROOT } from "../name/domain-name.ts";
import { formatRdata, parseRdata } from "./rdata-text.ts";
import { RecordTypes } from "./record-type.ts";
import { formatHex } from "./text/octets-text.ts";

interface GoodLine {
  readonly line: string;
  readonly octets: string;
  /** How the rdata is printed, where that differs from the line. */
  readonly prints?: string;
}

/** Octets and prints as BIND 9.18 has them. */
const GOOD: readonly GoodLine[] = [
  { line: "A 10.1.2.3", octets: "0a010203" },
  { line: "A 0.0.0.0", octets: "00000000" },
  { line: "A 255.255.255.255", octets: "ffffffff" },
  { line: "AAAA 2001:DB8:0:0:0:0:0:1", octets: "20010db8000000000000000000000001", prints: "2001:db8::1" },
  { line: "AAAA ::", octets: "00000000000000000000000000000000" },
  { line: "AAAA ::ffff:198.51.100.100", octets: "00000000000000000000ffffc6336464" },
  { line: "AAAA 2001:db8:0:0:1:0:0:0", octets: "20010db8000000000001000000000000", prints: "2001:db8:0:0:1::" },
  { line: "AAAA 1:0:2:3:4:5:6:7", octets: "00010000000200030004000500060007" },
  { line: "AAAA 1:2:3:4:5:6:7::", octets: "00010002000300040005000600070000", prints: "1:2:3:4:5:6:7:0" },
  { line: "NS ns1.example.com.", octets: "036e7331076578616d706c6503636f6d00" },
  { line: "NS ns1", octets: "036e7331076578616d706c6503636f6d00", prints: "ns1.example.com." },
  { line: "NS @", octets: "076578616d706c6503636f6d00", prints: "example.com." },
  {
    line: "CNAME MyRegistry.privatelink.azurecr.io.",
    octets: "0a4d7952656769737472790b707269766174656c696e6b07617a757265637202696f00",
  },
  {
    line: String.raw`CNAME *.a\.b\032c\@`,
    octets: "012a06612e62206340076578616d706c6503636f6d00",
    prints: String.raw`*.a\.b\032c\@.example.com.`,
  },
  { line: "CNAME .", octets: "00" },
  { line: "PTR host-1", octets: "06686f73742d31076578616d706c6503636f6d00", prints: "host-1.example.com." },
  { line: String.raw`PTR a\000b.`, octets: "0361006200" },
  { line: "PTR 10.0.0.1", octets: "023130013001300131076578616d706c6503636f6d00", prints: "10.0.0.1.example.com." },
  { line: "DNAME example.org.", octets: "076578616d706c65036f726700" },
  { line: "DNAME @", octets: "076578616d706c6503636f6d00", prints: "example.com." },
  { line: "DNAME x", octets: "0178076578616d706c6503636f6d00", prints: "x.example.com." },
  { line: "MX 10 mail", octets: "000a046d61696c076578616d706c6503636f6d00", prints: "10 mail.example.com." },
  { line: "MX 0 .", octets: "000000" },
  { line: "MX 65535 a.b.c.", octets: "ffff01610162016300" },
  {
    line: "SRV 0 5 443 target",
    octets: "0000000501bb06746172676574076578616d706c6503636f6d00",
    prints: "0 5 443 target.example.com.",
  },
  { line: "SRV 65535 65535 65535 .", octets: "ffffffffffff00" },
  { line: "SRV 1 2 3 _a._tcp.example.org.", octets: "000100020003025f61045f746370076578616d706c65036f726700" },
  {
    line: "SOA azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10",
    octets:
      "0f617a75726570726976617465646e73036e65740014617a75726570726976617465646e732d686f7374096d6963726f736f667403636f6d000000000100000e100000012c0024ea000000000a",
  },
  {
    line: String.raw`SOA ns1 host\.master 4294967295 1h30m 1W2D 4294967295 0`,
    octets:
      "036e7331076578616d706c6503636f6d000b686f73742e6d6173746572076578616d706c6503636f6d00ffffffff00001518000bdd80ffffffff00000000",
    prints: String.raw`ns1.example.com. host\.master.example.com. 4294967295 5400 777600 4294967295 0`,
  },
  {
    line: "SOA . . 0 1s 2M 1h1h 1d",
    octets: "000000000000000000010000007800001c2000015180",
    prints: ". . 0 1 120 7200 86400",
  },
  { line: "TXT v=spf1 -all", octets: "06763d73706631042d616c6c", prints: '"v=spf1" "-all"' },
  {
    line: 'TXT "v=spf1 include:example.com -all"',
    octets: "1f763d7370663120696e636c7564653a6578616d706c652e636f6d202d616c6c",
  },
  {
    line: String.raw`TXT "" "q\"x\\y" "\200\001 $@();" a\ b foo\;bar`,
    octets: "00057122785c7908c80120244028293b0361206207666f6f3b626172",
    prints: String.raw`"" "q\"x\\y" "\200\001 $@();" "a b" "foo;bar"`,
  },
  {
    line: 'CAA 0 issue "letsencrypt.org; validationmethods=dns-01"',
    octets: "000569737375656c657473656e63727970742e6f72673b2076616c69646174696f6e6d6574686f64733d646e732d3031",
  },
  { line: "CAA 128 ISSUE unquoted", octets: "80054953535545756e71756f746564", prints: '128 ISSUE "unquoted"' },
  { line: 'CAA 1 iodef ""', octets: "0105696f646566" },
  { line: "MB mail", octets: "046d61696c076578616d706c6503636f6d00", prints: "mail.example.com." },
  { line: "MD mail", octets: "046d61696c076578616d706c6503636f6d00", prints: "mail.example.com." },
  { line: "MF mail", octets: "046d61696c076578616d706c6503636f6d00", prints: "mail.example.com." },
  { line: "MG mail", octets: "046d61696c076578616d706c6503636f6d00", prints: "mail.example.com." },
  { line: "MR mail", octets: "046d61696c076578616d706c6503636f6d00", prints: "mail.example.com." },
  {
    line: "MINFO owner errors.example.org.",
    octets: "056f776e6572076578616d706c6503636f6d00066572726f7273076578616d706c65036f726700",
    prints: "owner.example.com. errors.example.org.",
  },
];

describe("parseRdata", () => {
  test.each(GOOD)("$line is read", ({ line, octets }) => {
    expect(parseLine(line)).toEqual({ kind: "rdata", octets: dump(octets) });
  });

  test.each([
    { line: "A", at: 0, says: "A needs an IPv4 address, found nothing" },
    { line: "A 10.0.0", at: 0, says: 'A needs an IPv4 address, found "10.0.0"' },
    { line: "A 10.0.0.256", at: 0, says: 'A needs an IPv4 address, found "10.0.0.256"' },
    { line: "A 010.0.0.1", at: 0, says: 'A needs an IPv4 address, found "010.0.0.1"' },
    { line: "A 10.0.0.1.", at: 0, says: 'A needs an IPv4 address, found "10.0.0.1."' },
    { line: 'A "10.0.0.1"', at: 0, says: 'A needs an IPv4 address, found the quoted string "10.0.0.1"' },
    { line: "A ::1", at: 0, says: 'A needs an IPv4 address, found "::1": an IPv6 address stands in AAAA' },
    { line: "A 10.0.0.1 10.0.0.2", at: 1, says: "extra text after the IPv4 address" },
    { line: "AAAA 1.2.3.4", at: 0, says: 'AAAA needs an IPv6 address, found "1.2.3.4": an IPv4 address stands in A' },
    { line: "AAAA fe80::1%eth0", at: 0, says: 'AAAA needs an IPv6 address, found "fe80::1%eth0"' },
    { line: "AAAA 1::2::3", at: 0, says: 'AAAA needs an IPv6 address, found "1::2::3"' },
    { line: "AAAA [::1]", at: 0, says: 'AAAA needs an IPv6 address, found "[::1]"' },
    { line: "NS", at: 0, says: "NS needs a name server, found nothing" },
    { line: "NS ns1 ns2", at: 1, says: "extra text after the name server" },
    { line: 'NS "ns1"', at: 0, says: 'NS needs a name server without quotes, found the quoted string "ns1"' },
    { line: "CNAME a..b", at: 0, says: 'the name "a..b" has an empty label' },
    { line: "CNAME .a", at: 0, says: 'the name ".a" has an empty label' },
    { line: String.raw`CNAME a\256`, at: 0, says: String.raw`the name "a\256" has an escape above \255` },
    { line: `CNAME ${"a".repeat(64)}`, at: 0, says: `the name "${"a".repeat(60)}…" has a label longer than 63 octets` },
    {
      line: `PTR ${"abcdefg.".repeat(32)}`,
      at: 0,
      says: `the name "${"abcdefg.".repeat(8).slice(0, 60)}…" is longer than 255 octets`,
    },
    {
      line: `PTR ${"abcdefg.".repeat(30)}xy`,
      at: 0,
      says: `the name "${"abcdefg.".repeat(8).slice(0, 60)}…" is longer than 255 octets`,
    },
    {
      line: `CNAME ${"a".repeat(64)}.b`,
      at: 0,
      says: `the name "${"a".repeat(60)}…" has a label longer than 63 octets`,
    },
    { line: "PTR", at: 0, says: "PTR needs a name, found nothing" },
    { line: "PTR a b", at: 1, says: "extra text after the name" },
    { line: "DNAME", at: 0, says: "DNAME needs a name, found nothing" },
    { line: "DNAME a b", at: 1, says: "extra text after the name" },
    { line: "DNAME ..", at: 0, says: 'the name ".." has an empty label' },
    { line: "MX", at: 0, says: "MX needs a preference and a name, found nothing" },
    { line: "MX 10", at: 1, says: "MX needs a preference and a name, the name is missing" },
    { line: "MX mail", at: 0, says: 'MX needs a preference from 0 to 65535, found "mail"' },
    { line: "MX 65536 mail", at: 0, says: 'MX needs a preference from 0 to 65535, found "65536"' },
    { line: "MX -1 mail", at: 0, says: 'MX needs a preference from 0 to 65535, found "-1"' },
    { line: "MX 1e1 mail", at: 0, says: 'MX needs a preference from 0 to 65535, found "1e1"' },
    { line: "MX 0x10 mail", at: 0, says: 'MX needs a preference from 0 to 65535, found "0x10"' },
    { line: "SRV 1 2 3", at: 3, says: "SRV needs a priority, a weight, a port and a target, the target is missing" },
    { line: "SRV 1 2 target", at: 2, says: 'SRV needs a port from 0 to 65535, found "target"' },
    { line: "SRV 1 2 3 a b", at: 4, says: "extra text after the target" },
    {
      line: "SOA ns1 host 1 2 3 4",
      at: 6,
      says: "SOA needs a primary server, a mailbox, a serial, a refresh, a retry, an expire and a minimum, the minimum is missing",
    },
    { line: "SOA ns1 host 1h 2 3 4 5", at: 2, says: 'SOA needs a serial from 0 to 4294967295, found "1h"' },
    {
      line: "SOA ns1 host 4294967296 2 3 4 5",
      at: 2,
      says: 'SOA needs a serial from 0 to 4294967295, found "4294967296"',
    },
    { line: "SOA ns1 host 1 1h30 3 4 5", at: 3, says: 'SOA needs a refresh in seconds or as 1h30m, found "1h30"' },
    {
      line: "SOA ns1 host 1 2 3 9999w 5",
      at: 5,
      says: 'SOA needs an expire of at most 4294967295 seconds, found "9999w"',
    },
    { line: "TXT", at: 0, says: "TXT needs one or more strings, found nothing" },
    {
      line: `TXT a ${"b".repeat(256)}`,
      at: 1,
      says: "a string has at most 255 octets, this one has 256: split it into several strings",
    },
    { line: String.raw`TXT "\256"`, at: 0, says: String.raw`the string "\256" has an escape above \255` },
    {
      line: String.raw`TXT a "\2x"`,
      at: 1,
      says: String.raw`the string "\2x" has an escape of fewer than three digits`,
    },
    { line: "CAA 0 issue", at: 2, says: "CAA needs flags, a tag and a value, the value is missing" },
    { line: "CAA 256 issue x", at: 0, says: 'CAA needs flags from 0 to 255, found "256"' },
    { line: "CAA 0 is-sue x", at: 1, says: 'CAA needs a tag of letters and digits, like issue, found "is-sue"' },
    {
      line: 'CAA 0 "issue" x',
      at: 1,
      says: 'CAA needs a tag of letters and digits, like issue, found the quoted string "issue"',
    },
    { line: "CAA 0 issue a b", at: 3, says: "extra text after the value" },
    {
      line: `CAA 0 ${"a".repeat(256)} x`,
      at: 1,
      says: `CAA needs a tag of at most 255 octets, found "${"a".repeat(60)}…"`,
    },
    { line: "MINFO a", at: 1, says: "MINFO needs a mailbox and an error mailbox, the error mailbox is missing" },
    { line: "MB a b", at: 1, says: "extra text after the name" },
    { line: "NULL i386 unix", at: 0, says: String.raw`NULL needs the generic form \# LENGTH HEX` },
    { line: "TYPE65280", at: 0, says: String.raw`TYPE65280 needs the generic form \# LENGTH HEX` },
    { line: String.raw`ANY \# 0`, at: 0, says: "ANY is not a type of records: only messages use it" },
    { line: String.raw`OPT \# 0`, at: 0, says: "OPT is not a type of records: only messages use it" },
  ])("$line is refused at token $at: $says", ({ line, at, says }) => {
    expect(parseLine(line)).toEqual({ kind: "problem", at, message: says });
  });

  test("a TXT of more than 65535 octets is refused, one of 65535 is read", () => {
    const strings = Array.from({ length: 256 }, () => "x".repeat(255));
    const most = parseLine(`TXT ${strings.slice(1).join(" ")} ${"x".repeat(254)}`);
    expect(most.kind === "rdata" && most.octets.length).toBe(65535);
    expect(parseLine(`TXT ${strings.join(" ")}`)).toEqual({
      kind: "problem",
      at: 0,
      message: "TXT has at most 65535 octets of rdata, this is 65536",
    });
  });

  test("a label of 63 octets and a name of 255 are read", () => {
    expect(parseLine(`CNAME ${"a".repeat(63)}.${"b".repeat(63)}`).kind).toBe("rdata");
    const longest = parseLine(`CNAME ${"abcdefg.".repeat(30)}x`);
    expect(longest.kind === "rdata" && longest.octets.length).toBe(255);
  });

  test("a CAA value may be longer than a character-string", () => {
    const parsed = parseLine(`CAA 0 issue "${"x".repeat(300)}"`);
    expect(parsed.kind === "rdata" && parsed.octets.length).toBe(2 + 5 + 300);
  });

  test.each([
    { text: "10.0.0.1", found: '"10.0.0.1"' },
    { text: "caf\u00c3\u00a9", found: '"café"' },
    { text: "caf\u00e9", found: '"café"' },
    { text: "日本", found: '"日本"' },
    { text: "a\u0001b", found: String.raw`"a\001b"` },
  ])("a problem shows $found readably", ({ text, found }) => {
    const parsed = parseRdata(RecordTypes.A, [{ text, quoted: true }], ROOT);
    expect(parsed.kind === "problem" && parsed.message).toBe(
      `A needs an IPv4 address, found the quoted string ${found}`,
    );
  });

  test.each([
    { text: "caf\u00c3\u00a9", octets: "05636166c3a9", because: "octets stand for themselves" },
    { text: "日", octets: "03e697a5", because: "wide chars stand for their UTF-8 octets" },
    { text: "\\日", octets: "03e697a5", because: "escaped wide chars stand for themselves" },
    { text: "😀", octets: "04f09f9880", because: "pairs of surrogates are one char" },
    { text: "\\255\\\\", octets: "02ff5c", because: "escapes are resolved" },
  ])("the string $text is $octets: $because", ({ text, octets }) => {
    const parsed = parseRdata(RecordTypes.TXT, [{ text, quoted: true }], ROOT);
    expect(parsed).toEqual({ kind: "rdata", octets: dump(octets) });
  });
});

describe("parseRdata of Unicode text", () => {
  test.each([
    { type: RecordTypes.TXT, text: "café", octets: "05636166c3a9" },
    { type: RecordTypes.TXT, text: "\\é", octets: "02c3a9" },
    { type: RecordTypes.CNAME, text: "é.", octets: "02c3a900" },
    { type: RecordTypes.CNAME, text: "日.", octets: "03e697a500" },
  ])("$text is $octets: chars above ASCII stand for their UTF-8 octets", ({ type, text, octets }) => {
    const parsed = parseRdata(type, [{ text, quoted: false }], ROOT, "unicode");
    expect(parsed).toEqual({ kind: "rdata", octets: dump(octets) });
  });
});

describe("the generic form (RFC 3597 §5)", () => {
  test.each([
    { line: String.raw`A \# 4 0a000001`, octets: "0a000001" },
    { line: String.raw`TYPE1 \# 4 0A 0 000 01`, octets: "0a000001" },
    { line: String.raw`CNAME \# 3 016100`, octets: "016100" },
    { line: String.raw`TYPE65280 \# 0`, octets: "" },
    { line: String.raw`TYPE65280 \# 4 0a0b 0c0d`, octets: "0a0b0c0d" },
    { line: String.raw`HINFO \# 4 01610162`, octets: "01610162" },
    { line: String.raw`CAA \# 7 000569737375 65`, octets: "00056973737565" },
  ])("$line is read", ({ line, octets }) => {
    expect(parseLine(line)).toEqual({ kind: "rdata", octets: dump(octets) });
  });

  const form = String.raw`\# needs a length and as many octets in hexadecimal digits`;
  test.each([
    { line: String.raw`A \#`, at: 1, says: `${form}, the length is missing` },
    { line: String.raw`A \# x 00`, at: 1, says: `${form}, found "x" for the length` },
    { line: String.raw`A \# 65536 00`, at: 1, says: `${form}, found "65536" for the length` },
    { line: String.raw`A \# 4 0a0000`, at: 3, says: String.raw`\# 4 is followed by 3 octets, some are missing` },
    { line: String.raw`A \# 4`, at: 2, says: String.raw`\# 4 is followed by 0 octets, some are missing` },
    { line: String.raw`TYPE65280 \# 0 00`, at: 1, says: String.raw`\# 0 is followed by 1 octet, more than it says` },
    { line: String.raw`A \# 4 0a00 00zz`, at: 3, says: `${form}, found "00zz"` },
    { line: String.raw`A \# 4 "0a000001"`, at: 2, says: `${form}, found "0a000001"` },
    { line: String.raw`A \# 4 0a0000 1`, at: 3, says: `${form}, an octet is cut in half` },
    { line: String.raw`A \# 3 0a0000`, at: 3, says: "these octets are no A: they end too early" },
    { line: String.raw`A \# 5 0a0000 0101`, at: 3, says: "these octets are no A: wrong from octet 4 on" },
    { line: String.raw`TXT \# 0`, at: 2, says: "these octets are no TXT: they end too early" },
    { line: String.raw`TXT \# 3 0361 62`, at: 2, says: "these octets are no TXT: wrong from octet 1 on" },
    { line: String.raw`CNAME \# 2 c00c`, at: 2, says: "these octets are no CNAME: wrong from octet 0 on" },
    { line: String.raw`CAA \# 7 0005 69732d7375`, at: 2, says: "these octets are no CAA: wrong from octet 1 on" },
    {
      line: String.raw`SOA \# 38 ${`${"0161".repeat(6)}00c000`.padEnd(76, "0")}`,
      at: 2,
      says: "these octets are no SOA: wrong from octet 13 on",
    },
    {
      line: String.raw`SOA \# 39 ${`${"0161".repeat(7)}00c00c`.padEnd(78, "0")}`,
      at: 2,
      says: "these octets are no SOA: wrong from octet 37 on",
    },
    {
      line: String.raw`SOA \# 37 ${`${"0161".repeat(7)}00c00c`.padEnd(74, "0")}`,
      at: 2,
      says: "these octets are no SOA: a name in them is compressed",
    },
  ])("$line is refused at token $at: $says", ({ line, at, says }) => {
    expect(parseLine(line)).toEqual({ kind: "problem", at, message: says });
  });

  test("a quoted \\# is a string", () => {
    expect(parseLine(String.raw`TXT "\#"`)).toEqual({ kind: "rdata", octets: dump("0123") });
  });
});

describe("formatRdata", () => {
  test.each(GOOD)("$line is printed as BIND prints it", ({ line, octets, prints }) => {
    expect(formatRdata(typeOf(line), dump(octets))).toBe(prints ?? line.slice(line.indexOf(" ") + 1));
  });

  test.each([
    { what: "an unknown type", type: 65280, octets: "0a0b", prints: String.raw`\# 2 0A0B` },
    { what: "an unknown type without octets", type: 65280, octets: "", prints: String.raw`\# 0` },
    { what: "an A of 3 octets", type: RecordTypes.A, octets: "0a0000", prints: String.raw`\# 3 0A0000` },
    { what: "an A of 5 octets", type: RecordTypes.A, octets: "0a00000102", prints: String.raw`\# 5 0A00000102` },
    { what: "an MX without a name", type: RecordTypes.MX, octets: "000a", prints: String.raw`\# 2 000A` },
  ])("$what is printed in the generic form", ({ type, octets, prints }) => {
    expect(formatRdata(type, dump(octets))).toBe(prints);
    expect(formatHex(dump(octets))).toBe(prints.split(" ")[2] ?? "");
  });

  test("the names of a line are completed with the origin, @ being the origin itself", () => {
    const parsed = parseRdata(RecordTypes.CNAME, tokensOf("@"), ROOT);
    expect(parsed.kind === "rdata" && formatRdata(RecordTypes.CNAME, parsed.octets)).toBe(".");
  });
});
