import type { Line } from "../explain/step-text.ts";
import { formatName } from "../name/name-text.ts";
import { typeName } from "../record/type-names.ts";
import { positionOf, type SourceSpan } from "../source/source-file.ts";
import { breakingCount } from "./_words.ts";
import type { Compared } from "./compared.ts";
import type { Difference, Side } from "./difference.ts";
import { isBreaking } from "./ending.ts";

/** The version of the shape that `differenceJson` gives. */
export const DIFF_SCHEMA = "privlink/diff/v1";

/** The difference as data, for programs. */
export function differenceJson(difference: Difference, { before, after, onlyBefore, onlyAfter }: Compared): unknown {
  const { changes, counts, askers, asked } = difference;
  return {
    schema: DIFF_SCHEMA,
    before,
    after,
    askers,
    notCompared: { onlyBefore, onlyAfter },
    summary: { breaking: breakingCount(difference), ...counts, asked },
    changes: changes.map((change) => ({
      kind: change.contrast,
      breaking: isBreaking(change.contrast),
      askers: change.askers,
      names: change.names.map(formatName),
      types: change.types.map(typeName),
      before: sideJson(change.before),
      after: sideJson(change.after),
      reason:
        change.reason === undefined
          ? null
          : {
              sentence: change.reason.sentence,
              change: change.reason.change,
              places: change.reason.places.map(placeJson),
            },
    })),
  };
}

function sideJson({ ending, decided }: Side): unknown {
  const { kind, origin, records, aliases, ttl, targets } = ending;
  return {
    outcome: kind,
    origin: origin ?? null,
    records,
    aliases,
    ttl: ttl ?? null,
    targets,
    decided: decided === undefined ? null : lineJson(decided),
  };
}

function lineJson({ kind, text, places }: Line): unknown {
  return { kind, text, places: places.map(placeJson) };
}

function placeJson(span: SourceSpan): unknown {
  return { file: span.file.path, ...positionOf(span) };
}
