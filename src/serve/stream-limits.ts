import { MAX_MESSAGE_OCTETS } from "../transport/stream-framing.ts";

/** What a peer may take of us over TCP. Every field is at least 1. */
export interface StreamLimits {
  /** Connections of one `ConnectionBook`. One more ends the connection that has been idle longest, or is refused. */
  readonly connections: number;
  /** Connections from one address; one more is refused. */
  readonly connectionsPerClient: number;
  /** Queries of one connection that wait for a promised reply; nothing more is read until one has come. */
  readonly inFlight: number;
  /** Octets of replies that wait for the peer to read; nothing more is answered until they have gone. */
  readonly unsentOctets: number;
  /** The longest query. A longer one ends the connection after the replies to those before it. */
  readonly queryOctets: number;
  /** From the connection to its first whole query. */
  readonly firstQueryMs: number;
  /** Without a whole query coming in or replies going out, while no reply is promised. */
  readonly idleMs: number;
  /** Without a whole query coming in or replies going out, while a reply is promised. */
  readonly answerMs: number;
  /** From our end of a connection to the peer's. */
  readonly lingerMs: number;
}

/**
 * `idleMs`: RFC 7766 §6.2.3 asks for "the order of a few seconds", RFC 9210 §4.1 leaves the number to the server; 10 s is
 * Knot's, and reuse pays for it. `firstQueryMs` is shorter: who connects has something to ask. Whole queries count, not
 * octets, so a query that drips in gains no time. `connectionsPerClient` is high because a container gateway or a NAT is
 * one address; `connections` stays under 1,024, the usual limit on open files, with room for everything else. `unsentOctets` is what the process
 * holds beside what the system does, some megabytes: what it holds goes out in one turn of the event loop, for every connection that
 * its peer reads again.
 */
export const STREAM_LIMITS: StreamLimits = {
  connections: 800,
  connectionsPerClient: 200,
  inFlight: 100,
  unsentOctets: 64 * 1024,
  queryOctets: MAX_MESSAGE_OCTETS,
  firstQueryMs: 5000,
  idleMs: 10_000,
  answerMs: 30_000,
  lingerMs: 500,
};
