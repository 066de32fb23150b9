import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import type { FileAccess, FileIdentity, ReadFile } from "./project-files.ts";

/** The files of a project with other texts in some of them: what a change would come to, before it is made. */
export class EditedFiles implements FileAccess {
  private readonly files: FileAccess;
  private readonly shownFrom: string;
  private readonly texts: ReadonlyMap<string, string>;

  /** `texts` by absolute path, as they would be decoded; paths are relative to `shownFrom`. */
  constructor(files: FileAccess, shownFrom: string, texts: ReadonlyMap<string, string>) {
    this.files = files;
    this.shownFrom = shownFrom;
    this.texts = texts;
  }

  open(path: string, encoding: SourceFile["encoding"]): ReadFile {
    const text = this.texts.get(resolve(this.shownFrom, path));
    if (text === undefined) return this.files.open(path, encoding);
    return { kind: "file", file: sourceFile(this.files.show(resolve(this.shownFrom, path)), text, encoding) };
  }

  identify(path: string): FileIdentity {
    const text = this.texts.get(resolve(this.shownFrom, path));
    if (text === undefined) return this.files.identify(path);
    return { kind: "contents", digest: createHash("sha256").update(text).digest("hex") };
  }

  release(path: string): void {
    this.files.release(path);
  }

  show(path: string): string {
    return this.files.show(path);
  }

  list(pattern: string): string[] {
    return this.files.list(pattern);
  }

  isFolder(path: string): boolean {
    return this.files.isFolder(path);
  }
}
