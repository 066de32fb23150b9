import { describe, expect, test } from "vitest";
import { zoneFile } from "../../test/zone-file-reading.ts";
import { formatName } from "../name/name-text.ts";
import { findOrigin } from "./find-origin.ts";
import { inputOfFile } from "./zone-input.ts";

describe("the zone that a file is of", () => {
  test.each([
    { by: "an absolute $ORIGIN", text: "$ORIGIN a.example.\nb A 1.2.3.4", is: "a.example." },
    {
      by: "an absolute $ORIGIN behind other directives",
      text: "\n; c\n$TTL 5\n$ORIGIN a.example. ; c\n@ SOA a b 1 2 3 4 5",
      is: "a.example.",
    },
    { by: "an absolute $ORIGIN of a file without records", text: "$ORIGIN a.example.", is: "a.example." },
    { by: "an absolute SOA owner", text: "a.example. SOA a b 1 2 3 4 5", is: "a.example." },
    {
      by: "an absolute SOA owner with TTL and class",
      text: "a.example. 1h IN SOA a b ( 1\n2 3 4 5 )",
      is: "a.example.",
    },
    {
      by: "an absolute SOA owner behind an $ORIGIN above it",
      text: "$ORIGIN example.\na.example. SOA a b 1 2 3 4 5",
      is: "a.example.",
    },
    { by: "a SOA owner below an $ORIGIN", text: "$ORIGIN example.\na SOA a b 1 2 3 4 5", is: "a.example." },
    {
      by: "a SOA owner below the root, as secondaries write it",
      text: "$ORIGIN .\n$TTL 5\na.example SOA a b 1 2 3 4 5\n$ORIGIN a.example.",
      is: "a.example.",
    },
    { by: "a SOA that is not the first record", text: "x A 1.2.3.4\na.example. SOA a b 1 2 3 4 5", is: "a.example." },
    {
      by: "the last of several $ORIGIN before the first record",
      text: "$ORIGIN example.\n$ORIGIN a\nb A 1.2.3.4",
      is: "a.example.",
    },
    { by: "the SOA of the root", text: ". SOA a b 1 2 3 4 5", is: "." },
  ])("is said by $by", ({ text, is }) => {
    const origin = findOrigin(inputOfFile(zoneFile("a.zone", text)));
    expect(origin && formatName(origin)).toBe(is);
  });

  test.each([
    { when: "the file is empty", text: "" },
    { when: "the $ORIGIN is relative", text: "$ORIGIN a\nb A 1.2.3.4" },
    { when: "the SOA owner is @", text: "@ SOA a b 1 2 3 4 5" },
    { when: "the SOA owner is relative", text: "a SOA a b 1 2 3 4 5" },
    { when: "the $ORIGIN stands behind the SOA", text: "@ SOA a b 1 2 3 4 5\n$ORIGIN a.example." },
    { when: "the $ORIGIN is the root and nothing else says more", text: "$ORIGIN .\na.example A 1.2.3.4" },
    { when: "the $ORIGIN is no name", text: "$ORIGIN a..b.\nb A 1.2.3.4" },
    { when: "SOA is only a word of rdata", text: "a.example. TXT SOA" },
    { when: "SOA is only a quoted word", text: 'a.example. "SOA" a b' },
  ])("is not said when $when", ({ text }) => {
    expect(findOrigin(inputOfFile(zoneFile("a.zone", text)))).toBeUndefined();
  });
});
