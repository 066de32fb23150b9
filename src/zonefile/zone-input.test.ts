import { describe, expect, test } from "vitest";
import { showRecord, zoneFile } from "../../test/zone-file-reading.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { formatPosition, sourceFile } from "../source/source-file.ts";
import { findOrigin } from "./find-origin.ts";
import { parseZoneText } from "./parse-zone-file.ts";
import { inputOfFile, inputOfText, type ZoneInput } from "./zone-input.ts";

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

  test.each([
    {
      of: "an owner",
      unicode: "\u00fc A 10.0.0.1",
      octets: "\u00c3\u00bc A 10.0.0.1",
      gives: "\\195\\188.example. 300 A 10.0.0.1",
    },
    {
      of: "an escaped char",
      unicode: "\\\u00fc A 10.0.0.1",
      octets: "\\\u00c3\\\u00bc A 10.0.0.1",
      gives: "\\195\\188.example. 300 A 10.0.0.1",
    },
    {
      of: "a name in rdata",
      unicode: "a CNAME \u00fc",
      octets: "a CNAME \u00c3\u00bc",
      gives: "a.example. 300 CNAME \\195\\188.example.",
    },
    {
      of: "a string",
      unicode: 'a TXT "\u00fc"',
      octets: 'a TXT "\u00c3\u00bc"',
      gives: 'a.example. 300 TXT "\\195\\188"',
    },
    {
      of: "an origin",
      unicode: "$ORIGIN \u00fc.\n@ A 10.0.0.1",
      octets: "$ORIGIN \u00c3\u00bc.\n@ A 10.0.0.1",
      gives: "\\195\\188. 300 A 10.0.0.1",
    },
    {
      of: "a generated owner",
      unicode: "$GENERATE 1-1 \u00fc A 10.0.0.1",
      octets: "$GENERATE 1-1 \u00c3\u00bc A 10.0.0.1",
      gives: "\\195\\188.example. 300 A 10.0.0.1",
    },
    {
      of: "what begins like UTF-16",
      unicode: "\u00ff\u00fe A 10.0.0.1",
      octets: "\u00c3\u00bf\u00c3\u00be A 10.0.0.1",
      gives: "\\195\\191\\195\\190.example. 300 A 10.0.0.1",
    },
  ])("$of is the same octets in Unicode text as in a UTF-8 file", ({ unicode, octets, gives }) => {
    const file = sourceFile("t.yaml", unicode);
    const read = (input: ZoneInput): { lines: string[]; problems: string[]; origin: string } => {
      const lines: string[] = [];
      const diagnostics = new Diagnostics();
      const options = { origin: knownName("example"), defaultTtl: 300 };
      parseZoneText(input, options, { record: (record) => void lines.push(showRecord(record)), diagnostics });
      const origin = findOrigin(input);
      return {
        lines,
        problems: diagnostics.sorted().map(({ message }) => message),
        origin: origin ? formatName(origin) : "",
      };
    };
    const inside = read(inputOfText({ text: unicode, file, stretches: [{ at: 0, offset: 0 }] }));
    expect(inside).toEqual(read(inputOfFile(zoneFile("a.zone", octets))));
    expect({ lines: inside.lines, problems: inside.problems }).toEqual({ lines: [gives], problems: [] });
  });

  test("a file kept without its text cannot be read", () => {
    const { path, encoding, lineStarts } = FILE;
    expect(() => inputOfFile({ path, encoding, lineStarts })).toThrow(RangeError);
  });
});
