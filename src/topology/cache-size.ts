import { parseNumber } from "../record/text/number-text.ts";

/** Octets of kept answers, at least and at most: a heap has an end, and the answers share it with the model. */
const CACHE_SIZE = { least: 64 * 1024, most: 2 * 1024 ** 3 } as const;

/** What a text that is no size of a cache is not, in words for behind "is not". */
export const CACHE_SIZE_WORDS = "64KiB to 2GiB, as in 32MiB";

const UNITS = new Map([
  ["", 1],
  ["kib", 1024],
  ["mib", 1024 ** 2],
  ["gib", 1024 ** 3],
]);

/** Octets, plain or with a unit: `33554432`, `32MiB`; `undefined` for other text and for sizes that no cache may have. */
export function parseCacheSize(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^([0-9]+)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = UNITS.get(unit.toLowerCase());
  const count = parseNumber(digits, CACHE_SIZE.most);
  if (factor === undefined || count === undefined) return undefined;
  const octets = count * factor;
  return octets >= CACHE_SIZE.least && octets <= CACHE_SIZE.most ? octets : undefined;
}
