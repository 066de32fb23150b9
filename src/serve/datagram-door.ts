import type { AddressPort } from "../net/address.ts";
import type { ListenProblem } from "./listen-problem.ts";
import type { OnFault, Responder } from "./responder.ts";

/** What to listen on for datagrams, and whom to ask for replies. */
export interface DatagramOptions {
  /** One address, never a wildcard: a reply must leave from the address that was asked. Port 0 = any free one. */
  readonly at: AddressPort;
  /** The interface of a link-local IPv6 address, which is not unique without it. */
  readonly zone?: string;
  /** An open socket at that address to take over, by its descriptor; it is closed with the door. */
  readonly descriptor?: number;
  /** Octets asked of the system at most for datagrams that wait; 4 MiB holds about a quarter of a second of hard traffic. */
  readonly receiveBuffer?: number;
  /** Whether other processes of ours open the same address: the system then gives each client to one of them (SO_REUSEPORT). */
  readonly sharesPorts?: boolean;
  readonly respond: Responder;
  readonly onFault: OnFault;
  /** Told of each reply that could not be sent, and of what the socket reports: perhaps at the rate of packets. */
  readonly onError?: (error: Error) => void;
}

/**
 * An open datagram socket, whatever engine moves its datagrams. The query flow sees only the `Responder`, so an engine
 * that reads and writes many datagrams per system call can take the place of `openUdp`.
 */
export interface DatagramDoor {
  readonly kind: "open";
  /** With the port that was given for 0. */
  readonly at: AddressPort;
  /**
   * Octets that the system grants for datagrams that wait: less than asked where its limit is lower, and less for a while where
   * they would wait too long.
   */
  readonly receiveBuffer: number;
  readonly counts: Readonly<DatagramCounts>;
  /**
   * Answers what has arrived and what is in flight, then closes. Never rejects.
   * Replies that take longer than `drainMs` (5 s) are dropped.
   */
  close(drainMs?: number): Promise<void>;
}

export interface DatagramCounts {
  /** Datagrams that arrived. */
  received: number;
  /** Replies handed to the system without an error that it told. */
  sent: number;
  /** Datagrams from port 0, where nobody can be answered. */
  fromPortZero: number;
  /** Replies that the system refused: too long, no route, forbidden. */
  sendErrors: number;
  /** Replies dropped because the system took no more for too long. */
  dropped: number;
  /** What the socket reported beside replies. */
  socketErrors: number;
}

/** Opens a datagram socket, or says why it cannot. Never rejects. */
export type OpenDatagrams = (options: DatagramOptions) => Promise<DatagramDoor | ListenProblem>;
