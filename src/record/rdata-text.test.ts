import { describe, expect, test } from "vitest";
import { dump, parseLine, tokensOf } from "../../test/rdata-line.ts";
import { ROOT } from "../name/domain-name.ts";
import { formatRdata, parseRdata } from "./rdata-text.ts";
import { RecordTypes } from "./record-type.ts";
import { formatHex } from "./text/octets-text.ts";

describe("parseRdata", () => {
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
