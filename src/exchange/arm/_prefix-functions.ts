import { addressOf, parseAddress } from "../../net/address.ts";
import { type Cidr, cidrOf, parseCidr } from "../../net/cidr.ts";
import type { Value } from "../azure/value.ts";
import type { Making } from "./_making.ts";

/** What `parseCidr()` gives; `undefined` of what is no prefix. Masks and broadcast are words of IPv4. */
export function parsedCidr(text: string, make: Making): Value | undefined {
  const cidr = networkOf(text);
  if (cidr === undefined) return undefined;
  const width = cidr.address.octets.length * 8;
  const size = 1n << BigInt(width - cidr.length);
  const isShort = size <= 2n;
  const last = size - 1n;
  const entries: [string, string | undefined][] = [
    ["network", cidr.address.text],
    ["firstUsable", moved(cidr, isShort ? 0n : 1n)],
    ["lastUsable", moved(cidr, isShort || width > 32 ? last : last - 1n)],
  ];
  if (width === 32) entries.push(["netmask", netmask(cidr.length)], ["broadcast", moved(cidr, last)]);
  const known = entries.map(([key, value]) => [key, make.text(value ?? cidr.address.text)] as const);
  return make.map([...known, ["cidr", make.number(cidr.length)]]);
}

/** The text of the subnet of a length and a number, counted from 0; `undefined` where there is none. */
export function cidrSubnet(
  text: string,
  length: number | undefined,
  index: number | undefined,
  make: Making,
): Value | undefined {
  const cidr = networkOf(text);
  if (cidr === undefined || length === undefined || index === undefined) return undefined;
  const width = cidr.address.octets.length * 8;
  if (!Number.isInteger(length) || !Number.isInteger(index)) return undefined;
  if (length < cidr.length || length > width) return undefined;
  const start = moved(cidr, BigInt(index) << BigInt(width - length));
  const address = start === undefined ? undefined : parseAddress(start);
  return address === undefined ? undefined : make.text(cidrOf(address, length).text);
}

/** The address of a host by its number, counted from 0 behind the first address; `undefined` outside the prefix. */
export function cidrHost(text: string, index: number | undefined, make: Making): Value | undefined {
  const cidr = networkOf(text);
  if (cidr === undefined || index === undefined || !Number.isInteger(index)) return undefined;
  const address = moved(cidr, BigInt(index) + 1n);
  return address === undefined ? undefined : make.text(address);
}

/** The prefix that an address and a length lie in: here bits behind the length are no mistake. */
function networkOf(text: string): Cidr | undefined {
  const parsed = parseCidr(text);
  if (parsed.kind === "cidr") return parsed.cidr;
  const repaired = parseCidr(parsed.suggestion ?? "");
  return repaired.kind === "cidr" ? repaired.cidr : undefined;
}

/** The text of a mask of IPv4. */
function netmask(length: number): string {
  const octet = (i: number): number => 256 - (1 << (8 - Math.min(8, Math.max(0, length - i * 8))));
  return [0, 1, 2, 3].map(octet).join(".");
}

/** The text of the address that lies so far behind the start of a prefix; `undefined` outside it. */
function moved(cidr: Cidr, by: bigint): string | undefined {
  const size = 1n << BigInt(cidr.address.octets.length * 8 - cidr.length);
  if (by < 0n || by >= size) return undefined;
  let rest = by;
  const octets = cidr.address.octets.slice();
  for (let i = octets.length - 1; i >= 0; i--) {
    rest += BigInt(octets[i] ?? 0);
    octets[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return addressOf(octets).text;
}
