import type { ResourceRecord, RRset } from "../record/rrset.ts";
import type { EdnsOption } from "./edns.ts";
import type { ExtendedError } from "./extended-errors.ts";
import type { Question } from "./question.ts";

/** Everything a reply says, before it is known how much of it fits. */
export interface ReplyParts {
  readonly id: number;
  readonly opcode: number;
  /** 12 bits; above 15 only with `edns`. */
  readonly rcode: number;
  readonly flags: ReplyFlags;
  /** Absent where it could not be read. Its class is that of the records. */
  readonly question?: Question;
  readonly answers: readonly RRset[];
  /** The SOA of a denial, or the NS set of a referral. */
  readonly authorities: readonly RRset[];
  /** Addresses that a referral is of no use without. */
  readonly glue: readonly RRset[];
  /** What may be left out. */
  readonly additionals: readonly RRset[];
  /** Present exactly when the query had OPT and OPT was not at fault. */
  readonly edns?: ReplyEdns;
  /** Comes last, when it fits. */
  readonly tsig?: ResourceRecord;
}

/** The flags that a reply chooses: QR is always set, TC when something needed does not fit. */
export interface ReplyFlags {
  readonly aa: boolean;
  readonly rd: boolean;
  readonly ra: boolean;
  readonly ad: boolean;
  readonly cd: boolean;
}

/** What a reply's OPT says. */
export interface ReplyEdns {
  /** The largest UDP message that this server takes. */
  readonly udpSize: number;
  /** Copied from the query (RFC 3225 §3). */
  readonly dnssecOk: boolean;
  /** Kept before any record, in this order. */
  readonly options: readonly EdnsOption[];
  /** Which server this is, for whoever wanted to know; never at the cost of a record. */
  readonly serverId?: EdnsOption;
  /** Gets what room is left. */
  readonly extendedError?: ExtendedError;
}
