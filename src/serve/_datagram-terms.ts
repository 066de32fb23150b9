import { setImmediate as nextTurn } from "node:timers/promises";
import type { DatagramCounts } from "./datagram-door.ts";

/** Octets asked of the system for datagrams that wait, where nobody says how many. */
export const DEFAULT_RECEIVE_BUFFER = 4 * 1024 * 1024;
/** How long a door that closes waits for replies in flight, where nobody says. */
export const DEFAULT_DRAIN_MS = 5000;
/** Octets of replies that may wait in this process once the system takes no more. */
export const MAX_QUEUED_OCTETS = 4 * 1024 * 1024;
/** Turns of the event loop in which a door that closes still reads: each takes a batch, of 32 datagrams or more. */
const DRAIN_TURNS = 256;

/** Of a door that has just been opened. */
export function noCounts(): DatagramCounts {
  return { received: 0, sent: 0, fromPortZero: 0, sendErrors: 0, dropped: 0, socketErrors: 0 };
}

/** Settles once what had arrived was read, or at a moment of `performance.now()`. */
export async function arrivedIsRead(counts: Readonly<DatagramCounts>, until: number): Promise<void> {
  for (let turn = 0; turn < DRAIN_TURNS && performance.now() < until; turn++) {
    const before = counts.received;
    await nextTurn();
    await nextTurn(); // Between two of these the sockets are read once.
    if (counts.received === before) return;
  }
}
