import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatLine,
  formatPosition,
  lineOf,
  lineText,
  positionOf,
  positionsOf,
  type SourceFile,
  type SourceSpan,
  sourceFile,
  withLinesOf,
  withoutText,
} from "./source-file.ts";

/** The text as a zone file holds it: its UTF-8 octets, one char each. */
function octets(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The span of `token`, which stands once in the file. */
function spanOf(file: SourceFile, token: string): SourceSpan {
  const start = file.text?.indexOf(token) ?? -1;
  expect(start).toBeGreaterThanOrEqual(0);
  return { file, start, end: start + token.length };
}

describe("positions", () => {
  test.each([
    { what: "the first character", text: "www A", token: "www", at: "1:1", line: "www A" },
    { what: "a tab, which is one column", text: "www\t300\tA", token: "A", at: "1:9", line: "www\t300\tA" },
    { what: "a second line", text: "a\nb CNAME c\n", token: "CNAME", at: "2:3", line: "b CNAME c" },
    { what: "a last line without a line ending", text: "a\nb x", token: "x", at: "2:3", line: "b x" },
    { what: "CRLF, which is no part of its line", text: "a\r\nb x\r\nc", token: "x", at: "2:3", line: "b x" },
    { what: "CRLF at the end of the file", text: "a\r\nb x\r\n", token: "x", at: "2:3", line: "b x" },
    { what: "empty lines before it", text: "\n\n\nx", token: "x", at: "4:1", line: "x" },
    { what: "the line ending itself", text: "ab\ncd", token: "\n", at: "1:3", line: "ab" },
    { what: "a lone CR, which ends no line", text: "a\rb\nc", token: "b", at: "1:3", line: "a\rb" },
  ])("finds $what", ({ text, token, at, line }) => {
    for (const encoding of ["octets", "unicode"] as const) {
      const span = spanOf(sourceFile("zones/corp.zone", text, encoding), token);
      expect(formatPosition(span)).toBe(`zones/corp.zone:${at}`);
      expect(formatLine(span)).toBe(`zones/corp.zone:${at.split(":")[0]}`);
      expect(lineText(span)).toBe(line);
    }
  });

  test.each([
    { what: "letters beyond ASCII", text: "naïve – x", token: "x", at: "1:9", line: "naïve – x" },
    { what: "characters beyond the first plane", text: "😀😀 x", token: "x", at: "1:4", line: "😀😀 x" },
    { what: "a byte-order mark, which is no column", text: "\uFEFFwww x", token: "x", at: "1:5", line: "www x" },
    { what: "the first token behind a byte-order mark", text: "\uFEFFwww A", token: "www", at: "1:1", line: "www A" },
    { what: "a second line behind a byte-order mark", text: "\uFEFFa\nb x", token: "x", at: "2:3", line: "b x" },
    { what: "U+FEFF that is no byte-order mark", text: "a\n\uFEFFb x", token: "x", at: "2:4", line: "\uFEFFb x" },
  ])("counts characters: $what, in octets as in Unicode", ({ text, token, at, line }) => {
    for (const file of [sourceFile("f", octets(text), "octets"), sourceFile("f", text)]) {
      const span = spanOf(file, token);
      expect(formatPosition(span)).toBe(`f:${at}`);
      expect(lineText(span)).toBe(line);
    }
  });

  test("octets that are no UTF-8 are shown as replacement characters, one column each", () => {
    const span = spanOf(sourceFile("f", "caf\xe9 \xff x", "octets"), "x");
    expect(lineText(span)).toBe("caf\uFFFD \uFFFD x");
    expect(positionOf(span)).toEqual({ line: 1, column: 8 });
  });

  test.each([
    { text: "", at: "f:1:1", line: "", because: "an empty file has one empty line" },
    { text: "a\n", at: "f:2:1", line: "", because: "behind the last line ending is an empty line" },
    { text: "ab", at: "f:1:3", line: "ab", because: "a last line may have no ending" },
    { text: "\uFEFF", at: "f:1:1", line: "", because: "a byte-order mark alone is an empty file" },
  ])("the end of $text is $at: $because", ({ text, at, line }) => {
    const span = { file: sourceFile("f", text), start: text.length, end: text.length };
    expect(formatPosition(span)).toBe(at);
    expect(lineText(span)).toBe(line);
  });

  test("a file without its text has the same lines, no line text, and columns in octets", () => {
    const span = spanOf(sourceFile("f", octets("a\né x"), "octets"), "x");
    const bare = { ...span, file: withoutText(span.file) };
    expect(formatLine(bare)).toBe("f:2");
    expect(positionOf(bare)).toEqual({ line: 2, column: 4 });
    expect(lineText(bare)).toBeUndefined();
    expect("text" in bare.file).toBe(false);
  });

  test("a file with the lines of some spans prints those as before, and others as one without its text", () => {
    const file = sourceFile("f", octets("\uFEFFa\nïé x\r\nlast"), "octets");
    const spans = ["a", "x", "last"].map((token) => spanOf(file, token));
    const light = withLinesOf(file, spans);
    expect("text" in light).toBe(false);
    for (const span of spans) {
      expect(formatPosition({ ...span, file: light })).toBe(formatPosition(span));
      expect(lineText({ ...span, file: light })).toBe(lineText(span));
    }
    const few = withLinesOf(file, spans.slice(0, 1));
    expect(spans.map((span) => lineText({ ...span, file: few }))).toEqual(["a", undefined, undefined]);
    // What crosses threads is the same again.
    expect(lineText({ file: structuredClone(light), start: 9, end: 10 })).toBe("ïé x");
  });
});

test("any offset of any text has the position that splitting the text by hand gives", () => {
  const texts = fc
    .array(fc.constantFrom("a", "\t", "\n", "\r\n", "é", "😀", "\uFEFF", "xyz"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, fc.nat(), (text, pick) => {
      const characters = Array.from(text);
      const before = characters.slice(0, pick % (characters.length + 1)).join("");
      const slowly = before.replace(/^\uFEFF/, "").split("\n");
      const expected = { line: slowly.length, column: Array.from(slowly.at(-1) ?? "").length + 1 };
      const lines = text.replace(/^\uFEFF/, "").split("\n");
      const line = lines[expected.line - 1]?.replace(/\r$/, "");

      const wide = { file: sourceFile("f", text), start: before.length, end: before.length };
      const start = Buffer.byteLength(before);
      const narrow = { file: sourceFile("f", octets(text), "octets"), start, end: start };
      for (const span of [wide, narrow, structuredClone(wide)]) {
        expect(positionOf(span)).toEqual(expected);
        expect(lineText(span)).toBe(line);
      }
    }),
  );
});

test("positions of many spans are those of each, in whatever order they come", () => {
  const texts = fc
    .array(fc.constantFrom("a", "\u{1F600}", "\n", "\uFEFF"), { maxLength: 20 })
    .map((all) => all.join(""));
  fc.assert(
    fc.property(texts, fc.array(fc.nat(20)), fc.constantFrom("unicode", "octets"), (text, offsets, encoding) => {
      const file = sourceFile("any", encoding === "octets" ? text.replace(/[^\n]/gu, "x") : text, encoding);
      const starts = offsets.filter((start) => start <= text.length && !/^[\uDC00-\uDFFF]/.test(text.slice(start)));
      const spans = starts.map((start) => ({ file, start, end: start }));
      expect(positionsOf(spans)).toEqual(spans.map(positionOf));
      expect(spans.map(lineOf)).toEqual(spans.map((span) => positionOf(span).line));
    }),
  );
});
