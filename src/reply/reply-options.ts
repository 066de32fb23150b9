import type { ClientSubnet } from "../message/client-subnet.ts";

/** What a listener, and who asks, decide of every reply. */
export interface ReplyOptions {
  /** Decides how much of ANY is answered (RFC 8482 §4.1). */
  readonly transport: "udp" | "tcp";
  /** An authoritative server answers: it speaks for its zones (AA), and does nothing for anybody else (no RA, no CD). */
  readonly authoritative?: true;
  /** The largest UDP message that this server takes, told in OPT; 1232 by default. */
  readonly udpSize?: number;
  /** Cap on TTLs, in seconds. */
  readonly maxTtl?: number;
  /** How much strangers are told of why: sentence and code, the code alone, nothing. `full` by default. */
  readonly extendedErrors?: "full" | "code" | "off";
  /**
   * Something that the client should know although it got an answer: the answer is public and an endpoint exists, its
   * client subnet was ignored. A sentence without a full stop.
   */
  readonly warning?: string;
  /**
   * For how many bits of the client subnet the answer holds (RFC 7871 §7.2.1). Without it the option is not echoed: it was
   * not honoured.
   */
  readonly subnetScope?: ClientSubnet["scopeLength"];
}
