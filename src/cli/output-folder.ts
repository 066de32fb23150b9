import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeSystemError } from "../project/project-files.ts";
import { writeWholeFile } from "./write-whole-file.ts";

/** Why files are not written into a folder, which `shown` names; one that holds files is written into only where that is forced. */
export function whyNotInto(folder: string, shown: string, isForced: boolean): string | undefined {
  try {
    const holdsFiles = readdirSync(folder).length > 0;
    return holdsFiles && !isForced ? `${shown} holds files: name an empty folder, or add --force` : undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    if (code === "ENOTDIR" && existsSync(folder)) return `${shown} is a file: name a folder`;
    return `${shown} ${describeSystemError(error, "written")}`;
  }
}

/** Writes texts by path below a folder, which is made, and removes nothing; the sentence of the first that cannot be written. */
export function writeInto(
  folder: string,
  shown: string,
  files: Iterable<readonly [path: string, text: string]>,
): string | undefined {
  for (const [path, text] of files) {
    const problem = makeFolder(dirname(join(folder, path))) ?? writeWholeFile(join(folder, path), text);
    if (problem !== undefined) return `${join(shown, path)} ${problem}`;
  }
  return undefined;
}

/** Makes a folder and those above it; what went wrong, in words that follow a path. */
export function makeFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    return undefined;
  } catch (error) {
    return describeSystemError(error, "written");
  }
}
