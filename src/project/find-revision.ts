import { join, posix, relative, resolve, sep } from "node:path";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { GitFiles } from "./git-files.ts";
import { type GitTree, openTree } from "./git-tree.ts";
import type { FileAccess } from "./project-files.ts";
import { TOPOLOGY_NAMES } from "./topology-path.ts";

/** A project as a revision has it: its first file, and the files beside it. */
export interface FoundRevision {
  readonly kind: "found";
  /** Made of the path where that names no topology. */
  readonly entry: SourceFile;
  readonly files: FileAccess;
}

export type FindRevisionResult = FoundRevision | { readonly kind: "problem"; readonly message: string };

/** What the user named: `git:REVISION` or `git:REVISION:PATH`. */
export interface RevisionName {
  readonly revision: string;
  /** From the top of the repository; with `./` or `../` from where the command runs, as git has it. */
  readonly path?: string;
}

const START = "git:";

/** Reads `git:REVISION[:PATH]`; `undefined` for a text that does not begin so. A colon in braces is part of the revision. */
export function readRevisionName(text: string): RevisionName | undefined {
  if (!text.startsWith(START)) return undefined;
  const rest = text.slice(START.length);
  let depth = 0;
  for (let at = 0; at < rest.length; at++) {
    const char = rest.charAt(at);
    if (char === "{") depth += 1;
    else if (char === "}") depth -= 1;
    else if (char === ":" && depth === 0) return { revision: rest.slice(0, at), path: rest.slice(at + 1) };
  }
  return { revision: rest };
}

/**
 * Finds the project that a revision of the repository around `folder` has: at the path, else at the topology that is named
 * here (`config`), else the topology beside which the command runs.
 */
export function findRevision({ revision, path }: RevisionName, folder: string, config?: string): FindRevisionResult {
  const opened = openTree(folder, revision);
  if (opened.kind === "problem") return opened;
  const { tree } = opened;
  const here = relative(folder, resolve(folder, config ?? "."))
    .split(sep)
    .join("/");
  const named = path === undefined ? posix.join(tree.prefix, here) : fromTop(tree, path);
  const at = posix
    .normalize(named)
    .replace(/^\.\/?$/, "")
    .replace(/\/$/, "");
  if (at === ".." || at.startsWith("../") || at.startsWith("/")) return problem(`${named} lies outside the repository`);
  const whole = new GitFiles(tree, "");
  const isFolder = whole.isFolder(at);
  const inside = TOPOLOGY_NAMES.map((name) => posix.join(at, name)).find((file) => isFile(whole, file));
  const topology = isFolder ? inside : /\.ya?ml$/.test(at) ? at : undefined;
  if (topology !== undefined) {
    const files = new GitFiles(tree, parentOf(topology));
    const read = files.open(join(tree.top, topology), "unicode");
    return read.kind === "problem"
      ? problem(`${files.show(join(tree.top, topology))} ${read.message}`)
      : { kind: "found", entry: read.file, files };
  }
  if (path === undefined)
    return problem(
      `${whole.show(join(tree.top, at))} has no ${TOPOLOGY_NAMES[0] ?? ""}: name what to read, git:${revision}:PATH`,
    );
  if (!isFolder && !isFile(whole, at)) return problem(missingPath(tree, whole, at, path));
  const entry = sourceFile("command line", `public:\n  zones: ${JSON.stringify([join(tree.top, at)])}\n`);
  return { kind: "found", entry, files: new GitFiles(tree, isFolder ? at : parentOf(at)) };
}

function fromTop({ prefix }: GitTree, path: string): string {
  return /^\.\.?(?:\/|$)/.test(path) ? posix.join(prefix, path) : path;
}

function parentOf(path: string): string {
  return path.includes("/") ? posix.dirname(path) : "";
}

function isFile(files: GitFiles, path: string): boolean {
  return files.identify(path).kind === "contents";
}

function missingPath({ prefix }: GitTree, files: GitFiles, at: string, path: string): string {
  const here = posix.join(prefix, path);
  const isHere = prefix !== "" && here !== at && (isFile(files, here) || files.isFolder(here));
  const found = files.identify(at);
  const why = found.kind === "problem" ? found.message : "cannot be read";
  return `${at} ${why}${isHere ? `: paths count from the top of the repository; did you mean ./${path}?` : ""}`;
}

function problem(message: string): FindRevisionResult {
  return { kind: "problem", message };
}
