import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readZoneFile, showRecord, zoneFile } from "../../test/zone-file-reading.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { knownName } from "../name/name-text.ts";
import { parseZoneText } from "./parse-zone-file.ts";
import { inputOfFile, inputOfText } from "./zone-input.ts";

/** The record behind every mistake of the tables: it must be read whatever stands before it. */
const NEXT = "z.example. 300 A 9.9.9.9";

describe("a mistake is said where it stands, and the next entry is read", () => {
  test.each([
    // Owners
    { text: "a..b A 1.2.3.4", says: ["zonefile/bad-name 1:1"] },
    { text: ".a A 1.2.3.4", says: ["zonefile/bad-name 1:1"] },
    { text: "a\\300 A 1.2.3.4", says: ["zonefile/bad-name 1:1"] },
    { text: "a\\", says: ["zonefile/syntax 1:3", "zonefile/bad-name 1:1"] },
    { text: `${"a".repeat(64)} A 1.2.3.4`, says: ["zonefile/bad-name 1:1"] },
    { text: `${"a.".repeat(128)} A 1.2.3.4`, says: ["zonefile/bad-name 1:1"] },
    { text: '"" A 1.2.3.4', says: ["zonefile/bad-name 1:1"] },
    { text: "a..b A 1.2.3.4\n A 1.2.3.5\n A 1.2.3.6", says: ["zonefile/bad-name 1:1"] },
    { text: "a..b A 1.2.3.4\n A 1.2.3", says: ["zonefile/bad-name 1:1", "zonefile/bad-rdata 2:4"] },
    { text: " A 1.2.3.4\n A 1.2.3.5", says: ["zonefile/no-owner 1:2"] },
    { text: "\t60 IN A 1.2.3.4", says: ["zonefile/no-owner 1:2"] },
    // TTL, class, type
    { text: "a", says: ["zonefile/syntax 1:2"] },
    { text: "a 300 ; why", says: ["zonefile/syntax 1:6"] },
    { text: "a IN", says: ["zonefile/syntax 1:5"] },
    { text: "a AAA 1.2.3.4", says: ["zonefile/unknown-type 1:3"] },
    { text: "a 300 IN AAA 1.2.3.4", says: ["zonefile/unknown-type 1:10"] },
    { text: "a 1.2.3.4", says: ["zonefile/unknown-type 1:3"] },
    { text: "a ::1", says: ["zonefile/unknown-type 1:3"] },
    { text: 'a "A" 1.2.3.4', says: ["zonefile/unknown-type 1:3"] },
    { text: "a TYPE65536 \\# 0", says: ["zonefile/unknown-type 1:3"] },
    { text: "a TYPEx \\# 0", says: ["zonefile/unknown-type 1:3"] },
    { text: "A 1.2.3.4", says: ["zonefile/unknown-type 1:3"] },
    { text: "a ANY", says: ["zonefile/meta-type 1:3"] },
    { text: "a OPT \\# 0", says: ["zonefile/meta-type 1:3"] },
    { text: "a AXFR", says: ["zonefile/meta-type 1:3"] },
    { text: "a TYPE0 \\# 0", says: ["zonefile/meta-type 1:3"] },
    { text: "a MD b", says: ["zonefile/obsolete-type 1:3"] },
    { text: "a 60 IN mf b", says: ["zonefile/obsolete-type 1:9"] },
    { text: "a TYPE3 \\# 3 016200", says: ["zonefile/obsolete-type 1:3"] },
    { text: '$ORIGIN "b."', says: ["zonefile/bad-directive 1:9"] },
    { text: '$TTL "60"', says: ["zonefile/bad-directive 1:6"] },
    { text: '$GENERATE "1-2" a$ A 1.2.3.$', says: ["zonefile/bad-directive 1:11"] },
    { text: '$GENERATE 1-2 "a$" A 1.2.3.$', says: ["zonefile/bad-directive 1:15"] },
    { text: "a CH TXT b", says: ["zonefile/bad-class 1:3"] },
    { text: "a 60 HS A b", says: ["zonefile/bad-class 1:6"] },
    { text: "a CLASS3 A b", says: ["zonefile/bad-class 1:3"] },
    { text: "a IN IN A 1.2.3.4", says: ["zonefile/bad-class 1:6"] },
    { text: "a 60 61 A 1.2.3.4", says: ["zonefile/bad-ttl 1:6"] },
    { text: "$TTL 1h30\n$TTL 300", says: ["zonefile/bad-ttl 1:6"] },
    // Rdata
    { text: "a A 1.2.3", says: ["zonefile/bad-rdata 1:5"] },
    { text: "a A 1.2.3.4 5", says: ["zonefile/bad-rdata 1:13"] },
    { text: "a A", says: ["zonefile/bad-rdata 1:4"] },
    { text: "a MX 10 ; b", says: ["zonefile/bad-rdata 1:8"] },
    { text: "a MX ( 10\n )", says: ["zonefile/bad-rdata 1:10"] },
    { text: "a MX ( 10\n b\n c )", says: ["zonefile/bad-rdata 3:2"] },
    { text: "a CNAME b..c", says: ["zonefile/bad-rdata 1:9"] },
    { text: "a A \\# 3 010203", says: ["zonefile/bad-rdata 1:16"] },
    { text: "a TYPE65280 abc", says: ["zonefile/bad-rdata 1:13"] },
    // Directives
    { text: "$ORIGN b.", says: ["zonefile/unknown-directive 1:1"] },
    { text: "$", says: ["zonefile/unknown-directive 1:1"] },
    { text: "$ORIGIN", says: ["zonefile/bad-directive 1:8"] },
    { text: "$ORIGIN b..c.", says: ["zonefile/bad-name 1:9"] },
    { text: "$ORIGIN example. c", says: ["zonefile/bad-directive 1:18"] },
    { text: "$TTL ; c", says: ["zonefile/bad-directive 1:5"] },
    { text: "$TTL 300 6", says: ["zonefile/bad-directive 1:10"] },
    { text: "  $TTL 300", says: ["zonefile/bad-directive 1:3"] },
    { text: "$INCLUDE", says: ["zonefile/bad-directive 1:9"] },
    { text: "$INCLUDE nowhere.zone", says: ["zonefile/bad-include 1:10"] },
    { text: "$GENERATE", says: ["zonefile/bad-directive 1:10"] },
    // Text
    { text: "a A 1.2.3.4\0", says: ["zonefile/not-text 1:12"] },
    { text: 'a TXT "b\0"', says: ["zonefile/not-text 1:9"] },
    { text: "\0\0\0\0\n", says: ["zonefile/not-text 1:1"] },
    // Quotes
    { text: 'a TXT "b', says: ["zonefile/unclosed-quote 1:7"] },
    { text: 'a TXT "b\\"', says: ["zonefile/unclosed-quote 1:7"] },
    { text: 'a TXT "b\\', says: ["zonefile/unclosed-quote 1:7"] },
    { text: 'a TXT "b\r\n', says: ["zonefile/unclosed-quote 1:7"] },
    { text: 'a TXT b"', says: ["zonefile/unclosed-quote 1:8"] },
    { text: 'a TXT "first\nsecond\n\nthird" "fourth"', says: ["zonefile/unclosed-quote 1:7"] },
    { text: 'a TXT "first\nsec\\"ond\nthird"', says: ["zonefile/unclosed-quote 1:7"] },
    { text: 'a TXT "b\nc TXT "d', says: ["zonefile/unclosed-quote 1:7", "zonefile/unclosed-quote 2:7"] },
    { text: 'a TXT "b\nc AAA "d"', says: ["zonefile/unclosed-quote 1:7", "zonefile/unknown-type 2:3"] },
    { text: 'a TXT ( "b\n"c" )', says: ["zonefile/unclosed-quote 1:9"] },
    { text: 'a TXT ( "b )', says: ["zonefile/unclosed-quote 1:9"] },
    { text: '"a A 1.2.3.4\n A 1.2.3.4', says: ["zonefile/unclosed-quote 1:1"] },
    // Parentheses
    { text: "a A 1.2.3.4 )\n", says: ["zonefile/syntax 1:13"] },
    { text: ")))", says: ["zonefile/syntax 1:1"] },
    { text: "a A ( 1.2.3.4", says: ["zonefile/unclosed-parenthesis 1:5"] },
    { text: "@ SOA a b (\n 1\n 2 ; c\n 3 4 5", says: ["zonefile/unclosed-parenthesis 1:11"] },
    { text: "@ SOA a b (\n1\n2\n3 4 5\n\n$TTL 300", says: ["zonefile/unclosed-parenthesis 1:11"] },
    {
      text: "@ SOA a b (\n1 2 3 4 5\n  IN AAAA 1.2.3.4",
      says: ["zonefile/unclosed-parenthesis 1:11", "zonefile/bad-rdata 3:11"],
    },
    {
      text: "a A ( 1.2.3.4\nb A ( 1.2.3.4",
      says: ["zonefile/unclosed-parenthesis 1:5", "zonefile/unclosed-parenthesis 2:5"],
    },
    { text: "@ SOA a b (\nx MX\ny IN", says: ["zonefile/unclosed-parenthesis 1:11"] },
    { text: "a A ( ( 1.2.3.4 )", says: ["zonefile/unclosed-parenthesis 1:5"] },
    { text: "(", says: ["zonefile/unclosed-parenthesis 1:1"] },
    { text: "$ORIGIN ( b.", says: ["zonefile/unclosed-parenthesis 1:9"] },
  ])("$text → $says", ({ text, says }) => {
    const { lines, problems } = readZoneFile(`${text}\nz 300 A 9.9.9.9\n`);
    expect([...problems].sort()).toEqual([...says].sort());
    expect(lines.at(-1)).toBe(NEXT);
  });

  test.each([
    { text: "a 1h30 A 1.2.3.4", says: ["zonefile/bad-ttl 1:3"], gives: ["a.example. 300 A 1.2.3.4"] },
    { text: "a -1 A 1.2.3.4", says: ["zonefile/bad-ttl 1:3"], gives: ["a.example. 300 A 1.2.3.4"] },
    { text: "a 1.5h A 1.2.3.4", says: ["zonefile/bad-ttl 1:3"], gives: ["a.example. 300 A 1.2.3.4"] },
    { text: "a 2147483648 A 1.2.3.4", says: ["zonefile/ttl-too-large 1:3"], gives: ["a.example. 0 A 1.2.3.4"] },
    {
      text: "a 99999999999999999999 A 1.2.3.4",
      says: ["zonefile/bad-ttl 1:3"],
      gives: ["a.example. 300 A 1.2.3.4"],
    },
    { text: "a 4294967295 A 1.2.3.4", says: ["zonefile/ttl-too-large 1:3"], gives: ["a.example. 0 A 1.2.3.4"] },
    { text: "a 4294967296 A 1.2.3.4", says: ["zonefile/bad-ttl 1:3"], gives: ["a.example. 300 A 1.2.3.4"] },
    { text: "a 9999w A 1.2.3.4", says: ["zonefile/bad-ttl 1:3"], gives: ["a.example. 300 A 1.2.3.4"] },
    { text: "a A 1.2.3.4 )", says: ["zonefile/syntax 1:13"], gives: ["a.example. 300 A 1.2.3.4"] },
    { text: "a AAA 1\n A 1.2.3.4", says: ["zonefile/unknown-type 1:3"], gives: ["a.example. 300 A 1.2.3.4"] },
    { text: 'a TXT "b\n A 1.2.3.4', says: ["zonefile/unclosed-quote 1:7"], gives: ["a.example. 300 A 1.2.3.4"] },
    {
      text: "a MX ( 1\n2\n IN A 1.2.3.4",
      says: ["zonefile/unclosed-parenthesis 1:6"],
      gives: ["a.example. 300 A 1.2.3.4"],
    },
    {
      text: "@ SOA a b (\n1 2\nb MX ( 1\nc )",
      says: ["zonefile/unclosed-parenthesis 1:11"],
      gives: ["b.example. 300 MX 1 c.example."],
    },
    { text: "  $TTL 5\na A 1.2.3.4", says: ["zonefile/bad-directive 1:3"], gives: ["a.example. 5 A 1.2.3.4"] },
  ])("what can be kept is kept: $text → $says", ({ text, says, gives }) => {
    const { lines, problems } = readZoneFile(text);
    expect(problems).toEqual(says);
    expect(lines).toEqual(gives);
  });

  test("every problem of a file is found in one run", () => {
    const { problems } = readZoneFile('a A 1.2.3\nb AAA 1\n\nc TXT "d\n$FOO\n  $TTL 5\ne..f A 1.2.3.4\ng MX ( 1\n');
    expect(problems).toEqual([
      "zonefile/bad-rdata 1:5",
      "zonefile/unknown-type 2:3",
      "zonefile/unclosed-quote 4:7",
      "zonefile/unknown-directive 5:1",
      "zonefile/bad-directive 6:3",
      "zonefile/bad-name 7:1",
      "zonefile/unclosed-parenthesis 8:6",
    ]);
  });

  test.each([
    { encoded: "little-endian", text: "\u00ff\u00fea\0 \0A\0" },
    { encoded: "big-endian", text: "\u00fe\u00ff\0a\0 \0A" },
  ])("a file in UTF-16, $encoded, is one problem", ({ text }) => {
    const { problems, lines } = readZoneFile(text);
    expect(problems).toEqual(["zonefile/not-text 1:1"]);
    expect(lines).toEqual([]);
  });

  test("an entry of more words than rdata can hold is one problem", () => {
    const { problems, lines } = readZoneFile(`a TXT (${" b".repeat(70_000)} )\nz A 9.9.9.9\n`);
    expect(problems).toEqual(["zonefile/syntax 1:140005"]);
    expect(lines).toEqual([NEXT]);
  });

  test("a file of nothing but problems ends after ten thousand", () => {
    const { problems } = readZoneFile("a B\n".repeat(20_000));
    expect(problems).toHaveLength(10_001);
    expect(problems.filter((problem) => problem.startsWith("zonefile/too-many-problems"))).toEqual([
      "zonefile/too-many-problems 10000:3",
    ]);
  });

  test("the last problem said is the last, though its entry has another", () => {
    const { problems } = readZoneFile(`${"a B\n".repeat(9_999)}a..b A x\n`);
    expect(problems.slice(9_999)).toEqual(["zonefile/bad-name 10000:1", "zonefile/too-many-problems 10000:1"]);
  });
});

describe("a hint says what may be meant", () => {
  test.each([
    { text: "a AAA 1.2.3.4", hint: "did you mean A" },
    { text: "a CNMAE b", hint: "did you mean CNAME?" },
    { text: "a INN A 1.2.3.4", hint: "did you mean" },
    { text: "a 1.2.3.4", hint: "write A before the address: A 1.2.3.4" },
    { text: "a 2001:db8::1", hint: "write AAAA before the address: AAAA 2001:db8::1" },
    { text: "MX 10 mail", hint: "MX was read as the owner: begin the line with a blank to repeat the last one" },
    { text: 'a "TXT" b', hint: "a type is written without quotes; text belongs behind TXT" },
    { text: "a\u00c2\u00a0A 1.2.3.4", hint: "replace the no-break spaces by blanks" },
    { text: "$INCULDE b.zone", hint: "did you mean $INCLUDE?" },
    { text: "$host A 1.2.3.4", hint: "an owner that begins with $ is written \\$" },
  ])("$text → $hint", ({ text, hint }) => {
    const [diagnostic] = readZoneFile(text).diagnostics.sorted();
    expect(diagnostic?.hint).toContain(hint);
  });

  test.each(["a QQQQQQQQ 1", `a ${"A".repeat(1000)} 1`])("nothing is guessed of what is like nothing: %s", (text) => {
    const [diagnostic] = readZoneFile(text).diagnostics.sorted();
    expect(diagnostic?.code).toBe("zonefile/unknown-type");
    expect(diagnostic?.hint).toBeUndefined();
  });
});

/** Pieces that mean something to a zone file, so that random texts are often nearly right. */
const piece = fc.constantFrom(
  ...'\n|\r\n|\r| |\t|(|)|"|\\|;|$|@|.|\0|$ORIGIN|$TTL|$INCLUDE a.zone|$GENERATE 1-3|${0,3,x}|IN|CH|A|MX|TXT|SOA|HTTPS|TYPE65280|300|1h|1.2.3.4|::1|\\# 1 00|www|a.example.|\u00c3\u00bc|\u00ff|\u2019'.split(
    "|",
  ),
);
const anyZoneText = fc
  .array(fc.oneof({ weight: 5, arbitrary: piece }, { weight: 1, arbitrary: fc.string() }))
  .map((pieces) => pieces.join(""));

describe("laws", () => {
  test("any text gives records or diagnostics, with spans inside it", () => {
    fc.assert(
      fc.property(anyZoneText, (text) => {
        const { records, diagnostics } = readZoneFile(text);
        for (const { span } of [...records, ...diagnostics.sorted()]) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("ten lines on top move every place by ten", () => {
    fc.assert(
      fc.property(anyZoneText, (text) => {
        const moved = (problem: string): string =>
          problem.replace(/ ([0-9]+):/, (_, line: string) => ` ${Number.parseInt(line, 10) + 10}:`);
        expect(readZoneFile(`; top\n${"\n".repeat(9)}${text}`).problems).toEqual(
          readZoneFile(text).problems.map(moved),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("records, written out, read the same", () => {
    fc.assert(
      fc.property(anyZoneText, (text) => {
        const { lines } = readZoneFile(text);
        const again = readZoneFile(lines.join("\n"));
        expect(again.problems).toEqual([]);
        expect(again.lines).toEqual(lines);
      }),
      { numRuns: 500 },
    );
  });

  test("lines inside another file give the same records, at their places there", () => {
    fc.assert(
      fc.property(fc.array(anyZoneText, { minLength: 1, maxLength: 5 }), (parts) => {
        // Each part stands behind an indentation that does not belong to the lines.
        const stretches: { at: number; offset: number }[] = [];
        let outer = "key: |\n";
        let text = "";
        for (const part of parts) {
          outer += "##";
          stretches.push({ at: text.length, offset: outer.length });
          outer += part;
          text += part;
        }
        const file = zoneFile("a.zone", outer);
        const read = (input: ReturnType<typeof inputOfFile>) => {
          const shown: { line: string; start: string }[] = [];
          const diagnostics = new Diagnostics();
          parseZoneText(
            input,
            { origin: knownName("example") },
            {
              record: (record) =>
                shown.push({ line: showRecord(record), start: record.span.file.text?.charAt(record.span.start) ?? "" }),
              diagnostics,
            },
          );
          return {
            shown,
            problems: diagnostics
              .sorted()
              .map(({ message }) => message)
              .sort(),
          };
        };
        const inside = read(
          inputOfText({ text, file, stretches: stretches.filter(({ at }, i) => stretches[i + 1]?.at !== at) }),
        );
        expect(inside).toEqual(read(inputOfFile(zoneFile("b.zone", text))));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    { of: "opening parentheses", line: "a A (\n" },
    { of: "opening parentheses, closed at the end", line: "a A ( 1.2.3.4\n", end: ")" },
    { of: "lines that are no entries behind a parenthesis", line: "1 2 3\n", start: "a SOA (" },
    { of: "opening quotes", line: 'a TXT "b\n' },
    { of: "lines behind a quote", line: "word\n", start: 'a TXT "b\n' },
    { of: "closing parentheses", line: ")" },
    { of: "backslashes", line: "\\" },
    { of: "blanks", line: " " },
    { of: "words", line: "b ", start: "a TXT " },
    { of: "NUL octets", line: "\0" },
  ])("half a megabyte of $of is read in linear time", ({ line, start = "", end = "" }) => {
    const text = start + line.repeat(500_000 / line.length) + end;
    const began = performance.now();
    readZoneFile(text);
    expect(performance.now() - began).toBeLessThan(4000); // Quadratic time would be minutes.
  });
});
