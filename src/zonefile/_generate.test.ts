import { describe, expect, test } from "vitest";
import { readZoneFile } from "../../test/zone-file-reading.ts";

/** What BIND 9.18 prints for the same lines, but for the order. */
const AS_BIND = [
  {
    rule: "$ is the number",
    text: "$GENERATE 1-2 h$ A 10.0.0.$",
    gives: ["h1.example. 300 A 10.0.0.1", "h2.example. 300 A 10.0.0.2"],
  },
  { rule: "a range may be one number", text: "$GENERATE 7-7 $ A 10.0.0.$", gives: ["7.example. 300 A 10.0.0.7"] },
  {
    rule: "a range may have a step",
    text: "$GENERATE 1-6/2 $ A 10.0.0.$",
    gives: ["1.example. 300 A 10.0.0.1", "3.example. 300 A 10.0.0.3", "5.example. 300 A 10.0.0.5"],
  },
  { rule: "a step may lead past the end", text: "$GENERATE 1-2/5 $ A 10.0.0.$", gives: ["1.example. 300 A 10.0.0.1"] },
  {
    rule: "without $ the same record comes each time",
    text: "$GENERATE 1-2 a A 1.2.3.4",
    gives: ["a.example. 300 A 1.2.3.4", "a.example. 300 A 1.2.3.4"],
  },
  {
    rule: "TTL and class stand before the type",
    text: "$GENERATE 1-1 a$ 5 IN A 1.2.3.4 ; c",
    gives: ["a1.example. 5 A 1.2.3.4"],
  },
  { rule: "class and TTL too", text: "$GENERATE 1-1 a$ IN 5 A 1.2.3.4", gives: ["a1.example. 5 A 1.2.3.4"] },
  { rule: "@ is the origin", text: "$GENERATE 1-1 @ A 10.0.0.$", gives: ["example. 300 A 10.0.0.1"] },
  { rule: "an offset is added", text: "$GENERATE 1-1 a${10} A 1.2.3.4", gives: ["a11.example. 300 A 1.2.3.4"] },
  { rule: "an offset may be negative", text: "$GENERATE 1-1 a${-5} A 1.2.3.4", gives: ["a-4.example. 300 A 1.2.3.4"] },
  {
    rule: "a width fills with zeros",
    text: "$GENERATE 9-10 a${0,3} A 1.2.3.4",
    gives: ["a009.example. 300 A 1.2.3.4", "a010.example. 300 A 1.2.3.4"],
  },
  {
    rule: "a width counts the sign",
    text: "$GENERATE 1-1 a${-5,4} A 1.2.3.4",
    gives: ["a-004.example. 300 A 1.2.3.4"],
  },
  { rule: "o is octal", text: "$GENERATE 8-8 a${0,3,o} A 1.2.3.4", gives: ["a010.example. 300 A 1.2.3.4"] },
  { rule: "x is hexadecimal", text: "$GENERATE 26-26 a${0,0,x} A 1.2.3.4", gives: ["a1a.example. 300 A 1.2.3.4"] },
  {
    rule: "X is hexadecimal in capitals",
    text: "$GENERATE 26-26 a${0,4,X} A 1.2.3.4",
    gives: ["a001A.example. 300 A 1.2.3.4"],
  },
  { rule: "x has 32 bits", text: "$GENERATE 1-1 g${-5,3,x} A 1.2.3.4", gives: ["gfffffffc.example. 300 A 1.2.3.4"] },
  {
    rule: "n is nibbles, the lowest first",
    text: "$GENERATE 18-18 ${0,3,n}.n A 1.2.3.4",
    gives: ["2.1.n.example. 300 A 1.2.3.4"],
  },
  {
    rule: "n is as wide as it must be",
    text: "$GENERATE 291-291 ${0,1,n}.n A 1.2.3.4",
    gives: ["3.2.1.n.example. 300 A 1.2.3.4"],
  },
  {
    rule: "the dots of n count",
    text: "$GENERATE 1-1 ${0,7,n}.n A 1.2.3.4",
    gives: ["1.0.0.0.n.example. 300 A 1.2.3.4"],
  },
  {
    rule: "an even width of N ends in a dot",
    text: "$GENERATE 18-18 a PTR x${0,4,N}",
    gives: ["a.example. 300 PTR x2.1."],
  },
  {
    rule: "N is nibbles in capitals",
    text: "$GENERATE 171-171 ${0,3,N} A 1.2.3.4",
    gives: ["B.A.example. 300 A 1.2.3.4"],
  },
  { rule: "$$ is a dollar sign", text: "$GENERATE 1-1 a$$ A 1.2.3.4", gives: ["a\\$.example. 300 A 1.2.3.4"] },
  {
    rule: "\\$ is a dollar sign",
    text: "$GENERATE 1-1 a CNAME b$.\\$$.$$",
    gives: ["a.example. 300 CNAME b1.\\$1.\\$.example."],
  },
  {
    rule: "a quoted string holds several words",
    text: '$GENERATE 1-1 m$ MX "10 mail$"',
    gives: ["m1.example. 300 MX 10 mail1.example."],
  },
  {
    rule: "a quoted string holds quotes",
    text: '$GENERATE 1-1 t$ TXT "\\"text $\\" b"',
    gives: ['t1.example. 300 TXT "text 1" "b"'],
  },
];

describe("$GENERATE", () => {
  test.each([
    ...AS_BIND,
    {
      rule: "beyond BIND, words need no quotes",
      text: "$GENERATE 1-1 m$ MX 10 mail$",
      gives: ["m1.example. 300 MX 10 mail1.example."],
    },
    {
      rule: "beyond BIND, several strings stay strings",
      text: '$GENERATE 1-1 t$ TXT "a $" "b $"',
      gives: ['t1.example. 300 TXT "a 1" "b 1"'],
    },
    {
      rule: "the owner in hand stays",
      text: "a A 1.1.1.1\n$GENERATE 1-1 b A 2.2.2.2\n A 3.3.3.3",
      gives: ["a.example. 300 A 1.1.1.1", "b.example. 300 A 2.2.2.2", "a.example. 300 A 3.3.3.3"],
    },
    {
      rule: "as many records as the bound are made",
      text: "$GENERATE 1-3 a A 1.1.1.1",
      options: { maxGenerated: 3, defaultTtl: 1 },
      gives: Array<string>(3).fill("a.example. 1 A 1.1.1.1"),
    },
  ])("$rule: $text", ({ text, gives, ...more }) => {
    const { lines, problems } = readZoneFile(text, "options" in more ? more.options : undefined);
    expect(problems).toEqual([]);
    expect(lines).toEqual(gives);
  });

  test.each([
    { text: "$GENERATE 5-1 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1-2-3 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE -1-2 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1-2/0 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1-2/ a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1-2/1/1 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1-2147483648 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1-2000000000 a A 1.2.3.4", says: ["zonefile/bad-generate 1:11"] },
    { text: `$GENERATE 1-900000 a TXT ${"b".repeat(300)}`, says: ["zonefile/bad-generate 1:11"] },
    { text: "$GENERATE 1-2", says: ["zonefile/bad-directive 1:14"] },
    { text: "$GENERATE 1-2 a", says: ["zonefile/syntax 1:16"] },
    { text: "$GENERATE 1-2 a A", says: ["zonefile/bad-rdata 1:18"] },
    { text: '$GENERATE 1-2 a TXT "\\"b"', says: ["zonefile/bad-generate 1:21"] },
    { text: '$GENERATE 1-2 a A ""', says: ["zonefile/bad-rdata 1:21"] },
    { text: "$GENERATE 1-2 a AAA 1", says: ["zonefile/unknown-type 1:17"] },
    { text: "$GENERATE 1-2 a ANY 1", says: ["zonefile/meta-type 1:17"] },
    { text: "$GENERATE 1-2 a CH A 1", says: ["zonefile/bad-class 1:17"] },
    { text: "$GENERATE 1-2 a${ A 1.2.3.4", says: ["zonefile/bad-generate 1:15"] },
    { text: "$GENERATE 1-2 a${} A 1.2.3.4", says: ["zonefile/bad-generate 1:15"] },
    { text: "$GENERATE 1-2 a${1,} A 1.2.3.4", says: ["zonefile/bad-generate 1:15"] },
    { text: "$GENERATE 1-2 a${1,2,y} A 1.2.3.4", says: ["zonefile/bad-generate 1:15"] },
    { text: "$GENERATE 1-2 a${1,2,d A 1.2.3.4", says: ["zonefile/bad-generate 1:15"] },
    { text: "$GENERATE 1-2 a${0,128} A 1.2.3.4", says: ["zonefile/bad-generate 1:15"] },
    { text: "$GENERATE 1-2 a A 1.2.3.${x}", says: ["zonefile/bad-generate 1:19"] },
    { text: "$GENERATE 1-2 a..$ A 1.2.3.4", says: ["zonefile/bad-name 1:15"] },
    { text: "$GENERATE 256-999 a A 1.2.3.$", says: ["zonefile/bad-rdata 1:23"] },
  ])("$text → $says, once, and the next entry is read", ({ text, says }) => {
    const { lines, problems } = readZoneFile(`${text}\nz A 9.9.9.9`);
    expect(problems).toEqual(says);
    expect(lines).toEqual(["z.example. 300 A 9.9.9.9"]);
  });

  test("the bound counts all directives of a run", () => {
    const { lines, problems } = readZoneFile("$GENERATE 1-2 a$ A 1.1.1.1\n$GENERATE 1-2 b$ A 1.1.1.1", {
      maxGenerated: 3,
      defaultTtl: 1,
    });
    expect(problems).toEqual(["zonefile/bad-generate 2:11"]);
    expect(lines).toHaveLength(2);
  });

  test("each record has the place of its directive", () => {
    const text = "\n$GENERATE 1-2 a$ A 1.1.1.1 ; c";
    for (const { span } of readZoneFile(text).records)
      expect(text.slice(span.start, span.end)).toBe("$GENERATE 1-2 a$ A 1.1.1.1");
    expect(readZoneFile(text).summary.records).toBe(2);
  });
});
