import type { PublicReason } from "../explain/public-reason.ts";
import type { Line } from "../explain/step-text.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { RecordType } from "../record/record-type.ts";
import type { Contrast, Ending } from "./ending.ts";

/** Everything that changes between two models, for those who ask in both. */
export interface Difference {
  /** Breaking ones first, then as the names come in the models. */
  readonly changes: readonly Change[];
  /** Of one asker, one name and one type each. */
  readonly counts: Readonly<Record<Contrast, number>>;
  /** Who was compared, as the user calls them. */
  readonly askers: readonly string[];
  /** Questions that had to be asked to know it: askers that are answered alike ask once. */
  readonly asked: number;
  /** Whether every question was asked that there is. */
  readonly isWhole: boolean;
}

/** One change, for everybody, every name and every type that it is the same for. */
export interface Change {
  readonly contrast: Contrast;
  readonly askers: readonly string[];
  readonly names: readonly DomainName[];
  readonly types: readonly RecordType[];
  readonly before: Side;
  readonly after: Side;
  /** Why the answer is public now although an endpoint has the name: of the first name and asker. */
  readonly reason?: PublicReason;
}

/** One side of a change. */
export interface Side {
  readonly ending: Ending;
  /** What decided it, for the first name and asker; absent where nobody could be asked. */
  readonly decided?: Line;
}

/** How many changes of a kind there are: one for each asker, name and type. */
export function countOf({ askers, names, types }: Change): number {
  return askers.length * names.length * types.length;
}
