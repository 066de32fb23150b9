import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownName } from "../name/name-text.ts";
import { knownAddress } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { queryFields } from "./query-fields.ts";
import { QueryLines } from "./query-lines.ts";

const { snapshot } = loadText(`
networks: { hub: { prefixes: 10.0.0.0/16 }, "a \\"quoted\\" one": { prefixes: 10.1.0.0/16 } }
zones:
  corp.example:
    links: [hub]
    records: |
      www 60 CNAME real
      real 60 A 10.0.0.1
      odd\\032name 60 A 10.0.0.2
public: { records: "public.example. 60 A 192.0.2.1" }
listen: { address: 127.0.0.1:5300, authoritative: true, network: hub }
`);
const NETWORKS = ["hub", 'a "quoted" one', "internet", "hub|spoke"];
const NAMES = [
  "www.corp.example",
  "wWw.CORP.example",
  "odd\\032name.corp.example",
  "no.corp.example",
  "public.example",
];

/** Each is asked once: ready replies bring the same resolution again. */
const RESOLUTIONS = NAMES.flatMap((name) =>
  [RecordTypes.A, 65_280].flatMap((type) => [
    resolveOffline(snapshot, { kind: "servers-of", network: "hub" }, { name: knownName(name), type }),
    resolveOffline(snapshot, { kind: "authority", key: "the zones of network hub" }, { name: knownName(name), type }),
  ]),
);

const events: fc.Arbitrary<QueryEvent> = fc
  .record({
    resolution: fc.option(fc.constantFrom(...RESOLUTIONS), { nil: undefined }),
    letters: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
    network: fc.constantFrom(...NETWORKS),
    client: fc.constantFrom("10.0.0.9", "2001:db8::1").map(knownAddress),
    port: fc.nat({ max: 65_535 }),
    transport: fc.constantFrom("udp" as const, "tcp" as const),
    rcode: fc.constantFrom(0, 2, 3, 5, 23, 4000),
    durationMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
    querySize: fc.nat({ max: 600 }),
    replySize: fc.nat({ max: 70_000 }),
  })
  .map(({ resolution, letters, ...rest }) => {
    // As a ready reply gives it: the very question that led to the resolution, or one in other letters.
    const asked = letters === undefined ? undefined : { name: knownName(letters), type: RecordTypes.A };
    return { ...rest, ...(asked ?? resolution?.question), resolution };
  });

describe("a line of the query log", () => {
  test("as JSON is what its fields are, whatever lines came before", () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 30 }), fc.array(fc.nat({ max: 3 })), (all, steps) => {
        let at = Date.UTC(2026, 10, 29);
        const lines = new QueryLines("json", () => at);
        for (const [i, event] of all.entries()) {
          at += steps[i] ?? 0;
          const fields = queryFields(event, new Date(at).toISOString());
          expect(lines.lineOf(event)).toBe(`${JSON.stringify(fields)}\n`);
        }
      }),
    );
  });

  test("as text is the same from a log that has seen the question and from one that has not", () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 30 }), (all) => {
        const lines = new QueryLines("text");
        for (const event of all) expect(lines.lineOf(event)).toBe(new QueryLines("text").lineOf(event));
      }),
    );
  });

  test("has the letters that the client wrote, and says nothing where nothing is known", () => {
    const lines = new QueryLines("text");
    const asked = { transport: "udp", client: knownAddress("10.0.0.9"), port: 4000, network: "hub", rcode: 0 } as const;
    const sizes = { durationMs: 0.256, querySize: 34, replySize: 69 };
    const [resolution] = RESOLUTIONS;
    const shown = ["www.corp.example", "WWW.corp.example"].map((name) =>
      lines.lineOf({ ...asked, ...sizes, name: knownName(name), type: RecordTypes.A, resolution }),
    );
    expect([...shown, lines.lineOf({ ...asked, ...sizes, replySize: 0 })]).toEqual([
      "10.0.0.9#4000 hub A www.corp.example udp NOERROR 0.26ms by hub/platform zone corp.example → real.corp.example\n",
      "10.0.0.9#4000 hub A WWW.corp.example udp NOERROR 0.26ms by hub/platform zone corp.example → real.corp.example\n",
      "10.0.0.9#4000 hub - - udp dropped 0.26ms\n",
    ]);
  });
});
