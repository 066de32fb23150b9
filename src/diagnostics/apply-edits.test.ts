import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceFile } from "../source/source-file.ts";
import { applyEdits } from "./apply-edits.ts";
import type { TextEdit } from "./diagnostic.ts";

const file = sourceFile("a.yaml", "links: hub");

function edit(start: number, end: number, text: string): TextEdit {
  return { span: { file, start, end }, text };
}

describe("edits of a text", () => {
  test.each([
    { of: "none", edits: [], gives: "links: hub" },
    { of: "text put in", edits: [edit(10, 10, "-2")], gives: "links: hub-2" },
    { of: "text in place of other", edits: [edit(7, 10, "dmz")], gives: "links: dmz" },
    {
      of: "both ends, the last one first",
      edits: [edit(10, 10, ", dmz]"), edit(7, 7, "[")],
      gives: "links: [hub, dmz]",
    },
    { of: "one place, in order", edits: [edit(7, 7, "a"), edit(7, 7, "b")], gives: "links: abhub" },
    { of: "stretches that overlap", edits: [edit(0, 8, ""), edit(7, 10, "")], gives: undefined },
    { of: "a place behind the end", edits: [edit(9, 11, "")], gives: undefined },
  ])("$of give $gives", ({ edits, gives }) => {
    expect(applyEdits("links: hub", edits)).toBe(gives);
  });

  test("of any text put in, nothing is lost", () => {
    const places = fc.array(fc.record({ at: fc.nat({ max: 10 }), text: fc.string({ maxLength: 4 }) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(places, (put) => {
        const made = applyEdits(
          "links: hub",
          put.map(({ at, text }) => edit(at, at, text)),
        );
        const added = put.reduce((sum, { text }) => sum + text.length, 0);
        expect(made).toHaveLength(10 + added);
      }),
    );
  });
});
