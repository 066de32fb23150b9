import { describe, expect, test } from "vitest";
import { zoneFile } from "../../test/zone-file-reading.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { knownName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { formatPosition } from "../source/source-file.ts";
import { parseRdataEntry } from "./parse-rdata-entry.ts";
import { inputOfFile } from "./zone-input.ts";

function readSoa(text: string) {
  const diagnostics = new Diagnostics();
  const found = parseRdataEntry(inputOfFile(zoneFile("a", text)), RecordTypes.SOA, knownName("example"), diagnostics);
  return {
    rdata: found && formatRdata(RecordTypes.SOA, found.rdata),
    text: found && text.slice(found.span.start, found.span.end),
    problems: diagnostics.sorted().map(({ code, span }) => `${code} ${formatPosition(span).slice(2)}`),
  };
}

describe("rdata that stands alone", () => {
  test.each([
    { text: "ns. h 1 2 3 4 5", spans: "ns. h 1 2 3 4 5" },
    { text: "  ns. h ( 1 2 ; c\n 3\n4 5 )\n\n", spans: "ns. h ( 1 2 ; c\n 3\n4 5" },
    { text: "\nns. h 1 2 3 4 5 ; c\n", spans: "ns. h 1 2 3 4 5" },
  ])("is read: $text", ({ text, spans }) => {
    expect(readSoa(text)).toEqual({ rdata: "ns. h.example. 1 2 3 4 5", text: spans, problems: [] });
  });

  test.each([
    { text: "", says: "zonefile/bad-rdata 1:1" },
    { text: "ns. h 1 2 3 4", says: "zonefile/bad-rdata 1:14" },
    { text: "ns. h 1 2 3 4 x", says: "zonefile/bad-rdata 1:15" },
    { text: "ns. h ( 1 2 3 4 5", says: "zonefile/unclosed-parenthesis 1:7" },
    { text: "ns. h 1 2 3 4 5\nns. h 1 2 3 4 5", says: "zonefile/syntax 2:1" },
  ])("is refused where it is wrong: $text", ({ text, says }) => {
    expect(readSoa(text)).toEqual({ rdata: undefined, text: undefined, problems: [says] });
  });
});
