import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { LocatedRecord } from "../record/rrset.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";

/** What a run needs to know that the text does not say. */
export interface ZoneFileOptions {
  /** Completes names without a trailing dot until an `$ORIGIN`. */
  readonly origin: DomainName;
  /** Seconds, for records that neither have a TTL nor follow one or a `$TTL`. */
  readonly defaultTtl?: number;
  /** The owner of every record: then no line names one, behind a blank or not. */
  readonly owner?: DomainName;
  /** Opens the file of an `$INCLUDE`; without this port each one is a problem. */
  readonly include?: IncludeFile;
  /** The most records that all `$GENERATE` of a run make; a million when absent. */
  readonly maxGenerated?: number;
}

/**
 * Finds an included file. `path` is as written, `span` is where; what it is relative to, and where it must lie, is the
 * port's to say. The message of a problem fits after "PATH ": `does not exist`.
 */
export type IncludeFile = (path: string, span: SourceSpan) => IncludedFile;

export type IncludedFile =
  | { readonly kind: "file"; readonly file: SourceFile }
  | { readonly kind: "problem"; readonly message: string };

/** Where what is read goes, while it is read. */
export interface ZoneFileSink {
  /** Called for each record in the order of the text, included files at their `$INCLUDE`. */
  record(record: LocatedRecord): void;
  readonly diagnostics: Diagnostics;
}

/** What a run found besides records. */
export interface ZoneFileSummary {
  /** How many records went to the sink. */
  readonly records: number;
  /** Of the first `$ORIGIN`. */
  readonly origin?: DomainName;
  /** Owner of the first SOA. */
  readonly soaOwner?: DomainName;
}
