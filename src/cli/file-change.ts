import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { applyEdits } from "../diagnostics/apply-edits.ts";
import type { TextEdit } from "../diagnostics/diagnostic.ts";
import { describeSystemError } from "../project/project-files.ts";
import { unifiedDiff } from "../report/unified-diff.ts";
import type { SourceFile } from "../source/source-file.ts";
import { writeWholeFile } from "./write-whole-file.ts";

/** A file of the user as it was read, and as it is to be. */
export interface FileChange {
  /** As the user would type it. */
  readonly path: string;
  readonly absolute: string;
  readonly encoding: SourceFile["encoding"];
  readonly before: string;
  readonly after: string;
}

/** What edits make of the files that they stand in, file by file. Edits that want the same text are a bug of whoever made them. */
export function changesOf(edits: readonly TextEdit[], cwd: string): FileChange[] {
  const files = new Set(edits.map(({ span }) => span.file));
  return [...files].map((file) => {
    const { path, encoding, text: before = "" } = file;
    const after = applyEdits(
      before,
      edits.filter(({ span }) => span.file === file),
    );
    if (after === undefined) throw new Error(`edits of ${path} want the same text`);
    return { path, absolute: resolve(cwd, path), encoding, before, after };
  });
}

/** The changes as one difference, as `git apply` takes it. */
export function changesText(changes: readonly FileChange[]): string {
  return changes
    .map(({ path, encoding, before, after }) => {
      const diff = unifiedDiff(path, before, after);
      return encoding === "octets" ? Buffer.from(diff, "latin1").toString("utf8") : diff;
    })
    .join("");
}

/** Makes the changes, one file after another; the sentence of the first that cannot be made. */
export function writeChanges(changes: readonly FileChange[]): string | undefined {
  for (const change of changes) {
    const problem = writeChange(change);
    if (problem !== undefined) return `${change.path} ${problem}`;
  }
  return undefined;
}

/** Writes nothing where the file holds something else than it did. Gives what went wrong, in words that follow a path. */
function writeChange({ absolute, encoding, before, after }: FileChange): string | undefined {
  try {
    if (readFileSync(absolute, encoding === "octets" ? "latin1" : "utf8") !== before)
      return "was changed meanwhile: nothing is written into it";
  } catch (error) {
    return describeSystemError(error);
  }
  return writeWholeFile(absolute, after, encoding);
}
