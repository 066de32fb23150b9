import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describeSystemError } from "../project/project-files.ts";
import type { SourceFile } from "../source/source-file.ts";

/** Writes a file that is not there yet, never over what is: somebody wrote that. Gives what went wrong, in words that follow a path. */
export function writeNewFile(path: string, text: string): string | undefined {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return undefined;
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    return isThere ? "is there already: move it, or write elsewhere with --out" : describeSystemError(error, "written");
  }
}

/**
 * Writes a file so that whoever reads it meanwhile finds the old text or the new one, whole. Behind a link, the file that it
 * leads to; what is no file, a pipe or a terminal, is written to as it is. Gives what went wrong, in words that follow a path.
 */
export function writeWholeFile(
  path: string,
  text: string,
  encoding: SourceFile["encoding"] = "unicode",
): string | undefined {
  const octets = encoding === "octets" ? "latin1" : "utf8";
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile()) {
      writeFileSync(path, text, octets);
      return undefined;
    }
    const real = there === undefined ? path : realpathSync(path);
    const draft = `${real}.${process.pid}.part`;
    try {
      writeFileSync(draft, text, { encoding: octets, ...(there === undefined ? {} : { mode: there.mode }) });
      renameSync(draft, real);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    return undefined;
  } catch (error) {
    return describeSystemError(error, "written");
  }
}
