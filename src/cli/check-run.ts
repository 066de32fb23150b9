import { type Diagnostic, Diagnostics } from "../diagnostics/diagnostic.ts";
import type { ExcusedFinding } from "../diagnostics/excused-finding.ts";
import { suppress } from "../diagnostics/suppressions.ts";
import { withFindings } from "../lint/lint.ts";
import type { LoadedModel } from "../project/load-order.ts";
import { readSuppressions } from "../project/read-suppressions.ts";
import { restoreLines } from "../project/restore-lines.ts";
import { checkZones } from "../snapshot/check-zones.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** What `check` finds in one model. */
export interface CheckedModel {
  readonly name: string;
  readonly told: readonly Diagnostic[];
  readonly excused: readonly ExcusedFinding[];
  /** Whether it loaded, so that everything was looked for. */
  readonly isComplete: boolean;
  /** Absolute paths of what was looked at. */
  readonly touched: readonly string[];
}

/** Everything that loading, the rules and the checks of zones find, less what comments excuse. Paths are as seen from `cwd`. */
export function checkModel(
  { snapshot, diagnostics, hasErrors, touched, files }: LoadedFiles,
  name: string,
  cwd: string,
): CheckedModel {
  const found = restoreLines(allFindings(snapshot, diagnostics), cwd);
  const comments = readSuppressions(files, cwd);
  return { name, ...suppress(found, comments, !hasErrors), isComplete: !hasErrors, touched };
}

/** What is needed of a load. */
export interface LoadedFiles extends Pick<LoadedModel, "diagnostics" | "hasErrors" | "touched" | "files"> {
  readonly snapshot: Snapshot;
}

/**
 * What loading found, and what is found in a model that loaded. With errors it is that alone: a record that could not be
 * read would be missed in ten places.
 */
function allFindings(snapshot: Snapshot, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const diagnostics = new Diagnostics();
  diagnostics.add(found);
  if (diagnostics.hasErrors) return found;
  checkZones(snapshot, diagnostics);
  return withFindings(() => snapshot, diagnostics.sorted());
}
