import { type Address, addressOf, parseAddress } from "../net/address.ts";

/** A client's address, and what sending to it taught. */
export interface KnownAddress {
  readonly address: Address;
  /** Whether the next datagram to it should say how it went: not known yet, or the last one failed. */
  doubtful: boolean;
}

const UNREADABLE = addressOf(new Uint8Array(4));

/**
 * Addresses by the text that the sockets give, so that a client's second packet parses nothing.
 * Holds at most `capacity` of them: a flood of forged sources empties it and costs no memory.
 */
export class AddressCache {
  private readonly known = new Map<string, KnownAddress>();
  private readonly capacity: number;

  constructor(capacity = 8192) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.known.size;
  }

  get(text: string): KnownAddress {
    const known = this.known.get(text);
    return known === undefined ? this.learn(text) : known;
  }

  private learn(text: string): KnownAddress {
    if (this.known.size >= this.capacity) this.known.clear();
    // The system writes addresses that can be read; 0.0.0.0 is nobody's, should it ever not.
    const learnt = { address: parseAddress(text) ?? UNREADABLE, doubtful: true };
    this.known.set(text, learnt);
    return learnt;
  }
}
