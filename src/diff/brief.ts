import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type CompileInput, compile } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { recordCount } from "../zone/zone-tree.ts";
import { contrastWords, nameWords, sideWords, typeWords } from "./_words.ts";
import { diffSnapshots } from "./diff-snapshots.ts";
import type { Change } from "./difference.ts";
import { isBreaking } from "./ending.ts";

/** What changed from one generation to the next, as a log can hold it. */
export type Brief =
  /** Every change, a line each; none where all is answered as before. */
  | { readonly kind: "few"; readonly changes: readonly BriefChange[] }
  /** More than a log holds, or than can be found out beside answers. */
  | { readonly kind: "many" };

export interface BriefChange {
  /** `www.example A, from hub: changed: 10.0.0.1 → 10.0.0.2` */
  readonly text: string;
  /** Whether it can take something away from a client that worked. */
  readonly isBreaking: boolean;
}

/** How much is compared, of each model, and told. */
export interface BriefLimits {
  readonly records: number;
  readonly questions: number;
  readonly lines: number;
  /** Names and askers that one line has. */
  readonly names: number;
  readonly askers: number;
}

/** Beyond these it is `privlink diff` that tells: comparing shares the machine with answers, and the next reload waits for it. */
export const BRIEF_LIMITS: BriefLimits = { records: 10_000, questions: 2000, lines: 20, names: 4, askers: 4 };

/** Compares two generations, as far as that is quick: some tens of milliseconds. Pure. */
export function briefDifference(before: CompileInput, after: CompileInput, limits = BRIEF_LIMITS): Brief {
  if (recordsOf(before) + recordsOf(after) > 2 * limits.records) return { kind: "many" };
  const options = { askAtMost: limits.questions };
  const { changes, isWhole } = diffSnapshots(snapshotOf(before), snapshotOf(after), options);
  if (!isWhole || changes.length > limits.lines) return { kind: "many" };
  return { kind: "few", changes: changes.map((change) => briefChange(change, limits)) };
}

function snapshotOf(input: CompileInput): Snapshot {
  return compile(input, new Diagnostics());
}

function briefChange(change: Change, limits: BriefLimits): BriefChange {
  const { contrast, askers, before, after } = change;
  const names = firstOf(nameWords(change), limits.names);
  const what = `${contrastWords(contrast)}: ${sideWords(before, contrast)} → ${sideWords(after, contrast)}`;
  return {
    text: `${names} ${typeWords(change)}, from ${firstOf(askers, limits.askers)}: ${what}`,
    isBreaking: isBreaking(contrast),
  };
}

function firstOf(words: readonly string[], atMost: number): string {
  const more = words.length - atMost;
  return [...words.slice(0, atMost), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function recordsOf({ zones, publicZones, publicRecords }: CompileInput): number {
  const trees = [...[...zones.values()].map(({ tree }) => tree), ...publicZones.map(({ tree }) => tree), publicRecords];
  return trees.reduce((sum, tree) => sum + recordCount(tree), 0);
}
