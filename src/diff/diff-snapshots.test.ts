import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { anyModel, anyPair, type RandomModel, textOf } from "../../test/support/random-models.ts";
import { ROOT } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { typeName } from "../record/type-names.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { KnownNames } from "./_known.ts";
import { Marks } from "./_marks.ts";
import { ZonePairs } from "./_zone-marks.ts";
import { answerTo, sharedAskers } from "./asker.ts";
import { diffSnapshots } from "./diff-snapshots.ts";
import type { Difference } from "./difference.ts";
import { contrastOf, endingOf } from "./ending.ts";

/** The model of a random topology that can be served. */
function snapshotOf(model: RandomModel): Snapshot {
  const { topology, files } = textOf(model);
  const loaded = loadText(topology, files);
  fc.pre(!loaded.hasErrors);
  return loaded.snapshot;
}

/** `ASKER NAME TYPE: CONTRAST` for each change, one by one. */
function linesOf({ changes }: Difference): string[] {
  return changes
    .flatMap(({ askers, names, types, contrast }) =>
      askers.flatMap((asker) =>
        names.flatMap((name) => types.map((type) => `${asker} ${displayName(name)} ${typeName(type)}: ${contrast}`)),
      ),
    )
    .toSorted();
}

/** The same, by asking everything of everybody. */
function byBruteForce(before: Snapshot, after: Snapshot): string[] {
  const everything = new Marks();
  everything.addDomain(ROOT);
  const lines: string[] = [];
  for (const { name, types } of new KnownNames(before, after, new ZonePairs()).askedFor([everything], [], [])) {
    for (const type of types) {
      for (const asker of sharedAskers(before, after).askers) {
        const old = endingOf(answerTo(before, asker.before, { name, type }));
        const now = endingOf(answerTo(after, asker.after, { name, type }));
        const contrast = contrastOf(old, now);
        if (contrast !== undefined) lines.push(`${asker.text} ${displayName(name)} ${typeName(type)}: ${contrast}`);
      }
    }
  }
  return lines.toSorted();
}

describe("laws of random models", () => {
  test("the difference is that of the full product of askers, names and types", () => {
    fc.assert(
      fc.property(anyPair, ([one, other]) => {
        const [before, after] = [snapshotOf(one), snapshotOf(other)];
        expect(linesOf(diffSnapshots(before, after))).toEqual(byBruteForce(before, after));
      }),
      { numRuns: 120 },
    );
  });

  test("models that say the same differ in nothing, and nothing is asked to know it", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(diffSnapshots(snapshotOf(model), snapshotOf(model))).toMatchObject({ changes: [], asked: 0 });
      }),
      { numRuns: 40 },
    );
  });

  test("what changes on the way there changes on the way back", () => {
    fc.assert(
      fc.property(anyPair, ([one, other]) => {
        const [before, after] = [snapshotOf(one), snapshotOf(other)];
        const subjects = (difference: Difference): string[] =>
          linesOf(difference).map((line) => line.replace(/: .*/, ""));
        expect(subjects(diffSnapshots(after, before))).toEqual(subjects(diffSnapshots(before, after)));
      }),
      { numRuns: 40 },
    );
  });
});

describe("what is asked to know it", () => {
  const NETWORKS =
    "networks: { a: { kind: azure, prefixes: 10.0.0.0/16 }, b: { kind: azure, prefixes: 10.1.0.0/16 } }\n";
  const hosts = (first: string): string =>
    [
      `h0 60 A ${first}`,
      ...Array.from({ length: 20 }, (_, i) => `h${i + 1} 60 A 10.0.0.1`),
      "up 60 CNAME h0.corp.example.",
    ].join("\n      ");
  const zone = (first: string, links: string): string =>
    `${NETWORKS}zones:\n  corp.example:\n    links: ${links}\n    records: |\n      ${hosts(first)}\n`;
  const before = loadText(zone("10.0.0.1", "[a, b]")).snapshot;

  test.each([
    {
      title: "a record: its name, and its alias, once for both networks",
      after: zone("10.0.0.2", "[a, b]"),
      asked: 2,
      changed: 4,
    },
    {
      title: "a link: every name of the zone, and one that is not there",
      after: zone("10.0.0.1", "[a]"),
      asked: 23,
      changed: 23,
    },
    {
      title: "a network more: nothing",
      after: zone("10.0.0.1", "[a, b]").replace("networks: {", "networks: { c: { prefixes: 10.2.0.0/16 },"),
      asked: 0,
      changed: 0,
    },
  ])("$title", ({ after, asked, changed }) => {
    const { snapshot, diagnostics, hasErrors } = loadText(after);
    expect(hasErrors, JSON.stringify(diagnostics.map(({ message }) => message))).toBe(false);
    const difference = diffSnapshots(before, snapshot);
    expect(difference.asked).toBe(asked);
    expect(linesOf(difference)).toHaveLength(changed);
  });
});
