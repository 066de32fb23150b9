/**
 * Addresses of records as text. Apart from `net/address.ts` because rdata keeps what that folds: AAAA holds 16 octets,
 * IPv4-mapped ones too, and nothing else may stand there; and because a zone of a million addresses is read here.
 */

const DOT = 0x2e;
const COLON = 0x3a;

/** Reads four decimal octets, strictly: `10.1` and `010.0.0.1` are no address. The result is unsigned, 32 bits. */
export function parseIpv4(text: string): number | undefined {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return undefined;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      continue;
    }
    if (code < 0x30 || code > 0x39 || (digits > 0 && octet === 0)) return undefined;
    octet = octet * 10 + code - 0x30;
    digits += 1;
    if (octet > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined;
}

/** Reads the text forms of RFC 4291 §2.2 into eight groups of 16 bits; a zone index (`%eth0`) is refused. */
export function parseIpv6(text: string): number[] | undefined {
  const groups: number[] = [];
  let gap = -1; // How many groups stand before `::`.
  let at = 0;
  if (text.startsWith("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    const start = at;
    let group = 0;
    for (let digit = hexDigit(text.charCodeAt(at)); digit !== -1; digit = hexDigit(text.charCodeAt(at))) {
      group = (group << 4) | digit;
      at += 1;
    }
    if (text.charCodeAt(at) === DOT) {
      const ipv4 = parseIpv4(text.slice(start));
      if (ipv4 === undefined) return undefined;
      groups.push(ipv4 >>> 16, ipv4 & 0xffff);
      break;
    }
    if (at === start || at > start + 4 || groups.length === 8) return undefined;
    groups.push(group);
    if (at === text.length) break;
    if (text.charCodeAt(at) !== COLON) return undefined;
    at += 1;
    if (at === text.length) return undefined;
    if (text.charCodeAt(at) !== COLON) continue;
    if (gap !== -1) return undefined;
    gap = groups.length;
    at += 1;
  }
  if (gap === -1) return groups.length === 8 ? groups : undefined;
  if (groups.length > 7) return undefined;
  groups.splice(gap, 0, ...Array<number>(8 - groups.length).fill(0));
  return groups;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** Writes the 32 bits of an IPv4 address. */
export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
}

/** Writes eight groups in the one form of RFC 5952 §4; IPv4-mapped addresses end in IPv4 (§5). */
export function formatIpv6(groups: readonly number[]): string {
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return `::ffff:${formatIpv4((groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0))}`;
  const { start, length } = longestZeros(groups);
  if (length < 2) return hexGroups(groups);
  return `${hexGroups(groups.slice(0, start))}::${hexGroups(groups.slice(start + length))}`;
}

function hexGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

/** The longest run of zero groups, the first of equals (RFC 5952 §4.2.3). */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > longest.length) longest = { start, length: i + 1 - start };
  }
  return longest;
}
