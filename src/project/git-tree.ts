import { posix } from "node:path";
import { type GitResult, runGit } from "./git.ts";

/** What lies at one path of a revision. */
export interface GitEntry {
  readonly kind: "file" | "link" | "submodule";
  /** The object's id: equal where two hold the same. */
  readonly id: string;
  readonly octets: number;
}

/** Everything that one revision of a repository holds, by path from its top. */
export interface GitTree {
  /** Where git is run. */
  readonly folder: string;
  /** The top of the working tree, absolute, links resolved as git has them. */
  readonly top: string;
  /** Where the command runs, from the top: empty, or with a slash at its end. */
  readonly prefix: string;
  /** What files are called in front of their path: the revision as it was typed where it can be read in a path, else its commit. */
  readonly label: string;
  readonly entries: ReadonlyMap<string, GitEntry>;
  /** Names of what lies right in each folder; the top is the empty path. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}

export type OpenedTree = { readonly kind: "tree"; readonly tree: GitTree } | Extract<GitResult, { kind: "problem" }>;

/** Links that lead to links, before they are taken for a circle. */
const MAX_LINKS = 40;

/** Lists a revision of the repository that `folder` lies in. Nothing is checked out. */
export function openTree(folder: string, revision: string): OpenedTree {
  const where = runGit(folder, ["rev-parse", "--show-toplevel", "--show-prefix"]);
  if (where.kind === "problem") return problem(notARepository(folder, where.message));
  const [top = "", prefix = ""] = where.stdout.toString("utf8").split("\n");
  // A text that begins with a dash would be an option of git's.
  const named =
    revision === "" || revision.startsWith("-")
      ? undefined
      : runGit(folder, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  if (named?.kind !== "output") return problem(unknownRevision(folder, revision));
  const commit = named.stdout.toString("utf8").trim();
  const listed = runGit(folder, ["ls-tree", "-r", "-l", "-z", "--full-tree", commit]);
  if (listed.kind === "problem") return listed;
  const label = /^[\w.~^@{}+-]+$/.test(revision) ? revision : commit.slice(0, 10);
  return { kind: "tree", tree: { folder, top, prefix, label, ...readListing(listed.stdout.toString("utf8")) } };
}

/** Where a path leads when links are followed: a path from the top, or why it leads nowhere. */
export function followLinks(
  tree: GitTree,
  path: string,
  read: (entry: GitEntry) => string,
): string | { readonly problem: string } {
  let at = path;
  for (let followed = 0; followed <= MAX_LINKS; followed++) {
    const link = linkOn(tree, at);
    if (link === undefined) return at;
    const { entry, rest, folder } = link;
    if (entry.kind === "submodule") return { problem: "lies in a submodule, and submodules are not read" };
    const target = read(entry);
    at = posix.normalize(posix.join(folder, target, rest)).replace(/\/$/, "");
    if (at === ".") at = "";
    if (target.startsWith("/") || at === ".." || at.startsWith("../"))
      return { problem: "is a link that leads out of the repository" };
  }
  return { problem: "is a link that leads in a circle" };
}

/** The first link, or submodule, on a path; the path's own end counts. */
function linkOn({ entries }: GitTree, path: string): { entry: GitEntry; folder: string; rest: string } | undefined {
  const parts = path.split("/");
  for (let i = 1; i <= parts.length; i++) {
    const entry = entries.get(parts.slice(0, i).join("/"));
    if (entry === undefined) continue;
    if (entry.kind === "file") return undefined;
    return { entry, folder: parts.slice(0, i - 1).join("/"), rest: parts.slice(i).join("/") };
  }
  return undefined;
}

/** `MODE TYPE ID SIZE TAB PATH`, each ended by NUL. */
function readListing(text: string): Pick<GitTree, "entries" | "folders"> {
  const entries = new Map<string, GitEntry>();
  const folders = new Map<string, Set<string>>([["", new Set()]]);
  for (const line of text.split("\0")) {
    const [, mode = "", id = "", size = "", path] = /^(\d+) \w+ (\w+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
    if (path === undefined) continue;
    const kind = mode === "120000" ? "link" : mode === "160000" ? "submodule" : "file";
    entries.set(path, { kind, id, octets: Number.parseInt(size, 10) || 0 });
    for (let child = path; child !== ""; ) {
      const parent = child.includes("/") ? posix.dirname(child) : "";
      const names = folders.get(parent) ?? new Set();
      const isKnown = names.size > 0;
      folders.set(parent, names.add(posix.basename(child)));
      if (isKnown) break;
      child = parent;
    }
  }
  return { entries, folders };
}

function notARepository(folder: string, said: string): string {
  if (said.includes("not a git repository")) return `${folder} lies in no git repository`;
  return said.includes("must be run in a work tree")
    ? `${folder} lies in a git repository without a working tree`
    : said;
}

function unknownRevision(folder: string, revision: string): string {
  const shallow = runGit(folder, ["rev-parse", "--is-shallow-repository"]);
  const isShallow = shallow.kind === "output" && shallow.stdout.toString("utf8").trim() === "true";
  const hasCommits = runGit(folder, ["rev-parse", "--verify", "--quiet", "HEAD"]).kind === "output";
  if (!hasCommits) return "the repository has no commit yet";
  const hint = isShallow ? "; the clone is shallow: fetch it first" : "";
  return `the repository has no revision ${revision === "" ? "without a name" : revision}${hint}`;
}

function problem(message: string): Extract<GitResult, { kind: "problem" }> {
  return { kind: "problem", message };
}
