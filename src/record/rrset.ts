import type { DomainName } from "../name/domain-name.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { RecordType } from "./record-type.ts";

/** One record of a message. */
export interface ResourceRecord {
  readonly owner: DomainName;
  readonly type: RecordType;
  readonly class: number;
  /** Seconds, 0 to 2^31-1. */
  readonly ttl: number;
  /** Wire form, names in it uncompressed and in the case they were written. */
  readonly rdata: Uint8Array;
}

/** The records of one owner, type and class IN, in the order of the file; never empty. */
export interface RRset {
  readonly owner: DomainName;
  readonly type: RecordType;
  /** Seconds, one for the whole set (RFC 2181 §5.2). */
  readonly ttl: number;
  /** As in `ResourceRecord.rdata`, one or more. */
  readonly rdatas: readonly Uint8Array[];
  /** Where the records were written or declared; absent for what was made of nothing in a file. */
  readonly places?: readonly SourceSpan[];
}

/** A record as it was written, with where. Class IN. */
export interface LocatedRecord {
  readonly owner: DomainName;
  readonly type: RecordType;
  readonly ttl: number;
  readonly rdata: Uint8Array;
  /** From the entry's first token (its type where the owner was left out) to the end of its rdata. */
  readonly span: SourceSpan;
}
