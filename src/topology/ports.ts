import type { DomainName } from "../name/domain-name.ts";
import type { SourceFile } from "../source/source-file.ts";

/** What reading a topology needs of the world. Paths are as written: relative to the file `from` that they stand in. */
export interface TopologyPorts {
  /** Reads another topology of the project, or a file of expectations. */
  read(path: string, from: SourceFile): FileResult;
  /**
   * The files that fit a pattern (`*` within a folder, `**` any folders), as paths that `read` takes with the same `from`.
   * A zone folder asks for every `*.zone` below FOLDER as `FOLDER/**` + `/*.zone`.
   */
  list(pattern: string, from: SourceFile): readonly string[];
  /** The origin that a zone file gives itself: an absolute `$ORIGIN` or the owner of its SOA. */
  originOf(path: string, from: SourceFile): OriginResult;
}

/** Without an origin when the file does not say. */
export type OriginResult =
  | { readonly kind: "origin"; readonly origin?: DomainName }
  | { readonly kind: "problem"; readonly message: string };

export type FileResult =
  | { readonly kind: "file"; readonly file: SourceFile }
  /** `message` fits after "PATH ": `does not exist`. */
  | { readonly kind: "problem"; readonly message: string };
