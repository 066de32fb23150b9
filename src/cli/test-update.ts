import type { TestRun } from "../expect/results.ts";
import { updateOf } from "../expect/update.ts";
import { formatLine } from "../source/source-file.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import { changesOf, changesText, writeChanges } from "./file-change.ts";
import type { Io } from "./io.ts";
import { couldNotRun } from "./misuse.ts";
import type { OpenedProject } from "./project.ts";

/** Makes expectations that failed say what is answered today, in their files; shows the difference. */
export function updateTests(run: TestRun, { loaded }: OpenedProject, io: Io): ExitCode {
  const { edits, left, updated } = updateOf(run.results);
  if (edits.length > 0 && loaded.isExample)
    return couldNotRun(io, "the built-in example is not changed: copy it to privlink.yaml first");
  for (const change of changesOf(edits, io.cwd)) {
    const problem = writeChanges([change]);
    if (problem !== undefined) return couldNotRun(io, problem);
    io.stdout(changesText([change])); // One by one: what is shown is what was written.
  }
  for (const { expectation, why } of left) io.stderr(`${formatLine(expectation.span)}: left as it is: ${why}\n`);
  const changed = updated === 0 ? "nothing to change" : `${updated} changed`;
  io.stderr(`${run.name}: ${changed}${left.length === 0 ? "" : `, ${left.length} left as they are`}\n`);
  return left.length === 0 ? ExitCodes.CLEAN : ExitCodes.FINDINGS;
}
