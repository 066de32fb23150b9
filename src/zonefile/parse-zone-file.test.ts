import { describe, expect, test } from "vitest";
import { readZoneFile } from "../../test/zone-file-reading.ts";
import { formatName } from "../name/name-text.ts";
import { lineText, positionOf } from "../source/source-file.ts";

/** Lines as Windows and old Macs end them, and what stands in front of a file saved by an editor. */
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

describe("a zone file gives records", () => {
  test.each([
    // Owners
    {
      rule: "a relative owner is completed with the origin",
      text: "www A 10.0.0.1",
      gives: ["www.example. 300 A 10.0.0.1"],
    },
    {
      rule: "a trailing dot keeps the origin away",
      text: "www.other. A 10.0.0.1",
      gives: ["www.other. 300 A 10.0.0.1"],
    },
    { rule: "@ is the origin", text: "@ A 10.0.0.1", gives: ["example. 300 A 10.0.0.1"] },
    { rule: "an escaped @ is a label", text: "\\@ A 10.0.0.1", gives: ["\\@.example. 300 A 10.0.0.1"] },
    { rule: "a quoted @ is a label", text: '"@" A 10.0.0.1', gives: ["\\@.example. 300 A 10.0.0.1"] },
    { rule: "a lone dot is the root", text: ". A 10.0.0.1", gives: [". 300 A 10.0.0.1"] },
    { rule: "* is a label", text: "*.apps A 10.0.0.1", gives: ["*.apps.example. 300 A 10.0.0.1"] },
    { rule: "the case of an owner is kept", text: "WwW A 10.0.0.1", gives: ["WwW.example. 300 A 10.0.0.1"] },
    { rule: "\\DDD is one octet", text: "x\\065b A 10.0.0.1", gives: ["xAb.example. 300 A 10.0.0.1"] },
    { rule: "an escaped dot does not part labels", text: "a\\.b A 10.0.0.1", gives: ["a\\.b.example. 300 A 10.0.0.1"] },
    {
      rule: "an escaped blank does not end a word",
      text: "a\\ b A 10.0.0.1",
      gives: ["a\\032b.example. 300 A 10.0.0.1"],
    },
    {
      rule: "an escaped semicolon begins no comment",
      text: "a\\;b A 10.0.0.1",
      gives: ["a\\;b.example. 300 A 10.0.0.1"],
    },
    {
      rule: "an escaped dollar sign begins no directive",
      text: "\\$TTL A 10.0.0.1",
      gives: ["\\$TTL.example. 300 A 10.0.0.1"],
    },
    { rule: "an owner may be quoted", text: '"my host" A 10.0.0.1', gives: ["my\\032host.example. 300 A 10.0.0.1"] },
    {
      rule: "octets above ASCII are octets",
      text: "\u00c3\u00bc A 10.0.0.1",
      gives: ["\\195\\188.example. 300 A 10.0.0.1"],
    },
    {
      rule: "an entry that begins with a blank repeats the owner",
      text: "www A 10.0.0.1\n A 10.0.0.2",
      gives: ["www.example. 300 A 10.0.0.1", "www.example. 300 A 10.0.0.2"],
    },
    {
      rule: "an entry that begins with a tab repeats the owner",
      text: "www A 10.0.0.1\n\tA 10.0.0.2",
      gives: ["www.example. 300 A 10.0.0.1", "www.example. 300 A 10.0.0.2"],
    },
    {
      rule: "the repeated owner keeps the origin it had",
      text: "www A 10.0.0.1\n$ORIGIN sub\n A 10.0.0.2",
      gives: ["www.example. 300 A 10.0.0.1", "www.example. 300 A 10.0.0.2"],
    },
    {
      rule: "the same word behind another origin is another owner",
      text: "www A 10.0.0.1\nwww A 10.0.0.2\n$ORIGIN sub\nwww A 10.0.0.3",
      gives: ["www.example. 300 A 10.0.0.1", "www.example. 300 A 10.0.0.2", "www.sub.example. 300 A 10.0.0.3"],
    },
    {
      rule: "@ with and without quotes, in turn, are two owners",
      text: '@ A 10.0.0.1\n"@" A 10.0.0.2\n@ A 10.0.0.3',
      gives: ["example. 300 A 10.0.0.1", "\\@.example. 300 A 10.0.0.2", "example. 300 A 10.0.0.3"],
    },
    {
      rule: "the same word in other letters is written as it stands",
      text: "www A 10.0.0.1\nWWW A 10.0.0.2",
      gives: ["www.example. 300 A 10.0.0.1", "WWW.example. 300 A 10.0.0.2"],
    },
    // What looks like something else
    { rule: "in column 1 a type is an owner", text: "A A 1.2.3.4", gives: ["A.example. 300 A 1.2.3.4"] },
    { rule: "in column 1 a class is an owner", text: "IN A 1.2.3.4", gives: ["IN.example. 300 A 1.2.3.4"] },
    { rule: "in column 1 a number is an owner", text: "300 A 1.2.3.4", gives: ["300.example. 300 A 1.2.3.4"] },
    { rule: "in column 1 a TTL is an owner", text: "1h 60 A 1.2.3.4", gives: ["1h.example. 60 A 1.2.3.4"] },
    {
      rule: "behind a blank a number is a TTL",
      text: "a A 1.1.1.1\n 60 A 1.2.3.4",
      gives: ["a.example. 300 A 1.1.1.1", "a.example. 60 A 1.2.3.4"],
    },
    { rule: "rdata may look like a type", text: "a CNAME A", gives: ["a.example. 300 CNAME A.example."] },
    {
      rule: "rdata may look like a class and a TTL",
      text: "a TXT IN 300 A",
      gives: ['a.example. 300 TXT "IN" "300" "A"'],
    },
    { rule: "@ in rdata is the origin", text: "a CNAME @", gives: ["a.example. 300 CNAME example."] },
    // TTL, class, type
    { rule: "a TTL stands before the type", text: "a 60 A 1.2.3.4", gives: ["a.example. 60 A 1.2.3.4"] },
    { rule: "TTL, then class", text: "a 60 IN A 1.2.3.4", gives: ["a.example. 60 A 1.2.3.4"] },
    { rule: "class, then TTL", text: "a IN 60 A 1.2.3.4", gives: ["a.example. 60 A 1.2.3.4"] },
    { rule: "class alone", text: "a IN A 1.2.3.4", gives: ["a.example. 300 A 1.2.3.4"] },
    { rule: "class and type in lower case", text: "a in a 1.2.3.4", gives: ["a.example. 300 A 1.2.3.4"] },
    { rule: "CLASS1 is IN", text: "a CLASS1 A 1.2.3.4", gives: ["a.example. 300 A 1.2.3.4"] },
    { rule: "a TTL of 0", text: "a 0 A 1.2.3.4", gives: ["a.example. 0 A 1.2.3.4"] },
    { rule: "the largest TTL", text: "a 2147483647 A 1.2.3.4", gives: ["a.example. 2147483647 A 1.2.3.4"] },
    { rule: "a TTL with units", text: "a 1h30m A 1.2.3.4", gives: ["a.example. 5400 A 1.2.3.4"] },
    { rule: "a TTL with units in capitals", text: "a 1W2D A 1.2.3.4", gives: ["a.example. 777600 A 1.2.3.4"] },
    { rule: "a TTL with every unit", text: "a 1w2d3h4m5s A 1.2.3.4", gives: ["a.example. 788645 A 1.2.3.4"] },
    { rule: "TYPE1 is A", text: "a TYPE1 1.2.3.4", gives: ["a.example. 300 A 1.2.3.4"] },
    { rule: "the generic form of a known type", text: "a A \\# 4 0A000001", gives: ["a.example. 300 A 10.0.0.1"] },
    {
      rule: "the generic form of an unknown type",
      text: "a TYPE65280 \\# 3 ab cdef",
      gives: ["a.example. 300 TYPE65280 \\# 3 ABCDEF"],
    },
    { rule: "the generic form without octets", text: "a TYPE65280 \\# 0", gives: ["a.example. 300 TYPE65280 \\# 0"] },
    // Strings
    { rule: "a quoted string keeps its blanks", text: 'a TXT "b  c"', gives: ['a.example. 300 TXT "b  c"'] },
    {
      rule: "a quoted string keeps comment and parentheses",
      text: 'a TXT "b;(c"',
      gives: ['a.example. 300 TXT "b;(c"'],
    },
    { rule: "a quote in a string is escaped", text: 'a TXT "b\\"c"', gives: ['a.example. 300 TXT "b\\"c"'] },
    { rule: "a string may be empty", text: 'a TXT ""', gives: ['a.example. 300 TXT ""'] },
    { rule: "strings stand side by side", text: 'a TXT "b""c"d', gives: ['a.example. 300 TXT "b" "c" "d"'] },
    { rule: "a quote ends a word", text: 'a TXT b"c d"', gives: ['a.example. 300 TXT "b" "c d"'] },
    { rule: "\\DDD in a string", text: 'a TXT "\\010"', gives: ['a.example. 300 TXT "\\010"'] },
    {
      rule: "a quoted value of a parameter",
      text: 'a HTTPS 1 . alpn="h2,h3"',
      gives: ['a.example. 300 HTTPS 1 . alpn="h2,h3"'],
    },
    // Comments and blanks
    { rule: "a comment ends the entry", text: "a A 1.2.3.4 ; why", gives: ["a.example. 300 A 1.2.3.4"] },
    { rule: "a comment needs no blank", text: "a A 1.2.3.4;why", gives: ["a.example. 300 A 1.2.3.4"] },
    { rule: "a comment may hold anything", text: '; "(\n ; \0 \\\na A 1.2.3.4', gives: ["a.example. 300 A 1.2.3.4"] },
    {
      rule: "empty lines, and lines of blanks, are nothing",
      text: "\n    \n\t\na A 1.2.3.4\n\n   ",
      gives: ["a.example. 300 A 1.2.3.4"],
    },
    { rule: "tabs and blanks part words", text: "a\t \tA\t1.2.3.4\t", gives: ["a.example. 300 A 1.2.3.4"] },
    // Line endings
    {
      rule: "lines may end in CRLF",
      text: "a A 1.2.3.4\r\n A 1.2.3.5\r\n",
      gives: ["a.example. 300 A 1.2.3.4", "a.example. 300 A 1.2.3.5"],
    },
    {
      rule: "lines may end in CR",
      text: "a A 1.2.3.4\r A 1.2.3.5\r",
      gives: ["a.example. 300 A 1.2.3.4", "a.example. 300 A 1.2.3.5"],
    },
    { rule: "a CRLF ends a comment", text: "; c\r\na A 1.2.3.4 ; c\r\n", gives: ["a.example. 300 A 1.2.3.4"] },
    {
      rule: "a byte-order mark is nothing",
      text: `${BYTE_ORDER_MARK}a A 1.2.3.4`,
      gives: ["a.example. 300 A 1.2.3.4"],
    },
    {
      rule: "a byte-order mark of Unicode text is nothing",
      text: "\ufeffa A 1.2.3.4",
      gives: ["a.example. 300 A 1.2.3.4"],
    },
    { rule: "an empty file is a file", text: "", gives: [] },
    // Parentheses
    { rule: "parentheses join lines", text: "a MX ( 10\n  b\n)", gives: ["a.example. 300 MX 10 b.example."] },
    {
      rule: "a line inside parentheses may begin anywhere",
      text: "a MX (\n10\nb )\nc A 1.2.3.4",
      gives: ["a.example. 300 MX 10 b.example.", "c.example. 300 A 1.2.3.4"],
    },
    { rule: "parentheses touch words", text: "a MX(10 b)", gives: ["a.example. 300 MX 10 b.example."] },
    { rule: "parentheses stand anywhere", text: "a ( 60\nIN\n) A 1.2.3.4", gives: ["a.example. 60 A 1.2.3.4"] },
    { rule: "parentheses may stand first", text: "( a\n A ) 1.2.3.4", gives: ["a.example. 300 A 1.2.3.4"] },
    { rule: "parentheses may nest", text: "a A ( ( 1.2.3.4 )\n)", gives: ["a.example. 300 A 1.2.3.4"] },
    {
      rule: "comments stand inside parentheses",
      text: "a MX ( 10 ; ) not here\n b )",
      gives: ["a.example. 300 MX 10 b.example."],
    },
    {
      rule: "what looks like an entry inside parentheses is none",
      text: "a TXT (\nfoo IN A\n)",
      gives: ['a.example. 300 TXT "foo" "IN" "A"'],
    },
    { rule: "empty parentheses are nothing", text: "( )\na A 1.2.3.4 ()", gives: ["a.example. 300 A 1.2.3.4"] },
    // Directives
    {
      rule: "$ORIGIN completes what follows",
      text: "$ORIGIN other.\na CNAME b",
      gives: ["a.other. 300 CNAME b.other."],
    },
    { rule: "$ORIGIN is completed itself", text: "$ORIGIN sub\n@ A 1.2.3.4", gives: ["sub.example. 300 A 1.2.3.4"] },
    { rule: "$ORIGIN may be the root", text: "$ORIGIN .\ncom A 1.2.3.4", gives: ["com. 300 A 1.2.3.4"] },
    {
      rule: "directives in any case, with comments",
      text: "$Origin other. ; c\n$ttl 5;c\na A 1.2.3.4",
      gives: ["a.other. 5 A 1.2.3.4"],
    },
    { rule: "directives in parentheses", text: "$TTL (\n5 )\na A 1.2.3.4", gives: ["a.example. 5 A 1.2.3.4"] },
    {
      rule: "$TTL is for records without one",
      text: "$TTL 1h\na A 1.2.3.4\nb 5 A 1.2.3.4\nc A 1.2.3.4",
      gives: ["a.example. 3600 A 1.2.3.4", "b.example. 5 A 1.2.3.4", "c.example. 3600 A 1.2.3.4"],
    },
    {
      rule: "$TTL counts from where it stands",
      text: "$TTL 1\na A 1.2.3.4\n$TTL 2\nb A 1.2.3.4",
      gives: ["a.example. 1 A 1.2.3.4", "b.example. 2 A 1.2.3.4"],
    },
    {
      rule: "without $TTL the last TTL is repeated",
      text: "a 7 A 1.2.3.4\nb A 1.2.3.4",
      gives: ["a.example. 7 A 1.2.3.4", "b.example. 7 A 1.2.3.4"],
    },
  ])("$rule: $text", ({ text, gives }) => {
    const { lines, problems } = readZoneFile(text);
    expect(problems).toEqual([]);
    expect(lines).toEqual(gives);
  });

  test("an export of a cloud's command line is read as it is", () => {
    const { lines, problems, summary } = readZoneFile(
      [
        "",
        "; Exported zone file from Azure DNS",
        ";      Zone name: privatelink.azurecr.io",
        "",
        "$TTL 10",
        "$ORIGIN privatelink.azurecr.io.",
        "    ",
        "@ 3600 IN SOA azureprivatedns.net. azureprivatedns-host.microsoft.com. (",
        "              1 ; serial",
        "              3600 ; refresh",
        "              300 ; retry",
        "              2419200 ; expire",
        "              10 ; minimum",
        "              )",
        "",
        "contosoreg 10 IN A 10.1.2.6",
        "           10 IN A 10.1.2.7",
        "",
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(lines).toEqual([
      "privatelink.azurecr.io. 3600 SOA azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10",
      "contosoreg.privatelink.azurecr.io. 10 A 10.1.2.6",
      "contosoreg.privatelink.azurecr.io. 10 A 10.1.2.7",
    ]);
    expect(summary.records).toBe(3);
    expect(summary.origin && formatName(summary.origin)).toBe("privatelink.azurecr.io.");
    expect(summary.soaOwner && formatName(summary.soaOwner)).toBe("privatelink.azurecr.io.");
  });
});

describe("a record's span", () => {
  test.each([
    { from: "its owner", text: "a 60 IN A 1.2.3.4 ; c", line: 1, column: 1, spans: "a 60 IN A 1.2.3.4" },
    {
      from: "its first word where the owner is left out",
      text: "a A 1.1.1.1\n  60 A 1.2.3.4",
      line: 2,
      column: 3,
      spans: "60 A 1.2.3.4",
    },
    { from: "its owner over lines", text: "\na MX ( 10\n b ) ; c\n", line: 2, column: 1, spans: "a MX ( 10\n b" },
    {
      from: "its owner behind a byte-order mark",
      text: `${BYTE_ORDER_MARK}a A 1.2.3.4`,
      line: 1,
      column: 1,
      spans: "a A 1.2.3.4",
    },
    { from: "its owner up to the closing quote", text: 'a TXT "b c" ', line: 1, column: 1, spans: 'a TXT "b c"' },
  ])("reaches from $from to the end of its rdata: $text", ({ text, line, column, spans }) => {
    const { records } = readZoneFile(text);
    const span = records.at(-1)?.span;
    if (span === undefined) throw new RangeError("no record");
    expect(text.slice(span.start, span.end)).toBe(spans);
    expect(positionOf(span)).toEqual({ line, column });
    expect(lineText(span)).toContain(spans.split("\n")[0]);
  });
});

describe("the TTL that nothing says", () => {
  test.each([
    { case: "of the caller", options: { defaultTtl: 42 }, text: "a A 1.2.3.4", ttls: [42], problems: [] },
    {
      case: "of the last record before the caller's",
      options: { defaultTtl: 42 },
      text: "a 7 A 1.2.3.4\nb A 1.2.3.4",
      ttls: [7, 7],
      problems: [],
    },
    {
      case: "a guess, said once",
      options: {},
      text: "a A 1.2.3.4\nb A 1.2.3.4",
      ttls: [3600, 3600],
      problems: ["zonefile/no-ttl 1:1"],
    },
    {
      case: "the minimum of an SOA, said once",
      options: {},
      text: "@ SOA a b 1 2 3 4 55\nb A 1.2.3.4",
      ttls: [55, 55],
      problems: ["zonefile/no-ttl 1:1"],
    },
    {
      case: "the minimum of an SOA, whatever TTLs stand behind it",
      options: {},
      text: "@ SOA a b 1 2 3 4 55\nb 7 A 1.2.3.4\nc A 1.2.3.4",
      ttls: [55, 7, 55],
      problems: ["zonefile/no-ttl 1:1"],
    },
    {
      case: "the last record's behind an SOA with a TTL of its own",
      options: {},
      text: "@ 9 SOA a b 1 2 3 4 55\nb 7 A 1.2.3.4\nc A 1.2.3.4",
      ttls: [9, 7, 7],
      problems: [],
    },
    {
      case: "0 behind a TTL that is too large",
      options: {},
      text: "a 4294967295 A 1.2.3.4\nb A 1.2.3.4",
      ttls: [0, 0],
      problems: ["zonefile/ttl-too-large 1:3"],
    },
    {
      case: "a guess behind a $TTL that is none, not said again",
      options: {},
      text: "$TTL x\na A 1.2.3.4",
      ttls: [3600],
      problems: ["zonefile/bad-ttl 1:6"],
    },
  ])("is $case", ({ options, text, ttls, problems }) => {
    const { records, problems: found } = readZoneFile(text, options);
    expect(records.map(({ ttl }) => ttl)).toEqual(ttls);
    expect(found).toEqual(problems);
  });
});
