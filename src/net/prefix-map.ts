import type { Address } from "./address.ts";
import { type Cidr, startsWithBits } from "./cidr.ts";

/** One prefix and what it stands for. */
export interface PrefixEntry<T> {
  readonly cidr: Cidr;
  readonly value: T;
}

/**
 * Values by prefix, found by the longest one that holds an address. IPv4 and IPv6 never mix.
 *
 * Plain data, so that it crosses threads by structured clone; the functions of this file are its doors.
 */
export interface PrefixMap<T> {
  readonly ipv4: PrefixTable<T>;
  readonly ipv6: PrefixTable<T>;
}

/**
 * The prefixes of one family, by first address, then the shorter first: each stands behind all that hold it, and what
 * lies inside a prefix follows it without a gap.
 */
interface PrefixTable<T> {
  readonly entries: readonly PrefixEntry<T>[];
  /** For each entry the index of the longest other prefix that holds it; -1 where there is none. */
  readonly parents: Int32Array;
}

/**
 * Builds the map.
 * @throws RangeError when a prefix is given twice: who wins is for the caller to say.
 */
export function buildPrefixMap<T>(entries: readonly PrefixEntry<T>[]): PrefixMap<T> {
  return { ipv4: buildTable(entries, 4), ipv6: buildTable(entries, 6) };
}

/** The entry of the longest prefix that holds `address`. */
export function longestPrefix<T>(map: PrefixMap<T>, address: Address): PrefixEntry<T> | undefined {
  return longestAround(map, address, address.octets.length * 8);
}

/** The entry of the longest prefix that holds the whole of `cidr`, which may be that prefix itself. */
export function containing<T>(map: PrefixMap<T>, cidr: Cidr): PrefixEntry<T> | undefined {
  return longestAround(map, cidr.address, cidr.length);
}

/** The entries whose prefix lies inside `cidr`, or is `cidr`; by first address, then the shorter first. */
export function within<T>(map: PrefixMap<T>, cidr: Cidr): PrefixEntry<T>[] {
  const { entries } = tableFor(map, cidr.address);
  const found: PrefixEntry<T>[] = [];
  for (let i = countBefore(entries, cidr.address, cidr.length - 1); i < entries.length; i++) {
    const entry = entries[i];
    if (entry === undefined || !startsWithBits(entry.cidr.address, cidr.address, cidr.length)) break;
    found.push(entry);
  }
  return found;
}

function buildTable<T>(all: readonly PrefixEntry<T>[], family: Address["family"]): PrefixTable<T> {
  const entries = all
    .filter(({ cidr }) => cidr.address.family === family)
    .sort((a, b) => comparePlaces(a.cidr, b.cidr.address, b.cidr.length));
  const parents = new Int32Array(entries.length).fill(-1);
  for (const [i, { cidr }] of entries.entries()) {
    let parent = i - 1; // The entry before, or one of those that hold it: nobody else can hold this one.
    for (; parent >= 0; parent = parents[parent] ?? -1) {
      const outer = entries[parent]?.cidr;
      if (outer === undefined || !startsWithBits(cidr.address, outer.address, outer.length)) continue;
      if (outer.length === cidr.length) throw new RangeError(`the prefix ${cidr.text} is given twice`);
      break;
    }
    parents[i] = parent;
  }
  return { entries, parents };
}

/** The longest prefix of at most `length` bits that `address` starts with. */
function longestAround<T>(map: PrefixMap<T>, address: Address, length: number): PrefixEntry<T> | undefined {
  const { entries, parents } = tableFor(map, address);
  // All prefixes that hold it stand at or before `at`, and those between the longest and `at` lie inside that one.
  let at = countBefore(entries, address, length) - 1;
  for (; at >= 0; at = parents[at] ?? -1) {
    const entry = entries[at];
    if (entry !== undefined && startsWithBits(address, entry.cidr.address, entry.cidr.length)) return entry;
  }
  return undefined;
}

function tableFor<T>(map: PrefixMap<T>, address: Address): PrefixTable<T> {
  return address.family === 4 ? map.ipv4 : map.ipv6;
}

/** How many entries stand at or before the place of `address` and `length`. */
function countBefore(entries: readonly PrefixEntry<unknown>[], address: Address, length: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && comparePlaces(entry.cidr, address, length) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function comparePlaces(cidr: Cidr, address: Address, length: number): number {
  const { octets } = cidr.address;
  for (let i = 0; i < octets.length; i++) {
    const difference = (octets[i] ?? 0) - (address.octets[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return cidr.length - length;
}
