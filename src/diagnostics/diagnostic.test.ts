import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SourceSpan, sourceFile } from "../source/source-file.ts";
import { Diagnostics } from "./diagnostic.ts";

const HUB = sourceFile("hub.yaml", "a: 1\nb: 2\nc: 3\n");
const ZONE = sourceFile("zones/corp.zone", "www CNAME web\n", "octets");

function at(file: SourceSpan["file"], start: number): SourceSpan {
  return { file, start, end: start + 1 };
}

describe("Diagnostics", () => {
  test("gives a finding the severity of its code, and only what was said of it", () => {
    const diagnostics = new Diagnostics();
    diagnostics.report("topology/unknown-key", "nets is no key of a topology", at(HUB, 0));
    expect(diagnostics.sorted()).toEqual([
      {
        code: "topology/unknown-key",
        severity: "error",
        message: "nets is no key of a topology",
        span: at(HUB, 0),
        related: [],
      },
    ]);
    expect(diagnostics.sorted()[0]).not.toHaveProperty("hint");
  });

  test("keeps related places in reading order, and the hint", () => {
    const diagnostics = new Diagnostics();
    const related = [
      { message: "the A record is here", span: at(ZONE, 4) },
      { message: "the zone is declared here", span: at(HUB, 0) },
    ];
    diagnostics.report("zone/cname-beside-data", "www has both", at(ZONE, 0), { related, hint: "remove one" });
    expect(diagnostics.sorted()[0]).toMatchObject({ related, hint: "remove one" });
  });

  test("sorts by file, then place, then as found", () => {
    const diagnostics = new Diagnostics();
    diagnostics.report("zone/cname-beside-data", "third", at(ZONE, 0));
    diagnostics.report("topology/unknown-key", "second", at(HUB, 10));
    diagnostics.report("zonefile/syntax", "fourth", at(ZONE, 0));
    diagnostics.report("topology/unknown-key", "first", at(HUB, 5));
    expect(diagnostics.sorted().map(({ message }) => message)).toEqual(["first", "second", "third", "fourth"]);
  });

  test("shows the same finding at the same place once, and different ones each", () => {
    const diagnostics = new Diagnostics();
    diagnostics.report("topology/unknown-key", "one", at(HUB, 0));
    diagnostics.report("topology/unknown-key", "one", at(HUB, 0));
    diagnostics.report("topology/unknown-key", "another", at(HUB, 0));
    diagnostics.report("topology/unknown-key", "one", at(HUB, 5));
    expect(diagnostics.sorted()).toHaveLength(3);
  });

  test("knows errors from the rest, also those it took over", () => {
    const own = new Diagnostics();
    own.report("zone/ttl-mismatch", "differing TTLs", at(ZONE, 0));
    expect(own.hasErrors).toBe(false);
    const others = new Diagnostics();
    others.report("zonefile/syntax", "no entry", at(ZONE, 4));
    own.add(others.sorted());
    expect(own.hasErrors).toBe(true);
    expect(own.sorted()).toHaveLength(2);
  });

  test("sorting keeps every different finding and never depends on the order between places", () => {
    const findings = fc.array(fc.record({ hub: fc.boolean(), start: fc.nat(12), message: fc.constantFrom("a", "b") }));
    fc.assert(
      fc.property(findings, (found) => {
        const forwards = new Diagnostics();
        const backwards = new Diagnostics();
        for (const [into, list] of [
          [forwards, found],
          [backwards, found.toReversed()],
        ] as const) {
          for (const { hub, start, message } of list)
            into.report("zonefile/syntax", message, at(hub ? HUB : ZONE, start));
        }
        const places = (diagnostics: Diagnostics): string[] =>
          diagnostics.sorted().map(({ span }) => `${span.file.path} ${String(span.start).padStart(2, "0")}`);
        expect(places(forwards)).toEqual(places(backwards));
        expect(places(forwards)).toEqual([...places(forwards)].sort());
        expect(places(forwards)).toHaveLength(new Set(found.map((one) => JSON.stringify(one))).size);
      }),
    );
  });
});
