import { createHash } from "node:crypto";
import { posix } from "node:path";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { filesMatching } from "./files-matching.ts";
import type { FileAccess, FileIdentity, ReadFile } from "./project-files.ts";

/**
 * The files of a project that stands in no folder: texts by path. They are shown as `LABEL:PATH`, and a path that begins so is
 * the same file; the label has no slash.
 */
export class TextFiles implements FileAccess {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly label: string;

  constructor(texts: ReadonlyMap<string, string>, label: string) {
    this.texts = texts;
    this.label = label;
  }

  open(path: string, encoding: SourceFile["encoding"]): ReadFile {
    const text = this.texts.get(this.own(path));
    if (text === undefined) return { kind: "problem", message: `does not exist in ${this.label}` };
    const read = encoding === "octets" ? Buffer.from(text, "utf8").toString("latin1") : text;
    return { kind: "file", file: sourceFile(this.show(path), read, encoding) };
  }

  identify(path: string): FileIdentity {
    const text = this.texts.get(this.own(path));
    if (text === undefined) return { kind: "problem", message: `does not exist in ${this.label}` };
    return { kind: "contents", digest: createHash("sha256").update(text).digest("hex") };
  }

  release(): void {
    // Nothing is held but what is held anyway.
  }

  show(path: string): string {
    return `${this.label}:${this.own(path)}`;
  }

  /** Absolute paths, as if the texts lay at the root: such a path is itself, whichever file names it. */
  list(pattern: string): string[] {
    return filesMatching(`/${this.own(pattern)}`, {
      isFolder: (path) => this.isFolder(path),
      namesIn: (folder) => {
        const start = this.own(folder) === "" ? "" : `${this.own(folder)}/`;
        const below = [...this.texts.keys()].filter((path) => path.startsWith(start));
        return [...new Set(below.map((path) => path.slice(start.length).split("/")[0] ?? ""))];
      },
      identityOf: (folder) => this.own(folder),
    });
  }

  isFolder(path: string): boolean {
    const own = this.own(path);
    return own === "" || [...this.texts.keys()].some((file) => file.startsWith(`${own}/`));
  }

  /** The path without its label, or its root. */
  private own(path: string): string {
    const start = `${this.label}:`;
    const bare = path.startsWith(start) ? path.slice(start.length) : path;
    return posix.normalize(`/${bare}`).slice(1).replace(/\/$/, "");
  }
}
