import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** An IPv4 or IPv6 address. Plain data; `text` is canonical (RFC 5952), so equal addresses have equal texts. */
export interface Address {
  readonly family: 4 | 6;
  readonly text: string;
  /** 4 or 16, network order. */
  readonly octets: Uint8Array;
}

/** An address and a port, as `ADDR:PORT` or `[ADDR]:PORT`. */
export interface AddressPort {
  readonly address: Address;
  readonly port: number;
}

/**
 * Reads an address strictly: `10.1` and `010.0.0.1` are none. IPv4-mapped IPv6 is the IPv4 address, and a zone index
 * (`fe80::1%eth0`) is dropped: it means something only on the machine that wrote it.
 */
export function parseAddress(text: string): Address | undefined {
  const bare = text.includes(":") ? text.replace(/%[\w.:~-]+$/, "") : text;
  if (bare.includes("%") || isIP(bare) === 0) return undefined;
  return addressOf(Uint8Array.from(ipaddr.parse(withoutDottedEnd(bare)).toByteArray()));
}

/** IPv6 with its last 32 bits as groups (RFC 4291 §2.2): given `::1.2.3.4`, ipaddr.js reads ::ffff:1.2.3.4. */
function withoutDottedEnd(text: string): string {
  if (!text.includes(":")) return text;
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_end, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.map((octet) => Number.parseInt(octet, 10));
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}

/**
 * An address that the program itself wrote.
 * @throws RangeError when the text is no address.
 */
export function knownAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new RangeError(`${text} is no address`);
  return address;
}

/**
 * The address of 4 or 16 octets, which are copied; IPv4-mapped IPv6 is the IPv4 address.
 * @throws RangeError for any other number of octets.
 */
export function addressOf(octets: Uint8Array): Address {
  if (octets.length !== 4 && octets.length !== 16) throw new RangeError(`an address of ${octets.length} octets`);
  const own = isMapped(octets) ? octets.slice(12) : octets.slice();
  return { family: own.length === 4 ? 4 : 6, text: ipaddr.fromByteArray([...own]).toString(), octets: own };
}

/** Whether 16 octets lie in ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
function isMapped(octets: Uint8Array): boolean {
  if (octets.length !== 16 || octets[10] !== 0xff || octets[11] !== 0xff) return false;
  return octets.subarray(0, 10).every((octet) => octet === 0);
}

/** `ADDR:PORT`, with brackets around IPv6. */
export function formatAddressPort({ address, port }: AddressPort): string {
  return address.family === 6 ? `[${address.text}]:${port}` : `${address.text}:${port}`;
}

/** Reads `ADDR`, `ADDR:PORT`, `[ADDR]` or `[ADDR]:PORT`, brackets around IPv6 only; a bare IPv6 address has no port. */
export function parseAddressPort(text: string, defaultPort: number): AddressPort | undefined {
  const bare = parseAddress(text);
  if (bare !== undefined) return { address: bare, port: defaultPort };
  const match = /^(?:\[([^\]]*:[^\]]*)\]|([^:]+))(?::(0|[1-9][0-9]{0,4}))?$/.exec(text);
  const address = parseAddress(match?.[1] ?? match?.[2] ?? "");
  const port = match?.[3] === undefined ? defaultPort : Number.parseInt(match[3], 10);
  return address === undefined || port > 65535 ? undefined : { address, port };
}

/** Whether the address is loopback: 127.0.0.0/8 or ::1. */
export function isLoopback(address: Address): boolean {
  return address.family === 4 ? address.octets[0] === 127 : address.text === "::1";
}

const PRIVATE_RANGES = new Set(["private", "loopback", "linkLocal", "carrierGradeNat", "uniqueLocal", "unspecified"]);

/** Whether the address is nobody's in public: RFC 1918, loopback, link-local, shared (RFC 6598), unique local, unspecified. */
export function isPrivateAddress(address: Address): boolean {
  return PRIVATE_RANGES.has(ipaddr.fromByteArray([...address.octets]).range());
}
