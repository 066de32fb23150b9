import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { nameFromLabels } from "./domain-name.ts";
import { displayName, formatName, knownName, parseName, readEscape } from "./name-text.ts";

const ORIGIN = knownName("corp.example.");

/** The labels of a text that is a name; the problem and its place of one that is not. */
function outcomeOf(text: string, encoding?: "octets" | "unicode"): unknown {
  const parsed = parseName(text, ORIGIN, encoding);
  return parsed.kind === "name" ? parsed.name.labels : `${parsed.problem} at ${parsed.at}`;
}

describe("parseName", () => {
  test.each([
    { text: "www", labels: ["www", "corp", "example"], because: "a relative name is completed with the origin" },
    { text: "www.", labels: ["www"], because: "a trailing dot makes it absolute" },
    { text: ".", labels: [], because: "the dot alone is the root" },
    { text: "@", labels: ["@", "corp", "example"], because: "the at sign is for the zone file's reader to know" },
    { text: "a\\.b.", labels: ["a.b"], because: "an escaped dot is no boundary" },
    { text: "a\\046b.", labels: ["a.b"], because: "046 is a dot too" },
    { text: "\\000\\255.", labels: ["\0\xff"], because: "every octet can be written" },
    { text: "\\\\.", labels: ["\\"], because: "a backslash escapes a backslash" },
    { text: "\\@.", labels: ["@"], because: "what needs no escape may have one" },
    { text: "MiXeD.", labels: ["MiXeD"], because: "case is kept" },
    { text: "_dmarc.*.a-b.", labels: ["_dmarc", "*", "a-b"], because: "labels are octets, not host names" },
    { text: `${"a".repeat(63)}.`, labels: ["a".repeat(63)], because: "63 octets fit" },
    { text: "caf\u00e9.", labels: ["caf\u00e9"], because: "in octets a char is an octet" },
    {
      text: "\\\u20ac.",
      labels: ["\u00e2\u0082\u00ac"],
      because: "an escaped char that is no octet is its UTF-8 octets",
    },
  ])("reads $text: $because", ({ text, labels }) => {
    expect(outcomeOf(text)).toEqual(labels);
  });

  test.each([
    { text: "café.", labels: ["caf\xc3\xa9"], because: "UTF-8 octets of é" },
    { text: "\\é.", labels: ["\xc3\xa9"], because: "UTF-8 octets of an escaped é" },
    { text: "\\233.", labels: ["\xe9"], because: "an escaped number is that octet" },
    { text: "😀.x.", labels: ["\xf0\x9f\x98\x80", "x"], because: "UTF-8 octets of a pair of surrogates" },
    { text: "\\😀x.", labels: ["\xf0\x9f\x98\x80x"], because: "an escaped pair is passed whole" },
  ])("reads Unicode $text: $because", ({ text, labels }) => {
    expect(outcomeOf(text, "unicode")).toEqual(labels);
  });

  test.each([
    { text: "", problem: "is empty at 0" },
    { text: "..", problem: "has an empty label at 0" },
    { text: ".a", problem: "has an empty label at 0" },
    { text: "a..b", problem: "has an empty label at 2" },
    { text: "a..", problem: "has an empty label at 2" },
    { text: "a\\", problem: "ends inside an escape at 1" },
    { text: "a\\1", problem: "has an escape of fewer than three digits at 1" },
    { text: "a\\12.", problem: "has an escape of fewer than three digits at 1" },
    { text: "a\\12x.", problem: "has an escape of fewer than three digits at 1" },
    { text: "a.\\256", problem: "has an escape above \\255 at 2" },
    { text: "\\999", problem: "has an escape above \\255 at 0" },
    { text: "a".repeat(64), problem: "has a label longer than 63 octets at 63" },
    { text: `x.${"\\065".repeat(64)}`, problem: "has a label longer than 63 octets at 254" },
    { text: "abcd.".repeat(51), problem: "is longer than 255 octets at 0" },
    { text: "a.".repeat(122).slice(0, -1), problem: "is longer than 255 octets at 0" },
  ])("refuses $text, which $problem", ({ text, problem }) => {
    expect(outcomeOf(text)).toBe(problem);
  });

  test("counts the octets of the origin only for a relative name", () => {
    expect(parseName("a.".repeat(122), ORIGIN)).toMatchObject({ kind: "name", absolute: true });
    expect(parseName("a.".repeat(120).slice(0, -1), ORIGIN)).toMatchObject({ kind: "name", absolute: false });
  });

  test("any text gives a name that reads back as itself, or a problem inside the text", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom("a", ".", "\\", "0", "9", "\\2", "é", "*")).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom("octets" as const, "unicode" as const), (text, encoding) => {
        const parsed = parseName(text, ORIGIN, encoding);
        if (parsed.kind === "problem") {
          expect(parsed.at).toBeLessThanOrEqual(text.length);
          return;
        }
        expect(nameFromLabels(parsed.name.labels)).toEqual(parsed.name);
        expect(parseName(formatName(parsed.name))).toEqual({ kind: "name", name: parsed.name, absolute: true });
      }),
    );
  });

  test("letters and dots give what the same octets give when they are escaped, at every length that a name may have", () => {
    const label = fc.oneof(fc.constantFrom("a", "B", "", "a".repeat(62), "Z".repeat(63), "a".repeat(64)), fc.string());
    const plain = fc.array(label, { maxLength: 9 }).map((labels) => labels.join(".").replace(/[^ -[\]-~]/g, "x"));
    fc.assert(
      fc.property(plain, (text) => {
        const escaped = text.replace(/[^.]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, "0")}`);
        const [read, slowly] = [parseName(text, ORIGIN), parseName(escaped, ORIGIN)];
        // Only the place of a problem is another one.
        expect({ ...read, at: 0 }).toEqual({ ...slowly, at: 0 });
      }),
    );
  });
});

describe("formatName", () => {
  test.each([
    { labels: [], text: ".", display: "." },
    { labels: ["www", "Corp", "example"], text: "www.Corp.example.", display: "www.Corp.example" },
    { labels: ["a.b", "c"], text: "a\\.b.c.", display: "a\\.b.c" },
    { labels: ["end."], text: "end\\..", display: "end\\." },
    { labels: ['"();@$\\'], text: '\\"\\(\\)\\;\\@\\$\\\\.', display: '\\"\\(\\)\\;\\@\\$\\\\' },
    { labels: ["a b\t\0\x7f\xff"], text: "a\\032b\\009\\000\\127\\255.", display: "a\\032b\\009\\000\\127\\255" },
    { labels: ["*", "_tcp"], text: "*._tcp.", display: "*._tcp" },
  ])("writes $text", ({ labels, text, display }) => {
    expect(formatName(nameFromLabels(labels))).toBe(text);
    expect(displayName(nameFromLabels(labels))).toBe(display);
  });

  test("writes printable ASCII that reads back as the same labels, whatever their octets", () => {
    fc.assert(
      fc.property(anyName, fc.constantFrom("octets" as const, "unicode" as const), (name, encoding) => {
        const text = formatName(name);
        expect(text).toMatch(/^[!-~]+$/);
        expect(parseName(text, ORIGIN, encoding)).toEqual({ kind: "name", name, absolute: true });
        if (name.labels.length > 0)
          expect(parseName(displayName(name))).toEqual({ kind: "name", name, absolute: false });
      }),
    );
  });
});

test("readEscape gives the octet and where to go on", () => {
  expect(readEscape("x\\0651", 1)).toEqual({ octet: "A", next: 5 });
  expect(readEscape("x\\;1", 1)).toEqual({ octet: ";", next: 3 });
  expect(readEscape("\\", 0)).toBe("ends inside an escape");
});

test("knownName refuses what is no name", () => {
  expect(() => knownName("a..b")).toThrow("a..b has an empty label");
});
