import type { DomainName } from "./domain-name.ts";

/**
 * Values by domain, found by the longest suffix of a name, on whole labels and with case folded.
 * A plain `Map` from `DomainName.key`, so it can be shared and cloned; these functions are its doors.
 */
export type SuffixMap<T> = ReadonlyMap<string, T>;

/** The value of the longest domain at or above `name`. */
export function longestSuffix<T>(map: SuffixMap<T>, name: DomainName): T | undefined {
  if (map.size === 0) return undefined;
  for (let count = 0, offset = 0; count <= name.labels.length; count++) {
    const value = map.get(offset === 0 ? name.key : name.key.slice(offset));
    if (value !== undefined) return value;
    offset += 1 + name.key.charCodeAt(offset);
  }
  return undefined;
}
