import type { ResourceRecord } from "../record/rrset.ts";
import type { Edns } from "./edns.ts";
import type { HeaderFlags } from "./header.ts";
import type { Question } from "./question.ts";

/** A whole message, as a client reads it. */
export interface Message {
  readonly id: number;
  readonly opcode: number;
  /** 12 bits: those of the header and those of OPT. */
  readonly rcode: number;
  readonly flags: HeaderFlags;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  /** Without OPT. */
  readonly additionals: readonly ResourceRecord[];
  /** Absent when there was no OPT. */
  readonly edns?: Edns;
}
