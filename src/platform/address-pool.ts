import { type Address, addressOf } from "../net/address.ts";
import { type Cidr, containsAddress } from "../net/cidr.ts";

/** The ends of a subnet that the platform keeps for itself. */
export interface ReservedEnds {
  readonly first: number;
  readonly last: number;
}

/**
 * Gives away the addresses of a subnet that are neither kept by the platform nor taken, the lowest first. What is taken is
 * looked at once, here; taken prefixes are stepped over whole, so a subnet may be as large as IPv6 makes it.
 */
export class FreeAddresses {
  private readonly octets: number;
  private readonly last: bigint;
  /** Ascending; those before `at` lie below `candidate`. */
  private readonly taken: readonly Range[];
  private at = 0;
  private candidate: bigint;

  constructor(subnet: Cidr, reserved: ReservedEnds, taken: Iterable<Cidr>) {
    const { first, last } = usableRange(subnet, reserved);
    this.octets = subnet.address.octets.length;
    this.candidate = first;
    this.last = last;
    this.taken = [...taken]
      .filter(({ address }) => address.family === subnet.address.family)
      .map(rangeOf)
      .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  }

  /** The next one; `undefined` when there is none left. */
  take(): Address | undefined {
    for (; this.at < this.taken.length; this.at++) {
      const range = this.taken[this.at];
      if (range === undefined || range.first > this.candidate) break;
      if (range.last >= this.candidate) this.candidate = range.last + 1n;
    }
    return this.candidate > this.last ? undefined : addressOf(octetsOf(this.candidate++, this.octets));
  }
}

/** The lowest of those. */
export function lowestFree(subnet: Cidr, reserved: ReservedEnds, taken: Iterable<Cidr>): Address | undefined {
  return new FreeAddresses(subnet, reserved, taken).take();
}

/** Whether an address of the subnet is one that the platform keeps. */
export function isReserved(subnet: Cidr, reserved: ReservedEnds, address: Address): boolean {
  if (!containsAddress(subnet, address)) return false;
  const { first, last } = usableRange(subnet, reserved);
  const value = numberOf(address);
  return value < first || value > last;
}

interface Range {
  readonly first: bigint;
  /** Included. */
  readonly last: bigint;
}

function usableRange(subnet: Cidr, reserved: ReservedEnds): Range {
  const { first, last } = rangeOf(subnet);
  return { first: first + BigInt(reserved.first), last: last - BigInt(reserved.last) };
}

function rangeOf({ address, length }: Cidr): Range {
  const first = numberOf(address);
  const bits = address.octets.length * 8 - length;
  return { first, last: first + (1n << BigInt(bits)) - 1n };
}

function numberOf({ octets }: Address): bigint {
  let value = 0n;
  for (const octet of octets) value = (value << 8n) | BigInt(octet);
  return value;
}

function octetsOf(value: bigint, length: number): Uint8Array {
  const octets = new Uint8Array(length);
  for (let i = length - 1, rest = value; i >= 0; i--, rest >>= 8n) octets[i] = Number(rest & 0xffn);
  return octets;
}
