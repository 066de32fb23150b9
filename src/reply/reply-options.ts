import type { OptFacts } from "./reply-edns.ts";

/** What a listener, and who asks, decide of every reply. */
export interface ReplyOptions extends OptFacts {
  /** Decides how much of ANY is answered (RFC 8482 §4.1). */
  readonly transport: "udp" | "tcp";
  /** An authoritative server answers: it speaks for its zones (AA), and does nothing for anybody else (no RA, no CD). */
  readonly authoritative?: true;
  /** Cap on TTLs, in seconds. */
  readonly maxTtl?: number;
  /**
   * Something that the client should know although it got an answer: the answer is public and an endpoint exists, its
   * client subnet was ignored. A sentence without a full stop.
   */
  readonly warning?: string;
}
