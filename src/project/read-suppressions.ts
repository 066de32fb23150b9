import { readFileSync, statSync } from "node:fs";
import { findSuppressions, SUPPRESSION_WORD, type Suppression } from "../diagnostics/suppressions.ts";
import { sourceFile } from "../source/source-file.ts";
import { shownPath } from "./project-files.ts";

/**
 * The comments that excuse findings, of the files that a load read, in its order. `files` are absolute paths; what has vanished
 * since has no comments. Files are named as the load named them: relative to `shownFrom`.
 */
export function readSuppressions(files: readonly string[], shownFrom: string): Suppression[] {
  return files.flatMap((path) => {
    const octets = octetsOf(path);
    if (octets?.includes(SUPPRESSION_WORD) !== true) return [];
    const encoding = /\.ya?ml$/.test(path) ? "unicode" : "octets";
    const text = octets.toString(encoding === "unicode" ? "utf8" : "latin1");
    return findSuppressions(sourceFile(shownPath(path, shownFrom), text, encoding));
  });
}

function octetsOf(path: string): Buffer | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
