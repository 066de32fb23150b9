import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BaselineFile } from "../../src/cli/baseline-file.ts";
import { checkModel } from "../../src/cli/check-run.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { findProject } from "../../src/project/find-project.ts";
import { loadProject } from "../../src/project/load-project.ts";

/**
 * Folders with one fault each, `err/<subject>--<what>/`, and twins that differ by its fix alone, `ok/<subject>--<what>/`.
 * A folder is a project; beside it `err` has what is printed, `expected.txt`, and why, `about.md`.
 */
export const CHECK_FOLDER = join(import.meta.dirname, "..", "check");

const NOT_INPUT = new Set(["about.md", "expected.txt"]);

/** The folders of one half, by the code that they are named for. */
export function checkFolders(half: "err" | "ok"): ReadonlyMap<string, string> {
  const folder = join(CHECK_FOLDER, half);
  return new Map(
    readdirSync(folder)
      .toSorted()
      .map((name) => [name.replace("--", "/"), join(folder, name)]),
  );
}

/** What `check` finds in a folder, with paths as seen from inside it. */
export function diagnosticsIn(folder: string): readonly Diagnostic[] {
  const found = findProject({ config: "privlink.yaml", paths: [], networks: [] }, folder, folder);
  if (found.kind === "problem") throw new Error(found.message);
  const { snapshot, diagnostics, hasErrors } = loadProject(found.entry, found.files);
  const { touched, found: files } = found.files;
  const { told } = checkModel({ snapshot, diagnostics, hasErrors, touched, files }, folder, folder);
  const baseline = new BaselineFile("baseline.json", folder);
  const entries = baseline.read();
  return typeof entries === "string" ? told : baseline.sift(told, entries, new Set(touched)).told;
}

/** The files of the project, by path inside the folder; octets stand as chars of the same number. */
export function inputFiles(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !NOT_INPUT.has(path))
    .toSorted();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "latin1")]));
}

/** Why a code is printed, and what to do: the two paragraphs of `about.md`. */
export function aboutOf(folder: string): readonly string[] {
  const path = join(folder, "about.md");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n\n") : [];
}
