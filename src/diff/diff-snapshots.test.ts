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
import type { Difference } from "./difference.ts";
import { diffSnapshots } from "./diff-snapshots.ts";
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
      { numRuns: 400 },
    );
  });

  test("models that say the same differ in nothing, and nothing is asked to know it", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(diffSnapshots(snapshotOf(model), snapshotOf(model))).toMatchObject({ changes: [], asked: 0 });
      }),
      { numRuns: 100 },
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
      { numRuns: 100 },
    );
  });
});
