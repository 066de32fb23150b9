import { type Address, addressOf, knownAddress, parseAddress } from "./address.ts";

/** A prefix: an address whose bits after `length` are zero. */
export interface Cidr {
  readonly address: Address;
  /** 0 to 32 or 128. */
  readonly length: number;
  /** Canonical: `10.0.0.0/16`. */
  readonly text: string;
}

/** What a text says as a prefix. */
export type ParsedCidr =
  | { readonly kind: "cidr"; readonly cidr: Cidr }
  /** `problem` fits after the text; `suggestion` is the prefix that was probably meant. */
  | { readonly kind: "problem"; readonly problem: string; readonly suggestion?: string };

/** Bits in front of the IPv4 address in an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2). */
const MAPPED_BITS = 96;

/**
 * Reads `ADDR/LENGTH`, or a bare address as a prefix of itself alone. Bits set after the length are a problem.
 * A prefix inside ::ffff:0:0/96 is the IPv4 prefix, as its addresses are IPv4 addresses.
 */
export function parseCidr(text: string): ParsedCidr {
  const [addressText = "", lengthText, ...rest] = text.split("/");
  const address = parseAddress(addressText);
  if (address === undefined || rest.length > 0) {
    return { kind: "problem", problem: "is no prefix: write ADDRESS/LENGTH" };
  }
  const bits = address.octets.length * 8;
  if (lengthText === undefined) return { kind: "cidr", cidr: cidrOf(address, bits) };
  const skipped = address.family === 4 && addressText.includes(":") ? MAPPED_BITS : 0;
  const length = /^(?:0|[1-9][0-9]{0,2})$/.test(lengthText) ? Number.parseInt(lengthText, 10) - skipped : -1;
  if (length < 0 || length > bits) {
    return { kind: "problem", problem: `has a length that is not ${skipped} to ${skipped + bits}` };
  }
  const cidr = cidrOf(address, length);
  return cidr.address.text === address.text
    ? { kind: "cidr", cidr }
    : { kind: "problem", problem: "has bits set after its length", suggestion: cidr.text };
}

/**
 * A prefix that the program itself wrote.
 * @throws RangeError when the text is no prefix.
 */
export function knownCidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed.kind === "problem") throw new RangeError(`${text} ${parsed.problem}`);
  return parsed.cidr;
}

/**
 * The prefix of `length` bits that holds `address`.
 * @throws RangeError when the address has fewer bits: for octets that may be IPv4-mapped, see `cidrOfOctets`.
 */
export function cidrOf(address: Address, length: number): Cidr {
  const bits = address.octets.length * 8;
  if (!Number.isInteger(length) || length < 0 || length > bits) throw new RangeError(`a prefix of ${length} bits`);
  const network = addressOf(keepBits(address.octets, length));
  return { address: network, length, text: `${network.text}/${length}` };
}

/**
 * The prefix of the first `length` bits of 4 or 16 octets. 96 and more bits of an IPv4-mapped address are the IPv4 prefix.
 * @throws RangeError for any other number of octets, and for a length that they do not have.
 */
export function cidrOfOctets(octets: Uint8Array, length: number): Cidr {
  const address = addressOf(octets);
  if (address.octets.length === octets.length) return cidrOf(address, length);
  if (length >= MAPPED_BITS) return cidrOf(address, length - MAPPED_BITS);
  // Not all of the bits that map belong to the prefix: what it keeps is an ordinary IPv6 address.
  return cidrOf(addressOf(keepBits(octets, Math.max(0, length))), length);
}

function keepBits(octets: Uint8Array, length: number): Uint8Array {
  return octets.map((octet, i) => octet & (0xff00 >> Math.min(8, Math.max(0, length - i * 8))));
}

/** Whether the prefix holds the whole of `inner`, or is the same. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.length <= inner.length && containsAddress(outer, inner.address);
}

/** Whether `address` lies in the prefix. */
export function containsAddress(cidr: Cidr, address: Address): boolean {
  return cidr.address.family === address.family && startsWithBits(address, cidr.address, cidr.length);
}

/** Whether two addresses of one family agree in their first `length` bits. */
export function startsWithBits(address: Address, prefix: Address, length: number): boolean {
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (address.octets[i] !== prefix.octets[i]) return false;
  const rest = 8 - (length & 7); // Bits of the last octet that do not count; 8 when it has none that do.
  return rest === 8 || ((address.octets[whole] ?? 0) ^ (prefix.octets[whole] ?? 0)) >> rest === 0;
}

/** 127.0.0.0/8 and ::1/128. */
export const LOOPBACK_PREFIXES: readonly Cidr[] = [
  cidrOf(knownAddress("127.0.0.0"), 8),
  cidrOf(knownAddress("::1"), 128),
];
