import type { DomainName } from "../name/domain-name.ts";
import type { SourceFile } from "../source/source-file.ts";

/** What reading a topology needs of the world. Paths are as written: relative to the file `from` that they stand in. */
export interface TopologyPorts {
  /** Reads another file of the project: topologies are `unicode`, zone files `octets`. */
  read(path: string, from: SourceFile, encoding: SourceFile["encoding"]): FileResult;
  /**
   * The files that fit a pattern (`*` within a folder, `**` any folders), as paths that `read` takes with the same `from`.
   * A zone folder asks for every `*.zone` below FOLDER as `FOLDER/**` + `/*.zone`.
   */
  list(pattern: string, from: SourceFile): readonly string[];
  /** The origin that a zone file gives itself: an absolute `$ORIGIN` or the owner of its SOA. */
  originOf(file: SourceFile): DomainName | undefined;
}

export type FileResult =
  | { readonly kind: "file"; readonly file: SourceFile }
  /** `message` fits after "PATH ": `does not exist`. */
  | { readonly kind: "problem"; readonly message: string };
