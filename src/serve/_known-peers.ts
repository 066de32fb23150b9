import { type Address, type AddressPort, addressOf } from "../net/address.ts";
import type { Peer } from "./responder.ts";

/** Clients that are remembered, and their addresses: a power of two. */
const ROWS = 2048;
/** 32-bit words of a `sockaddr_in` that tell it from others, and of a `sockaddr_in6`. */
const WORDS = { 4: 2, 6: 7 } as const;
const MAX_WORDS = 7;

/**
 * Peers by the octets of their `sockaddr`, so that no text and no object is made for a client's second datagram. Each has
 * one place, and whoever comes later takes it: a flood of forged sources costs no memory.
 */
export class KnownPeers {
  private readonly names: Int32Array;
  private readonly octets: Uint8Array;
  private readonly local: AddressPort;
  private readonly words: number;
  private readonly rows = new Int32Array(ROWS * MAX_WORDS);
  private readonly peers: (Peer | undefined)[] = Array.from({ length: ROWS }, () => undefined);
  private readonly addresses: (Address | undefined)[] = Array.from({ length: ROWS }, () => undefined);

  /** `memory` from `offset` on are the names, read anew at each call. */
  constructor(memory: ArrayBuffer, offset: number, length: number, local: AddressPort) {
    this.names = new Int32Array(memory, offset, length / 4);
    this.octets = new Uint8Array(memory, offset, length);
    this.local = local;
    this.words = WORDS[local.address.family];
  }

  /** The peer whose name begins at an octet of the names. */
  at(octet: number): Peer {
    const { names, rows, words } = this;
    const from = octet >> 2;
    let hash = 0;
    for (let i = 0; i < words; i++) hash = Math.imul(hash ^ (names[from + i] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
    const row = (hash ^ (hash >>> 16)) & (ROWS - 1);
    const known = this.peers[row];
    let isSame = known !== undefined;
    for (let i = 0; i < words; i++) isSame &&= rows[row * MAX_WORDS + i] === names[from + i];
    if (known !== undefined && isSame) return known;
    for (let i = 0; i < words; i++) rows[row * MAX_WORDS + i] = names[from + i] ?? 0;
    const port = this.portAt(octet);
    const learnt = { transport: "udp", address: this.addressAt(octet), port, local: this.local } as const;
    this.peers[row] = learnt;
    return learnt;
  }

  /** In network order behind the family, in both kinds of name. */
  portAt(octet: number): number {
    return ((this.octets[octet + 2] ?? 0) << 8) | (this.octets[octet + 3] ?? 0);
  }

  /** A client that asks from another port each time has one address all the same. */
  private addressAt(octet: number): Address {
    const isSix = this.local.address.family === 6;
    const octets = this.octets.subarray(octet + (isSix ? 8 : 4), octet + (isSix ? 24 : 8));
    let hash = 0;
    for (const one of octets) hash = Math.imul(hash ^ one, 0x01000193);
    const row = (hash ^ (hash >>> 16)) & (ROWS - 1);
    const known = this.addresses[row];
    if (known !== undefined && known.octets.every((one, i) => one === octets[i])) return known;
    const learnt = addressOf(octets);
    this.addresses[row] = learnt;
    return learnt;
  }
}
