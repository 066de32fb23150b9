import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { type SourceFile, sourceFile } from "../source/source-file.ts";

/** Files larger than this are refused: they are not what somebody meant to name. */
const MAX_FILE_OCTETS = 512 * 1024 * 1024;

export type ReadFile =
  | { readonly kind: "file"; readonly file: SourceFile }
  | { readonly kind: "problem"; readonly message: string };

/** What the config flow needs of the files of a project. Paths are as a user would type them where the command runs. */
export interface FileAccess {
  open(path: string, encoding: SourceFile["encoding"]): ReadFile;
  /** The files that fit a pattern; see `ProjectFiles.list`. */
  list(pattern: string): string[];
  /** Whether a path is a folder that can be listed. */
  isFolder(path: string): boolean;
}

/**
 * The files of one project, read once each for one run of the config flow. Nothing outside the project's folder is
 * opened: paths are judged after links are resolved, and so are the links of a mounted volume.
 */
export class ProjectFiles implements FileAccess {
  /** The folder that every file lies in, links resolved. */
  readonly folder: string;
  private readonly shownFrom: string;
  private readonly cache = new Map<string, ReadFile>();
  private readonly opened = new Set<string>();
  private readonly folders = new Set<string>();

  /** `folder` must exist; paths are shown relative to `shownFrom`, where the command runs. */
  constructor(folder: string, shownFrom: string) {
    this.folder = realpathSync(folder);
    this.shownFrom = shownFrom;
  }

  /** The paths opened so far, or tried, and the folders listed: what a change of would mean a reload. */
  get touched(): readonly string[] {
    return [...this.opened, ...this.folders];
  }

  /** Stands for the contents of everything read: equal when a run of the config flow would give the same again. */
  digest(): string {
    const hash = createHash("sha256");
    for (const [path, read] of this.cache)
      hash.update(`${path}\0${read.kind === "file" ? read.file.text : read.message}\0`);
    return hash.digest("hex");
  }

  open(path: string, encoding: SourceFile["encoding"]): ReadFile {
    const absolute = resolve(this.shownFrom, path);
    const key = `${encoding}:${absolute}`;
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const read = this.load(absolute, encoding);
    this.cache.set(key, read);
    this.opened.add(absolute);
    return read;
  }

  /**
   * The files that fit a pattern, sorted, as absolute paths: `*` stands for any part of one name, `**` for any folders. Names that begin
   * with a dot never fit: a mounted volume keeps its generations in `..data` beside the links.
   */
  list(pattern: string): string[] {
    const path = resolve(this.shownFrom, pattern);
    const parts = path.split("/");
    const firstWild = parts.findIndex((part) => part.includes("*"));
    return firstWild === -1
      ? [path]
      : this.matching(parts.slice(0, firstWild).join("/") || "/", parts.slice(firstWild));
  }

  isFolder(path: string): boolean {
    return statSync(resolve(this.shownFrom, path), { throwIfNoEntry: false })?.isDirectory() === true;
  }

  private matching(folder: string, parts: readonly string[]): string[] {
    const [part, ...rest] = parts;
    if (part === undefined || !this.isFolder(folder)) return [];
    this.folders.add(folder);
    const found = part === "**" ? this.matching(folder, rest) : [];
    const pattern = new RegExp(`^${part.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
    for (const entry of readdirSync(folder).sort()) {
      if (entry.startsWith(".")) continue;
      const path = join(folder, entry);
      if (part === "**") found.push(...(this.isFolder(path) ? this.matching(path, parts) : []));
      else if (pattern.test(entry)) found.push(...(rest.length === 0 ? [path] : this.matching(path, rest)));
    }
    return found;
  }

  private load(path: string, encoding: SourceFile["encoding"]): ReadFile {
    try {
      const real = realpathSync(path);
      if (real !== this.folder && !real.startsWith(this.folder + sep))
        return problem(`lies outside the project's folder ${this.show(this.folder)}`);
      const size = statSync(real).size;
      if (size > MAX_FILE_OCTETS)
        return problem(
          `has ${Math.round(size / 2 ** 20)} MiB, more than the ${MAX_FILE_OCTETS / 2 ** 20} that are read`,
        );
      const octets = readFileSync(real);
      const text = encoding === "octets" ? octets.toString("latin1") : octets.toString("utf8");
      return { kind: "file", file: sourceFile(this.show(path), text, encoding) };
    } catch (error) {
      return problem(describeSystemError(error));
    }
  }

  /** A path as the user would type it. */
  show(path: string): string {
    const short = relative(this.shownFrom, path);
    return short === "" || short.startsWith(`..${sep}..`) ? path : short;
  }
}

function problem(message: string): ReadFile {
  return { kind: "problem", message };
}

/** What the operating system said, in words that follow a path. */
export function describeSystemError(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return "does not exist";
    case "EACCES":
    case "EPERM":
      return "may not be read by this user";
    case "EISDIR":
      return "is a folder, not a file";
    case "ENOTDIR":
      return "leads through a file as if it were a folder";
    case "ELOOP":
      return "is a link that leads in a circle";
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
