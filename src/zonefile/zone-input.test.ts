import { describe, expect, test } from "vitest";
import { formatPosition, sourceFile } from "../source/source-file.ts";
import { inputOfFile, inputOfText } from "./zone-input.ts";

/** `records: |` of a topology, its lines indented by two, and what a YAML reader makes of them. */
const FILE = sourceFile("t.yaml", "records: |\n  ab\n  cd\n");
const EMBEDDED = {
  text: "ab\ncd\n",
  file: FILE,
  stretches: [
    { at: 0, offset: 13 },
    { at: 3, offset: 18 },
  ],
};

describe("the place of text that stands inside another file", () => {
  test.each([
    { of: "the first word", start: 0, end: 2, at: "t.yaml:2:3", to: 15 },
    { of: "the second line", start: 3, end: 5, at: "t.yaml:3:3", to: 20 },
    { of: "a char inside a line", start: 4, end: 5, at: "t.yaml:3:4", to: 20 },
    { of: "both lines", start: 0, end: 5, at: "t.yaml:2:3", to: 20 },
    { of: "a line with its newline", start: 0, end: 3, at: "t.yaml:2:3", to: 16 },
    { of: "nothing behind a word", start: 2, end: 2, at: "t.yaml:2:5", to: 15 },
    { of: "nothing at the start", start: 0, end: 0, at: "t.yaml:2:3", to: 13 },
    { of: "nothing behind the last line", start: 6, end: 6, at: "t.yaml:4:1", to: 21 },
  ])("$of is $at", ({ start, end, at, to }) => {
    const span = inputOfText(EMBEDDED).span(start, end);
    expect(formatPosition(span)).toBe(at);
    expect(span.end).toBe(to);
  });

  test("a file kept without its text cannot be read", () => {
    const { path, encoding, lineStarts } = FILE;
    expect(() => inputOfFile({ path, encoding, lineStarts })).toThrow(RangeError);
  });
});
