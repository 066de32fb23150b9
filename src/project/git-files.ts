import { extname, join, posix, relative, resolve, sep } from "node:path";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { filesMatching } from "./files-matching.ts";
import { runGit } from "./git.ts";
import { followLinks, type GitEntry, type GitTree } from "./git-tree.ts";
import { type FileAccess, type FileIdentity, type ReadFile, sizeProblem } from "./project-files.ts";

/** The most octets that are read together, beside the file that is wanted. */
const MAX_AHEAD = 64 * 1024 * 1024;

type Located = { readonly kind: "located"; readonly path: string; readonly entry: GitEntry } | Problem;
type Problem = Extract<FileIdentity, { kind: "problem" }>;

/**
 * The files of a project as a revision has them, read out of git's objects: nothing is checked out. As with files on disk,
 * nothing outside the project's folder is opened, and paths are judged after links are followed.
 *
 * A path is either absolute, as if the revision lay in the working tree, or begins as those that are shown: `REVISION:`. One
 * that has lost that beginning on its way up, by `..`, is counted from the top.
 */
export class GitFiles implements FileAccess {
  private readonly tree: GitTree;
  /** The project's folder from the top; empty for the top itself. */
  private readonly folder: string;
  private readonly contents = new Map<string, Buffer>();

  constructor(tree: GitTree, folder: string) {
    this.tree = tree;
    this.folder = folder;
  }

  open(path: string, encoding: SourceFile["encoding"]): ReadFile {
    const located = this.locate(path);
    if (located.kind === "problem") return located;
    const large = sizeProblem(located.entry.octets, encoding);
    if (large !== undefined) return large;
    const octets = this.read(located.path, located.entry);
    if (octets === undefined) return problem("cannot be read: git does not have its contents here");
    if (octets.subarray(0, LFS_START.length).toString("latin1") === LFS_START)
      return problem("is kept in Git LFS, and what is kept there is not read");
    const text = encoding === "octets" ? octets.toString("latin1") : octets.toString("utf8");
    return { kind: "file", file: sourceFile(this.show(path), text, encoding) };
  }

  identify(path: string): FileIdentity {
    const located = this.locate(path);
    if (located.kind === "problem") return located;
    const opened = this.open(path, "octets"); // Only who has the contents knows that they can be read.
    return opened.kind === "problem" ? opened : { kind: "contents", digest: `git:${located.entry.id}` };
  }

  release(path: string): void {
    const located = this.locate(path);
    if (located.kind === "located") this.contents.delete(located.entry.id);
  }

  show(path: string): string {
    return `${this.tree.label}:${this.fromTop(path) ?? path}`;
  }

  list(pattern: string): string[] {
    const path = this.fromTop(pattern);
    if (path === undefined) return [pattern];
    return filesMatching(join(this.tree.top, path), {
      isFolder: (folder) => this.isFolder(folder),
      namesIn: (folder) => [...(this.tree.folders.get(this.followed(folder) ?? "") ?? [])],
      identityOf: (folder) => this.followed(folder) ?? folder,
    });
  }

  isFolder(path: string): boolean {
    const followed = this.followed(path);
    return followed !== undefined && this.tree.folders.has(followed);
  }

  /** The path from the top; `undefined` for one outside the repository. */
  private fromTop(path: string): string | undefined {
    const { top, label } = this.tree;
    const start = `${label}:`;
    const absolute = path.startsWith(start) ? resolve(top, path.slice(start.length)) : resolve(top, path);
    const below = relative(top, absolute).split(sep).join("/");
    return below === ".." || below.startsWith("../") ? undefined : below;
  }

  private followed(path: string): string | undefined {
    const start = this.fromTop(path);
    const found = start === undefined ? undefined : followLinks(this.tree, start, (entry) => this.linkTarget(entry));
    return typeof found === "string" ? found : undefined;
  }

  private locate(path: string): Located {
    const start = this.fromTop(path);
    if (start === undefined) return problem("lies outside the repository");
    const found = followLinks(this.tree, start, (entry) => this.linkTarget(entry));
    if (typeof found !== "string") return problem(found.problem);
    const { entries, folders, label } = this.tree;
    if (this.folder !== "" && found !== this.folder && !found.startsWith(`${this.folder}/`))
      return problem(`lies outside the project's folder ${label}:${this.folder}`);
    const entry = entries.get(found);
    if (entry === undefined)
      return problem(folders.has(found) ? "is a folder, not a file" : `does not exist in ${label}`);
    return { kind: "located", path: found, entry };
  }

  private linkTarget(entry: GitEntry): string {
    return this.fetch([entry]).get(entry.id)?.toString("utf8") ?? "";
  }

  /** A file's contents. What lies beside it and looks alike is wanted next: git is run once for all of it. */
  private read(path: string, entry: GitEntry): Buffer | undefined {
    const known = this.contents.get(entry.id);
    if (known !== undefined) return known;
    const folder = path.includes("/") ? posix.dirname(path) : "";
    const wanted = [entry];
    let ahead = 0;
    for (const name of this.tree.folders.get(folder) ?? []) {
      const beside = this.tree.entries.get(posix.join(folder, name));
      if (beside?.kind !== "file" || extname(name) !== extname(path) || beside.id === entry.id) continue;
      ahead += beside.octets;
      if (ahead > MAX_AHEAD) break;
      wanted.push(beside);
    }
    for (const [id, octets] of this.fetch(wanted)) this.contents.set(id, octets);
    return this.contents.get(entry.id);
  }

  /** Objects by id; those that git does not have are missing. */
  private fetch(entries: readonly GitEntry[]): ReadonlyMap<string, Buffer> {
    const found = new Map<string, Buffer>();
    const ran = runGit(this.tree.folder, ["cat-file", "--batch"], entries.map(({ id }) => `${id}\n`).join(""));
    if (ran.kind === "problem") return found;
    const { stdout } = ran;
    for (let at = 0; at < stdout.length; ) {
      const end = stdout.indexOf("\n", at);
      const [, id, size] = /^(\w+) blob (\d+)$/.exec(stdout.subarray(at, end).toString("latin1")) ?? [];
      at = end + 1;
      if (id === undefined || size === undefined) continue; // `ID missing`.
      const octets = Number.parseInt(size, 10);
      found.set(id, Buffer.from(stdout.subarray(at, at + octets)));
      at += octets + 1;
    }
    return found;
  }
}

const LFS_START = "version https://git-lfs.github.com/spec/";

function problem(message: string): Problem {
  return { kind: "problem", message };
}
