import { describe, expect, test } from "vitest";
import { readZoneFile, zoneFile } from "../../test/zone-file-reading.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { formatPosition, sourceFile } from "../source/source-file.ts";
import { parseZoneText } from "./parse-zone-file.ts";
import { inputOfFile } from "./zone-input.ts";

describe("$INCLUDE", () => {
  test.each([
    {
      rule: "the records of the file stand in place of the directive",
      text: "a A 1.1.1.1\n$INCLUDE b.zone\nc A 3.3.3.3",
      files: { "b.zone": "b A 2.2.2.2" },
      gives: ["a.example. 300 A 1.1.1.1", "b.example. 300 A 2.2.2.2", "c.example. 300 A 3.3.3.3"],
    },
    {
      rule: "the file may be quoted, or have escaped blanks",
      text: '$INCLUDE "my b.zone"\n$INCLUDE my\\ c.zone',
      files: { "my b.zone": "b A 2.2.2.2", "my c.zone": "c A 3.3.3.3" },
      gives: ["b.example. 300 A 2.2.2.2", "c.example. 300 A 3.3.3.3"],
    },
    {
      rule: "octets of a path are UTF-8",
      text: "$INCLUDE \u00c3\u00bc.zone",
      files: { "ü.zone": "b A 2.2.2.2" },
      gives: ["b.example. 300 A 2.2.2.2"],
    },
    {
      rule: "an origin is for the file alone",
      text: "$INCLUDE b.zone sub ; c\nc A 3.3.3.3",
      files: { "b.zone": "b A 2.2.2.2\n$ORIGIN deep\nd A 4.4.4.4" },
      gives: ["b.sub.example. 300 A 2.2.2.2", "d.deep.sub.example. 300 A 4.4.4.4", "c.example. 300 A 3.3.3.3"],
    },
    {
      rule: "the owner behind the directive is the one before it",
      text: "a A 1.1.1.1\n$INCLUDE b.zone\n A 3.3.3.3",
      files: { "b.zone": "b A 2.2.2.2" },
      gives: ["a.example. 300 A 1.1.1.1", "b.example. 300 A 2.2.2.2", "a.example. 300 A 3.3.3.3"],
    },
    {
      rule: "the file begins with the owner in hand",
      text: "a A 1.1.1.1\n$INCLUDE b.zone",
      files: { "b.zone": " A 2.2.2.2" },
      gives: ["a.example. 300 A 1.1.1.1", "a.example. 300 A 2.2.2.2"],
    },
    {
      rule: "a $TTL of the file stays",
      text: "$INCLUDE b.zone\na A 1.1.1.1",
      files: { "b.zone": "$TTL 7" },
      gives: ["a.example. 7 A 1.1.1.1"],
    },
    {
      rule: "a file may be included twice",
      text: "$INCLUDE b.zone x\n$INCLUDE b.zone y",
      files: { "b.zone": "b A 2.2.2.2" },
      gives: ["b.x.example. 300 A 2.2.2.2", "b.y.example. 300 A 2.2.2.2"],
    },
  ])("$rule", ({ text, files, gives }) => {
    const { lines, problems } = readZoneFile(text, undefined, files);
    expect(problems).toEqual([]);
    expect(lines).toEqual(gives);
  });

  test.each([
    { wrong: "a file that is not there", text: "$INCLUDE b.zone", files: {}, says: ["zonefile/bad-include 1:10"] },
    {
      wrong: "an origin that is no name",
      text: "$INCLUDE b.zone x..y",
      files: { "b.zone": "b A 2.2.2.2" },
      says: ["zonefile/bad-name 1:17"],
    },
    {
      wrong: "a word too many",
      text: "$INCLUDE b.zone x y",
      files: { "b.zone": "b A 2.2.2.2" },
      says: ["zonefile/bad-directive 1:19"],
    },
    { wrong: "a file that includes itself", text: "\n$INCLUDE a.zone", files: {}, says: ["zonefile/bad-include 2:10"] },
    {
      wrong: "a ring of files",
      text: "$INCLUDE b.zone",
      files: { "b.zone": "\n$INCLUDE a.zone" },
      says: ["zonefile/bad-include b.zone:2:10"],
    },
    {
      wrong: "a mistake inside the file",
      text: "$INCLUDE b.zone",
      files: { "b.zone": "b A x" },
      says: ["zonefile/bad-rdata b.zone:1:5"],
    },
    {
      wrong: "a parenthesis that the file leaves open",
      text: "$INCLUDE b.zone\n)",
      files: { "b.zone": "b A ( 1.1.1.1" },
      says: ["zonefile/syntax 2:1", "zonefile/unclosed-parenthesis b.zone:1:5"],
    },
  ])("$wrong is said where it stands", ({ text, files, says }) => {
    expect(readZoneFile(text, undefined, files).problems).toEqual(says);
  });

  test("a ring of files is named, with the way round", () => {
    const files = { "b.zone": "\n$INCLUDE c.zone", "c.zone": "\n\n$INCLUDE b.zone" };
    const [diagnostic] = readZoneFile("$INCLUDE b.zone", undefined, files).diagnostics.sorted();
    expect(diagnostic?.message).toBe("b.zone includes itself");
    expect(diagnostic?.related.map(({ message, span }) => `${formatPosition(span)} ${message}`)).toEqual([
      "a.zone:1:10 b.zone is included here",
      "b.zone:2:10 c.zone is included here",
    ]);
  });

  test.each([
    { text: "$INCLUDE b.zone", problem: "does not exist", says: '"b.zone" does not exist' },
    { text: '$INCLUDE "my b.zone"', problem: "is a folder, not a file", says: '"my b.zone" is a folder, not a file' },
    { text: "$INCLUDE ../b.zone", problem: "may not be read", says: '"../b.zone" may not be read' },
  ])("a file that cannot be read is named: $says", ({ text, problem, says }) => {
    const { diagnostics } = readZoneFile(text, { include: () => ({ kind: "problem", message: problem }) });
    expect(diagnostics.sorted().map(({ message }) => message)).toEqual([says]);
  });

  test("files in files end after sixteen", () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i}.zone`, `r${i} A 1.1.1.1\n$INCLUDE ${i + 1}.zone`]),
    );
    const { lines, problems } = readZoneFile("$INCLUDE 0.zone", undefined, files);
    expect(problems).toEqual(["zonefile/bad-include 14.zone:2:10"]);
    expect(lines).toHaveLength(15); // Below a.zone, which is the first of the sixteen.
  });

  test("files that include two each end after ten thousand", () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i}.zone`, `$INCLUDE ${i + 1}.zone\n$INCLUDE ${i + 1}.zone`]),
    );
    const { diagnostics } = readZoneFile("$INCLUDE 0.zone", undefined, files);
    expect(diagnostics.sorted().map(({ message }) => message)).toContain("more than 10000 files are included");
  });

  test("lines that stand in no file of their own cannot include one", () => {
    const diagnostics = new Diagnostics();
    const sink = { record: () => undefined, diagnostics };
    parseZoneText(inputOfFile(zoneFile("a.zone", "$INCLUDE b.zone")), { origin: knownName("example") }, sink);
    expect(diagnostics.sorted().map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "zonefile/bad-include: an $INCLUDE can only stand in a file of its own",
    ]);
  });

  test("a file of octets included from Unicode text is octets, and the text behind it is Unicode", () => {
    const owners: string[] = [];
    const text = "\u00fc A 1.1.1.1\n$INCLUDE b.zone\n\u00f6 A 3.3.3.3";
    parseZoneText(
      inputOfFile(sourceFile("t.yaml", text)),
      {
        origin: knownName("example"),
        defaultTtl: 1,
        include: (path) => ({ kind: "file", file: zoneFile(path, "\u00c3\u00a4 A 2.2.2.2") }),
      },
      { record: ({ owner }) => void owners.push(formatName(owner)), diagnostics: new Diagnostics() },
    );
    expect(owners).toEqual(["\\195\\188.example.", "\\195\\164.example.", "\\195\\182.example."]);
  });
});
