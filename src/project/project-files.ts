import { createHash } from "node:crypto";
import { type BigIntStats, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { FileMemory, type FileStamp } from "./file-memory.ts";
import { filesMatching } from "./files-matching.ts";

/** Files larger than this are refused: they are not what somebody meant to name. */
const MAX_FILE_OCTETS = 512 * 1024 * 1024;
/** And topologies larger than this: written by hand, with zones in files of their own, they have some kilobytes. */
const MAX_TOPOLOGY_OCTETS = 32 * 1024 * 1024;

export type ReadFile =
  | { readonly kind: "file"; readonly file: SourceFile }
  | { readonly kind: "problem"; readonly message: string };

/** Stands for what a file holds: two with one digest hold the same. */
export type FileIdentity =
  | { readonly kind: "contents"; readonly digest: string }
  | { readonly kind: "problem"; readonly message: string };

/** What the config flow needs of the files of a project. Paths are as a user would type them where the command runs. */
export interface FileAccess {
  open(path: string, encoding: SourceFile["encoding"]): ReadFile;
  /** What `open` would find. A file that did not change since an earlier run is not read for it. */
  identify(path: string): FileIdentity;
  /** Lets go of the text of a zone file: who needs it again reads it again. */
  release(path: string): void;
  /** A path as the user would type it. */
  show(path: string): string;
  /** The files that fit a pattern; see `ProjectFiles.list`. */
  list(pattern: string): string[];
  /** Whether a path is a folder that can be listed. */
  isFolder(path: string): boolean;
}

/** A file that may be read, found behind its links. */
interface Located {
  readonly kind: "located";
  readonly real: string;
  readonly stamp: FileStamp;
  readonly octets: number;
  readonly inode: bigint;
  /** What every write into it changes. */
  readonly writes: string;
}

type Problem = Extract<FileIdentity, { kind: "problem" }>;

/**
 * The files of one project for one run of the config flow. Nothing outside the project's folder is opened: paths are
 * judged after links are resolved, and so are the links of a mounted volume.
 */
export class ProjectFiles implements FileAccess {
  /** Hears of each file before it is read. */
  onRead: ((path: string) => void) | undefined;
  /** The folder that every file lies in, links resolved. */
  readonly folder: string;
  private readonly shownFrom: string;
  private readonly memory: FileMemory;
  private readonly located = new Map<string, Located | Problem>();
  private readonly identities = new Map<string, FileIdentity>();
  private readonly texts = new Map<string, ReadFile>();
  private readonly folders = new Set<string>();
  /** Whether a file that was read twice had other contents the second time. */
  private isTorn = false;

  /** `folder` must exist; paths are shown relative to `shownFrom`, where the command runs. */
  constructor(folder: string, shownFrom: string, memory = new FileMemory()) {
    this.folder = realpathSync(folder);
    this.shownFrom = shownFrom;
    this.memory = memory;
  }

  /** The paths opened so far, or tried, and the folders listed: what a change of would mean a reload. */
  get touched(): readonly string[] {
    return [...this.located.keys(), ...this.folders];
  }

  /** The files of the project among them: what lies outside of it, is none or is too large was never opened. */
  get found(): readonly string[] {
    return [...this.located].flatMap(([path, { kind }]) => (kind === "located" ? [path] : []));
  }

  /** Stands for the contents of everything looked at: equal when a run of the config flow would give the same again. */
  digest(): string {
    const hash = createHash("sha256");
    for (const [path, identity] of this.identities)
      hash.update(`${path}\0${identity.kind === "contents" ? identity.digest : identity.message}\0`);
    return hash.digest("hex");
  }

  /**
   * Whether what was read may be half of what it is to be: a file was written into since it was looked at. One that another
   * took the place of was read whole.
   */
  areBeingWritten(): boolean {
    if (this.isTorn) return true;
    for (const before of this.located.values()) {
      const now =
        before.kind === "located" ? statSync(before.real, { bigint: true, throwIfNoEntry: false }) : undefined;
      if (before.kind === "located" && now?.ino === before.inode && writeStampOf(now) !== before.writes) return true;
    }
    return false;
  }

  open(path: string, encoding: SourceFile["encoding"]): ReadFile {
    const absolute = resolve(this.shownFrom, path);
    const key = `${encoding}:${absolute}`;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const read = this.read(absolute, encoding);
    this.texts.set(key, read);
    return read;
  }

  identify(path: string): FileIdentity {
    const absolute = resolve(this.shownFrom, path);
    const known = this.identities.get(absolute);
    if (known !== undefined) return known;
    const located = this.locationOf(absolute);
    const digest = located.kind === "located" ? this.memory.digestOf(absolute, located.stamp) : undefined;
    if (digest !== undefined) this.identities.set(absolute, { kind: "contents", digest });
    else this.open(path, "octets"); // Who asks what it holds will want to read it.
    return this.identities.get(absolute) ?? problem("was not read");
  }

  release(path: string): void {
    this.texts.delete(`octets:${resolve(this.shownFrom, path)}`);
  }

  /**
   * The files that fit a pattern, sorted, as absolute paths: `*` stands for any part of one name, `**` for any folders. Names that begin
   * with a dot never fit: a mounted volume keeps its generations in `..data` beside the links.
   */
  list(pattern: string): string[] {
    return filesMatching(resolve(this.shownFrom, pattern), {
      isFolder: (path) => this.isFolder(path),
      namesIn: (folder) => {
        this.folders.add(folder);
        return entriesOf(folder);
      },
      identityOf: (folder) => realpathSync(folder),
    });
  }

  isFolder(path: string): boolean {
    try {
      return statSync(resolve(this.shownFrom, path)).isDirectory();
    } catch {
      return false; // Not there, a link that leads in a circle, a folder that may not be entered.
    }
  }

  show(path: string): string {
    return shownPath(path, this.shownFrom);
  }

  private read(path: string, encoding: SourceFile["encoding"]): ReadFile {
    const located = this.locationOf(path);
    if (located.kind === "problem") return this.settle(path, located);
    const large = sizeProblem(located.octets, encoding);
    if (large !== undefined) return this.settle(path, large);
    try {
      this.onRead?.(path);
      const nowMs = this.memory.now();
      const octets = readFileSync(located.real);
      const digest = createHash("sha256").update(octets).digest("hex");
      this.memory.remember(path, located.stamp, digest, nowMs);
      this.settle(path, { kind: "contents", digest });
      const text = encoding === "octets" ? octets.toString("latin1") : octets.toString("utf8");
      return { kind: "file", file: sourceFile(this.show(path), text, encoding) };
    } catch (error) {
      return this.settle(path, problem(describeSystemError(error)));
    }
  }

  /** Notes what a path turned out to hold: in one run it holds one thing. */
  private settle<Identity extends FileIdentity>(path: string, identity: Identity): Identity {
    const before = this.identities.get(path);
    if (before === undefined) this.identities.set(path, identity);
    else if (digestIn(before) !== digestIn(identity)) this.isTorn = true;
    return identity;
  }

  /** Where a path leads, found once for each run. */
  private locationOf(path: string): Located | Problem {
    const known = this.located.get(path) ?? this.locate(path);
    this.located.set(path, known);
    if (known.kind === "problem") this.settle(path, known);
    return known;
  }

  private locate(path: string): Located | Problem {
    try {
      const real = realpathSync(path);
      if (real !== this.folder && !real.startsWith(this.folder + sep))
        return problem(`lies outside the project's folder ${this.show(this.folder)}`);
      const stats = statSync(real, { bigint: true });
      const { dev, ino, size, ctimeNs, ctimeMs } = stats;
      if (!stats.isFile()) return problem(describeKind(real, stats));
      if (size > MAX_FILE_OCTETS) return tooLarge(Number(size), MAX_FILE_OCTETS);
      const writes = writeStampOf(stats);
      const text = `${real}:${dev}:${ino}:${writes}:${ctimeNs}`;
      const stamp = { text, changedMs: Number(ctimeMs) };
      return { kind: "located", real, stamp, octets: Number(size), inode: ino, writes };
    } catch (error) {
      return problem(describeSystemError(error));
    }
  }
}

/** A path as a user in a folder would type it: relative, unless that leads far away. */
export function shownPath(path: string, from: string): string {
  const short = relative(from, path);
  return short === "" || short.startsWith(`..${sep}..`) ? path : short;
}

/** The path of a file named in another one, as a user would type it where the command runs. */
export function resolvePath(path: string, from: SourceFile): string {
  return isAbsolute(path) ? path : join(dirname(from.path), path);
}

/** What a folder holds, sorted; `undefined` where it cannot be listed. */
function entriesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch {
    return undefined;
  }
}

/** Why a file of so many octets is not read, where it is too large. */
export function sizeProblem(octets: number, encoding: SourceFile["encoding"]): Problem | undefined {
  const most = encoding === "unicode" ? MAX_TOPOLOGY_OCTETS : MAX_FILE_OCTETS;
  return octets > most ? tooLarge(octets, most) : undefined;
}

function tooLarge(octets: number, most: number): Problem {
  return problem(`has ${Math.round(octets / 2 ** 20)} MiB, more than the ${most / 2 ** 20} that are read`);
}

/** What stands at a path where a file was expected. Nothing of it is opened: reading a pipe waits for whoever writes. */
function describeKind(path: string, stats: BigIntStats): string {
  if (stats.isDirectory())
    return entriesOf(path) === undefined ? "is a folder that this user may not list" : "is a folder, not a file";
  if (stats.isFIFO()) return "is a pipe, not a file: write what comes out of it into a file first";
  return `is a ${stats.isSocket() ? "socket" : "device"}, not a file`;
}

function problem(message: string): Problem {
  return { kind: "problem", message };
}

function writeStampOf({ size, mtimeNs }: BigIntStats): string {
  return `${size}:${mtimeNs}`;
}

function digestIn(identity: FileIdentity): string {
  return identity.kind === "contents" ? identity.digest : identity.message;
}

/** What the operating system said to whoever wanted a file `read` or `written`, in words that follow a path. */
export function describeSystemError(error: unknown, wanted: "read" | "written" = "read"): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return wanted === "read" ? "does not exist" : "is in a folder that does not exist";
    case "EACCES":
    case "EPERM":
      return `may not be ${wanted} by this user`;
    case "EISDIR":
      return "is a folder, not a file";
    case "ENOTDIR":
      return "leads through a file as if it were a folder";
    case "ELOOP":
      return "is a link that leads in a circle";
    default:
      return `cannot be ${wanted}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
