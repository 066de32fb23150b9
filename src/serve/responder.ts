import type { Address, AddressPort } from "../net/address.ts";

/** Who sent a query, and where it arrived. */
export interface Peer {
  readonly transport: "udp" | "tcp";
  readonly address: Address;
  readonly port: number;
  /** The address and port that were asked; the reply leaves from there. */
  readonly local: AddressPort;
  /** Over TCP, how long the connection may be idle from now on, in milliseconds; 0 when it may be ended at once. */
  readonly idleMs?: number;
}

/** The octets of a reply; nothing when the query is to be ignored. */
export type Answer = Uint8Array | undefined;

/**
 * Makes the reply to one message. The sockets call it and know nothing of DNS but the framing.
 *
 * What it returns is sent at once, in the same turn and without a microtask; what it promises is sent when it comes, and
 * queries that come meanwhile overtake it. At most one reply to a message is possible, and a socket knows what it still
 * waits for. A promise must settle: the sockets give up on connections, not on promises.
 *
 * The query's octets belong to the socket and may be overwritten after the call returns: copy what a promise needs. The
 * reply's octets are sent or copied before the socket runs other code, so a reply may be written into one buffer again
 * and again.
 */
export type Responder = (octets: Uint8Array, from: Peer) => Answer | Promise<Answer>;

/** Told of what a responder threw or rejected with: a bug, to be logged with its stack. */
export type OnFault = (error: unknown) => void;

/**
 * Calls a responder so that no bug in it reaches the socket: what it throws or rejects with goes to `onFault` and counts
 * as no reply, and the promise that comes back never rejects.
 */
export function respondSafely(
  respond: Responder,
  octets: Uint8Array,
  from: Peer,
  onFault: OnFault,
): Answer | Promise<Answer> {
  try {
    const answer = respond(octets, from);
    if (answer === undefined || answer instanceof Uint8Array) return answer;
    return answer.then(undefined, (error: unknown) => {
      tell(onFault, error);
      return undefined;
    });
  } catch (error) {
    tell(onFault, error);
    return undefined;
  }
}

/** A listener of bugs may have one too: there is nobody left to tell. */
export function tell<T>(listener: ((event: T) => void) | undefined, event: T): void {
  try {
    listener?.(event);
  } catch {
    // The next packet is answered all the same.
  }
}
