import { createHash } from "node:crypto";
import { type LoadedProject, loadProject } from "../../src/project/load-project.ts";
import type { FileAccess } from "../../src/project/project-files.ts";
import { sourceFile } from "../../src/source/source-file.ts";

/** The files of a project as a map from path to text: a folder without a disk. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileAccess {
  return {
    open(path, encoding) {
      const text = files[path];
      return text === undefined
        ? { kind: "problem", message: "does not exist" }
        : { kind: "file", file: sourceFile(path, text, encoding) };
    },
    identify(path) {
      const text = files[path];
      return text === undefined
        ? { kind: "problem", message: "does not exist" }
        : { kind: "contents", digest: createHash("sha256").update(text).digest("hex") };
    },
    release: () => undefined,
    show: (path) => path,
    list(pattern) {
      const fits = new RegExp(
        `^${pattern
          .replaceAll(".", "\\.")
          .replace("**/*", ".*")
          .replace(/(?<!\.)\*/g, "[^/]*")}$`,
      );
      return Object.keys(files)
        .filter((path) => fits.test(path))
        .sort();
    },
    isFolder: (path) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
  };
}

/** Loads a topology that stands in memory, with the files it names. */
export function loadText(topology: string, files: Readonly<Record<string, string>> = {}): LoadedProject {
  return loadProject(sourceFile("privlink.yaml", topology), memoryFiles(files));
}
