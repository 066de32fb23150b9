import { describe, expect, test } from "vitest";
import { zoneOfLines } from "../../test/zone-lines.ts";
import { ZONE_CODES } from "../diagnostics/catalogue/zone.ts";
import { formatPosition, positionOf } from "../source/source-file.ts";

interface Case {
  readonly title: string;
  readonly lines: readonly string[];
  readonly origin?: string;
  /** `LINE severity code`, then `LINE note` for each note. */
  readonly finds: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: "a zone without SOA and NS is as a cloud has it",
    lines: ["www A 10.0.0.1", "* CNAME www", "a.b.c TXT x"],
    finds: [],
  },
  {
    title: "a delegation with glue, also from a sibling, is fine",
    lines: [
      "sub NS ns.sub",
      "sub NS ns.other",
      "sub NS sub",
      "sub DS 1 8 9 00",
      "sub A 10.0.0.1",
      "ns.sub A 10.0.0.1",
      "other NS ns.other",
      "ns.other AAAA ::1",
    ],
    finds: [],
  },
  { title: "a name of another zone", lines: ["www.corp.example. A 10.0.0.1"], finds: ["1 error zone/out-of-zone"] },
  {
    title: "a name that only ends in the same chars",
    lines: ["xcorp.test. A 10.0.0.1"],
    finds: ["1 error zone/out-of-zone"],
  },
  {
    title: "the same record twice",
    lines: ["a A 10.0.0.1", "b A 10.0.0.1", "A A 10.0.0.1"],
    finds: ["3 info zone/duplicate-record", "1 note"],
  },
  {
    title: "the same name server in two spellings",
    lines: ["@ NS ns.x.", "@ NS NS.x."],
    finds: ["2 info zone/duplicate-record", "1 note"],
  },
  {
    title: "the same mail server in two spellings",
    lines: ["@ MX 1 mx.x.", "@ MX 1 MX.x.", "@ MX 65 mx.x.", "@ MX 97 mx.x."],
    finds: ["2 info zone/duplicate-record", "1 note"],
  },
  { title: "text in two spellings is two texts", lines: ['@ TXT "a"', '@ TXT "A"'], finds: [] },
  {
    title: "a duplicate in a set of many",
    lines: [...Array.from({ length: 12 }, (_, i) => `a PTR host${i}.`), "a PTR HOST7."],
    finds: ["13 info zone/duplicate-record", "8 note"],
  },
  {
    title: "different TTLs in a set",
    lines: ["a 60 A 10.0.0.1", "a 60 A 10.0.0.2", "a 50 A 10.0.0.3", "a 70 TXT x"],
    finds: ["3 warning zone/ttl-mismatch", "1 note"],
  },
  {
    title: "signatures of different sets have their sets' TTLs",
    lines: [
      "a 60 RRSIG A 8 2 60 20300101000000 20200101000000 1 . AQ==",
      "a 70 RRSIG AAAA 8 2 60 20300101000000 20200101000000 1 . AQ==",
    ],
    finds: [],
  },
  { title: "two CNAMEs", lines: ["a CNAME b", "a CNAME c"], finds: ["2 error zone/second-record", "1 note"] },
  {
    title: "two SOAs",
    lines: ["@ SOA a. b. 1 2 3 4 5", "@ SOA a. b. 2 2 3 4 5"],
    finds: ["2 error zone/second-record", "1 note"],
  },
  { title: "two DNAMEs", lines: ["a DNAME b.", "a DNAME c."], finds: ["2 error zone/second-record", "1 note"] },
  {
    title: "a CNAME beside an A record",
    lines: ["a A 10.0.0.1", "a CNAME c"],
    finds: ["2 error zone/cname-beside-data", "1 note"],
  },
  {
    title: "a CNAME beside several types",
    lines: ["a TXT x", "a CNAME c", "a A 10.0.0.1"],
    finds: ["2 error zone/cname-beside-data", "3 note", "1 note"],
  },
  {
    title: "a CNAME beside a delegation",
    lines: ["a NS ns.x.", "a CNAME c"],
    finds: ["2 error zone/cname-beside-data", "1 note"],
  },
  {
    title: "a CNAME beside its signature",
    lines: ["a CNAME b", "a RRSIG A 8 2 60 20300101000000 20200101000000 1 . AQ==", "a NSEC . A"],
    finds: [],
  },
  {
    title: "a DS at the apex",
    lines: ["@ DS 1 8 9 00", "sub DS 1 8 9 00", "sub NS ns.x."],
    finds: ["1 error zone/ds-at-apex"],
  },
  {
    title: "addresses where names stand",
    lines: [
      "sub NS 10.0.0.53",
      "@ MX 10 10.0.0.25.",
      "_http._tcp SRV 0 0 80 10.0.0.80",
      "www CNAME 10.0.0.80",
      "4 PTR 10.0.0.4",
      "svc HTTPS 1 10.0.0.80 alpn=h2",
    ],
    finds: [1, 2, 3, 4, 5, 6].map((line) => `${line} warning zone/address-as-name`),
  },
  {
    title: "names that begin as an address does",
    lines: [
      "a CNAME 10.0.0.80.other.",
      "b CNAME 10.0.0",
      "c CNAME 10.0.0.256",
      "d CNAME 10.0.0.1.x",
      "e CNAME 1a.0.0.1",
    ],
    finds: [],
  },
  {
    title: "names of numbers where numbers are names",
    origin: "in-addr.arpa",
    lines: ["4.0.0.10 CNAME 4.0.0.11", "5.0.0.10 CNAME 5.0-7.0.0.10"],
    finds: [],
  },
  {
    title: "an alias with parameters, and one that needs none",
    lines: ["a HTTPS 0 b alpn=h2", "a HTTPS 0 b", "b HTTPS 1 . alpn=h2", "c SVCB 0 . port=1"],
    finds: ["1 warning zone/alias-with-parameters", "4 warning zone/alias-with-parameters"],
  },
  { title: "a CNAME at the apex", lines: ["@ CNAME www", "@ A 10.0.0.1"], finds: ["1 error zone/cname-at-apex"] },
  { title: "a SOA below the apex", lines: ["sub SOA a. b. 1 2 3 4 5"], finds: ["1 error zone/soa-below-apex"] },
  {
    title: "a DNAME at a delegation",
    lines: ["d DNAME x.", "d NS ns.x."],
    finds: ["1 error zone/dname-beside-ns", "2 note"],
  },
  { title: "a DNAME at the apex beside its NS", lines: ["@ DNAME x.", "@ NS ns.x."], finds: [] },
  { title: "a wildcard that delegates", lines: ["*.a NS ns.x."], finds: ["1 error zone/wildcard-ns"] },
  { title: "a wildcard with a DNAME", lines: ["*.a DNAME x."], finds: ["1 error zone/wildcard-dname"] },
  { title: "a zone whose own name starts with *", origin: "*.test", lines: ["@ NS ns.x."], finds: [] },
  {
    title: "data below a DNAME",
    lines: ["a.b.d A 10.0.0.1", "d DNAME x."],
    finds: ["1 warning zone/below-dname", "2 note"],
  },
  {
    title: "data below a delegation",
    lines: ["sub NS ns.x.", "www.sub A 10.0.0.1", "www.sub TXT x"],
    finds: ["2 warning zone/below-cut", "1 note", "3 warning zone/below-cut", "1 note"],
  },
  {
    title: "data at a delegation",
    lines: ["sub NS ns.x.", "sub MX 1 mx.x."],
    finds: ["2 warning zone/below-cut", "1 note"],
  },
  {
    title: "an address at a delegation that is nobody's glue",
    lines: ["sub NS ns.x.", "sub A 10.0.0.1"],
    finds: ["2 warning zone/below-cut", "1 note"],
  },
  {
    title: "a delegation below another",
    lines: ["sub NS ns.x.", "deep.sub NS ns.x."],
    finds: ["2 warning zone/below-cut", "1 note"],
  },
  {
    title: "a server inside its own delegation without address",
    lines: ["sub NS ns.x.", "sub NS ns.sub", "sub NS sub"],
    finds: ["2 warning zone/missing-glue", "3 warning zone/missing-glue"],
  },
  {
    title: "glue that is no address",
    lines: ["sub NS ns.sub", "ns.sub TXT x"],
    finds: ["1 warning zone/missing-glue", "2 warning zone/below-cut", "1 note"],
  },
  {
    title: "a signed zone",
    lines: [
      "@ RRSIG A 8 2 60 20300101000000 20200101000000 1 . AQ==",
      "a RRSIG A 8 2 60 20300101000000 20200101000000 1 . AQ==",
    ],
    finds: ["1 warning zone/signed"],
  },
];

describe("what is wrong with a zone is told where it is wrong", () => {
  test.each(CASES)("$title", ({ lines, origin, finds }) => {
    const { diagnostics } = zoneOfLines(lines.join("\n"), origin ?? "corp.test");
    const found = diagnostics
      .sorted()
      .flatMap(({ code, severity, span, related }) => [
        `${positionOf(span).line} ${severity} ${code}`,
        ...related.map((note) => `${positionOf(note.span).line} note`),
      ]);
    expect(found).toEqual(finds);
  });

  test("every code of the catalogue has a case", () => {
    const shown = new Set(CASES.flatMap(({ finds }) => finds.map((line) => line.split(" ")[2])));
    expect(Object.keys(ZONE_CODES).filter((code) => !shown.has(code))).toEqual([]);
  });

  test("a message names the owner and both types, and points at the record with its text", () => {
    const { diagnostics } = zoneOfLines("web A 10.0.0.1\nwww A 10.0.0.1\n  WWW CNAME web\n", "corp.test");
    const [found] = diagnostics.sorted();
    expect(found?.message).toBe("www.corp.test. has a CNAME and an A record");
    expect(found === undefined ? "" : formatPosition(found.span)).toBe("test.zone:3:3");
    expect(found?.span.file.text?.slice(found.span.start, found.span.end)).toBe("WWW CNAME web");
    expect(found?.related.map(({ message }) => message)).toEqual(["the A record is here"]);
  });
});
