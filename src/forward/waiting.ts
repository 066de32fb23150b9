import type { Exchange } from "../client/exchange.ts";
import type { SentQuery } from "./sent-query.ts";

/** What ended the wait for a datagram: the question may have come back in letters of another case, and is not believed then. */
export type DatagramEnd = Exchange | { readonly kind: "other-case" };

/** One query that was sent and has no reply yet. */
export interface Waiting<End> {
  readonly query: SentQuery;
  /** Called once, unless it was cancelled. */
  readonly end: (end: End) => void;
}

/** Forgets a query: its reply is thrown away. Of one that has ended it does nothing. */
export type Cancel = () => void;

/** Sends queries to one server by one transport. */
export interface Way<End> {
  /** Sends a query under an id of its own. Ends at the earliest after it returns. */
  ask(query: SentQuery, end: (end: End) => void): Cancel;
  /** Lets go of the sockets: those with queries under way as soon as these have ended or were cancelled. */
  close(): void;
}
