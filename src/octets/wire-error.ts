/** What can be wrong with octets from a peer. */
export type WireProblem =
  | "message-too-short"
  | "reserved-label-type"
  | "pointer-not-backwards"
  | "pointer-into-header"
  | "too-many-pointers"
  | "name-too-long"
  | "rdata-length"
  | "rdata-malformed"
  | "option-malformed"
  | "opt-malformed";

/** Thrown by readers when octets are not what the RFCs say; caught once, where a message comes in. */
export class WireError extends Error {
  readonly problem: WireProblem;
  /** Counted from the start of the octets that were read. */
  readonly offset: number;

  constructor(problem: WireProblem, offset: number) {
    super(`${problem} at octet ${offset}`);
    this.name = "WireError";
    this.problem = problem;
    this.offset = offset;
  }
}
