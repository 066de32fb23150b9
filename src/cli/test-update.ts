import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { applyEdits, type Edit, unifiedDiff } from "../expect/edits.ts";
import type { TestRun } from "../expect/results.ts";
import { updateOf } from "../expect/update.ts";
import { describeSystemError } from "../project/project-files.ts";
import { formatLine, type SourceFile } from "../source/source-file.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { couldNotRun } from "./misuse.ts";
import type { OpenedProject } from "./project.ts";

/** Makes expectations that failed say what is answered today, in their files; shows the difference. */
export function updateTests(run: TestRun, { loaded }: OpenedProject, io: Io): ExitCode {
  const { edits, left } = updateOf(run.results);
  if (edits.length > 0 && loaded.isExample)
    return couldNotRun(io, "the built-in example is not changed: copy it to privlink.yaml first");
  for (const { file, text } of applyEdits(edits)) {
    const problem = write(file, text, io.cwd);
    if (problem !== undefined) return couldNotRun(io, `${file.path} ${problem}`);
    io.stdout(unifiedDiff(file, ownEdits(file, edits)));
  }
  for (const { expectation, why } of left) io.stderr(`${formatLine(expectation.span)}: left as it is: ${why}\n`);
  const changed = edits.length === 0 ? "nothing to change" : `${edits.length} changed`;
  io.stderr(`${run.name}: ${changed}${left.length === 0 ? "" : `, ${left.length} left as they are`}\n`);
  return left.length === 0 ? ExitCodes.CLEAN : ExitCodes.FINDINGS;
}

function ownEdits(file: SourceFile, edits: readonly Edit[]): readonly Edit[] {
  return edits.filter(({ span }) => span.file === file);
}

/** Writes a file, unless somebody else did since it was read; says what is wrong. */
function write(file: SourceFile, text: string, cwd: string): string | undefined {
  const path = resolve(cwd, file.path);
  try {
    if (readFileSync(path, "utf8") !== file.text) return "changed while the expectations ran: run it again";
    writeFileSync(path, text);
    return undefined;
  } catch (error) {
    return describeSystemError(error).replace("be read", "be written").replace("read by", "written by");
  }
}
