import type { SourceFile, SourceSpan } from "../../source/source-file.ts";

/**
 * Finds a file that a configuration names: `path` as it is written there, relative to what its server starts in, or to
 * `from`. A message fits after the path: `does not exist`.
 */
export type ReadServerFile = (path: string, from: SourceFile) => ServerFile;

/** Lists the files of a folder, by paths that `ReadServerFile` takes; `undefined`: there is no such folder. */
export type ListServerFiles = (folder: string, from: SourceFile) => readonly string[] | undefined;

export type ServerFile =
  | { readonly kind: "file"; readonly file: SourceFile }
  | { readonly kind: "problem"; readonly message: string };

/** What a text says, and what in it cannot be read. */
export interface ReadWith<T> {
  readonly read: T;
  readonly faults: readonly TextFault[];
}

/** A place that breaks the grammar; the rest is read all the same. */
export interface TextFault {
  readonly span: SourceSpan;
  /** A sentence without a full stop. */
  readonly message: string;
}
