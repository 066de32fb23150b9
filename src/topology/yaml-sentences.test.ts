import { describe, expect, test } from "vitest";
import { placeOf, readText } from "../../test/topology-text.ts";

/** What is said of text that is not YAML, one line each: `line:column message`, then notes. */
function said(text: string): string[] {
  return readText(text)
    .diagnostics.filter(({ code }) => code === "topology/syntax")
    .flatMap(({ span, message, related }) => [
      `${placeOf(span)} ${message}`,
      ...related.map((one) => `  ${placeOf(one.span)} ${one.message}`),
    ]);
}

describe("brackets", () => {
  test.each([
    {
      title: "a brace that is left open is shown itself, with the line that stands in its way",
      text: "networks:\n  hub: { prefixes: 10.0.0.0/16\n  spoke: { prefixes: 10.1.0.0/16 }\n",
      says: ["2:8 { is not closed, expected } at its end", "  3:3 expected } before this"],
    },
    {
      title: "at the end of the file nothing does",
      text: "x-a: [1, 2\n",
      says: ["1:6 [ is not closed, expected ] at its end"],
    },
    { title: "without a line end too", text: "x-a: [b: 2", says: ["1:6 [ is not closed, expected ] at its end"] },
    {
      title: "of two that are left open the inner one is told",
      text: "x-a: {b: [1, 2\nx-b: 1\n",
      says: ["1:10 [ is not closed, expected ] at its end", "  2:1 expected ] before this"],
    },
    {
      title: "of two, one of which is closed, the outer one is told",
      text: "x-a: {a: {b: c}\nversion: 1\n",
      says: ["1:6 { is not closed, expected } at its end", "  2:1 expected } before this"],
    },
    {
      title: "the wrong one closes it",
      text: "x-a: {a: 1]\nversion: 1\n",
      says: ["1:6 { is closed by ], expected }", "  1:11 ] is here"],
    },
    {
      title: "one is left open inside another one",
      text: "x-a: {a: [1, 2}\n",
      says: ["1:10 [ is closed by }, expected ]", "  1:15 } is here"],
    },
    {
      title: "the one around an open one has lost its end to it, which is no fault of its own",
      text: "x-a: {\n    a: [1, 2\n  }\nx-b: c\n",
      says: ["2:8 [ is closed by }, expected ]", "  3:3 } is here"],
    },
    {
      title: "its end stands too far left",
      text: "x-a:\n  hub: {\n    a: b\n}\nx-c: d\n",
      says: ["4:1 } stands too far left to close its {", "  2:8 { is here"],
    },
    {
      title: "its end stands below its key",
      text: "x-a:\n  hub: {\n    a: b\n  }\n",
      says: [],
    },
    {
      title: "one too many",
      text: "x-a: {a: 1}}\nversion: 1\n",
      says: ["1:12 } closes nothing, expected { before it"],
    },
    { title: "a list that begins nowhere", text: "x-a: [1]]\n", says: ["1:9 ] closes nothing, expected [ before it"] },
    {
      title: "a comma too many",
      text: "x-a: [a, , b]\n",
      says: ["1:10 a comma with nothing before it, expected a value"],
    },
    {
      title: "a comma too few",
      text: 'x-a: ["a" "b"]\n',
      says: ["1:11 no comma before this, expected one between items"],
    },
    {
      title: "a comma too few at the end of a line",
      text: "x-a: {\n  a: 1\n  b: 2\n}\n",
      says: ["2:6 no comma behind 1, expected one before the next key"],
    },
    {
      title: "a key in a key's value",
      text: "x-a: {a: b: c}\n",
      says: ["1:10 a second key in one item, expected a comma before it"],
    },
    { title: "text behind the end", text: "x-a: {a: 1} b\n", says: ["1:13 b stands behind a value that has ended"] },
  ])("$title", ({ text, says }) => {
    expect(said(text)).toEqual(says);
  });
});

describe("quotes", () => {
  test.each([
    { text: 'x-a: "b\nversion: 1\n', says: ['1:6 " is not closed, expected another " behind the text'] },
    { text: "x-a: [b, 'c]\nversion: 1\n", says: ["1:10 ' is not closed, expected another ' behind the text"] },
    { text: 'x-a: "b\nversion: 1\nx-c: "d"\n', says: ['1:6 " is not closed, expected another " behind the text'] },
    { text: "x-a: 'it's'\n", says: ["1:10 s' stands behind a value that has ended"] },
    { text: 'x-a: "b" c\n', says: ["1:10 c stands behind a value that has ended"] },
    { text: 'x-a: "\\q"\n', says: ['1:7 \\q means nothing between " and "'] },
    { text: 'x-a: "b"# c\n', says: ["1:9 a comment without a blank before it, expected one"] },
  ])("$text", ({ text, says }) => {
    expect(said(text)).toEqual(says);
  });
});

describe("indentation", () => {
  test.each([
    {
      title: "between two levels",
      text: "networks:\n  hub:\n    id: a\n   spoke:\n",
      says: ["4:4 spoke is indented by 3 blanks, expected 0, 2 or 4"],
    },
    {
      title: "less than the first key",
      text: "networks:\n    hub:\n  spoke:\n",
      says: ["3:3 spoke is indented by 2 blanks, expected 0 or 4"],
    },
    {
      title: "by one blank, behind a comment",
      text: "x-a:\n  b: c\n# no\n\n d: e\n",
      says: ["5:2 d is indented by 1 blank, expected 0 or 2"],
    },
    {
      title: "the whole file",
      text: " version: 1\nx-a: b\n",
      says: ["2:1 x-a is indented by 0 blanks, expected 1"],
    },
    {
      title: "deeper, below a value",
      text: "version: 1\n  x-a: b\n",
      says: ["2:3 x-a is indented deeper than the key above it, which has a value already"],
    },
    { title: "a tab", text: "networks:\n  hub:\n  \tid: a\n", says: ["3:3 a tab cannot indent in YAML"] },
    {
      title: "a tab between brackets",
      text: "networks: {\n\thub: a }\n",
      says: ["2:1 a tab cannot indent in YAML"],
    },
    {
      title: "a long key behind a block",
      text: `zones:\n  a.example:\n    records: |\n      www A 1.2.3.4\n   ${"l".repeat(50)}: a\n`,
      says: [`5:4 ${"l".repeat(40)}… is indented by 3 blanks, expected 0, 2 or 4`],
    },
    { title: "a key beside items", text: "x-a:\n  - b\n  c: d\n", says: ["3:3 c stands beside the items of a list"] },
    { title: "a key below items", text: "- a\nb: c\n", says: ["2:1 b stands beside the items of a list"] },
    { title: "an item beside keys", text: "x-a:\n  b: d\n  - c\n", says: ["3:3 an item of a list stands beside keys"] },
    {
      title: "an item left of the others",
      text: "x-a:\n  - b\n - c\n",
      says: ["3:2 - is indented by 1 blank, expected 0 or 2"],
    },
    {
      title: "an item on the line of its key",
      text: "x-a: - b\n",
      says: ["1:6 an item of a list on the line of its key"],
    },
    {
      title: "text of a block, one level too few",
      text: "zones:\n  a.example:\n    records: |\n      www A 1.2.3.4\n    www2 A 1.2.3.4\n    links: a\n",
      says: ["5:5 www2 A 1.2.3.4 is indented less than the text of the block above it"],
    },
    {
      title: "text of a block, one blank too few",
      text: "x-a: |\n    foo\n  bar\nversion: 1\n",
      says: ["3:3 bar is indented less than the text of the block above it"],
    },
    {
      title: "a key behind a block",
      text: "zones:\n  a.example:\n    records: |\n      www A 1.2.3.4\n   links: a\n",
      says: ["5:4 links is indented by 3 blanks, expected 0, 2 or 4"],
    },
    {
      title: "text behind the mark of a block",
      text: "x-a: | foo\n  bar\n",
      says: ["1:8 foo stands on the line of a |, expected it on the next one"],
    },
  ])("$title", ({ text, says }) => {
    expect(said(text)).toEqual(says);
  });
});

describe("keys", () => {
  test.each([
    { text: "version:1\nx-a: b\n", says: ["1:8 no blank behind the colon of version, expected one"] },
    { text: "networks:\n  hub:\n    id:a\n    dns: b\n", says: ["3:7 no blank behind the colon of id, expected one"] },
    { text: "x-a: b: c\n", says: ["1:6 a second key on one line"] },
    { text: "x-a: 1\nb\n", says: ["2:1 a key without a colon, expected KEY:"] },
    { text: "a b c\nd: e\n", says: ["1:1 a key without a colon, expected KEY:"] },
    { text: "x-a: 1\n...\nx-b: 2\n", says: ["3:1 a second document (---) in one file, expected one"] },
    { text: "x-a: &a &b c\n", says: ["1:9 a second anchor at one value, expected one"] },
  ])("$text", ({ text, says }) => {
    expect(said(text)).toEqual(says);
  });

  test("what is said helps to mend it", () => {
    const hints = ["version:1\nx-a: b\n", "x-a: 'it's'\n", "x-a: {a: 1\nx-b: c\n"].map(
      (text) => readText(text).diagnostics[0]?.hint,
    );
    expect(hints).toEqual([
      "write version: 1",
      "between ' and ' a quote is written twice: ''",
      "write } at the end, or indent what stands inside deeper than the line of the {",
    ]);
  });
});
