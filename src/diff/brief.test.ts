import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import type { CompileInput } from "../snapshot/compile.ts";
import { BRIEF_LIMITS, type Brief, briefDifference } from "./brief.ts";

/** Two networks that see a zone with some records. */
function model(records: readonly string[]): CompileInput {
  const zone = `[${records.map((record) => JSON.stringify(record)).join(", ")}]`;
  return loadText(`networks:
  hub: { prefixes: 10.0.0.0/16 }
  spoke: { prefixes: 10.1.0.0/16 }
zones:
  corp.example: { links: [hub, spoke], records: ${zone} }
`).input;
}

function hosts(count: number, net: string): string[] {
  return Array.from({ length: count }, (_, i) => `h${i} A ${net}.${i}`);
}

const told: readonly {
  readonly what: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly brief: Brief;
}[] = [
  {
    what: "a model that says the same changes no answer",
    before: ["www A 10.0.0.1"],
    after: ["www A 10.0.0.1"],
    brief: { kind: "few", changes: [] },
  },
  {
    what: "a changed record is told with everybody who sees it",
    before: ["www A 10.0.0.1", "api A 10.0.0.9"],
    after: ["www A 10.0.0.2", "api A 10.0.0.9"],
    brief: {
      kind: "few",
      changes: [
        {
          text: "www.corp.example A, from hub, spoke: changed: 10.0.0.1 (private) → 10.0.0.2 (private)",
          isBreaking: false,
        },
      ],
    },
  },
  {
    what: "an answer that goes is breaking",
    before: ["www A 10.0.0.1"],
    after: [],
    brief: {
      kind: "few",
      changes: [
        {
          text: "www.corp.example A, from hub, spoke: answer → none: 10.0.0.1 (private) → NXDOMAIN (private)",
          isBreaking: true,
        },
      ],
    },
  },
  {
    what: "more changes than a log holds are not told one by one",
    before: hosts(21, "10.0.0"),
    after: hosts(21, "10.0.1"),
    brief: { kind: "many" },
  },
];

test.each(told)("$what", ({ before, after, brief }) => {
  expect(briefDifference(model(before), model(after))).toEqual(brief);
});

test("names that change alike are one line, and the line names the first of them", () => {
  const alike = (net: string): string[] => Array.from({ length: 6 }, (_, i) => `h${i} A ${net}.1`);
  const brief = briefDifference(model(alike("10.0.0")), model(alike("10.0.1")));
  expect(brief).toMatchObject({
    changes: [{ text: expect.stringMatching(/^h0\.corp\.example, .*, 2 more A, from /) }],
  });
});

test("what takes long to compare is not compared", () => {
  const [before, after] = [model(hosts(3, "10.0.0")), model(hosts(3, "10.0.1"))];
  expect(briefDifference(before, after, { ...BRIEF_LIMITS, records: 2 })).toEqual({ kind: "many" });
  expect(briefDifference(before, after, { ...BRIEF_LIMITS, questions: 2 })).toEqual({ kind: "many" });
  expect(briefDifference(before, after, { ...BRIEF_LIMITS, questions: 3 }).kind).toBe("few");
});
