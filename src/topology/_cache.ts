import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import { readFlag, readTtl } from "./_scalars.ts";
import type { Value, Written } from "./_value.ts";
import { CACHE_SIZE_WORDS, parseCacheSize } from "./cache-size.ts";
import type { CacheSettings } from "./model.ts";

/** Reads `order`: how the servers of one list are chosen. */
export const readOrder = choiceOf("listed", "fastest");

/** Reads `cache` of something; `what` is for sentences. What it takes of memory is said for all resolvers at once. */
export function readCache(
  value: Value | undefined,
  what: string,
  diagnostics: Diagnostics,
  { isShared = false } = {},
): CacheSettings | undefined {
  if (value === undefined) return undefined;
  const mapping = asMapping(value, `the cache of ${what}`, diagnostics, "keep");
  if (mapping === undefined) return undefined;
  const place = { what: `the cache of ${what}`, layers: [mapping], span: value.span };
  const reader = new ObjectReader("cache", place, diagnostics);
  const keep = reader.one("keep", readFlag);
  const size = reader.one("size", readSize);
  if (size !== undefined && !isShared) {
    const message = `size is no key of the cache of ${what}: the answers of all resolvers share one memory`;
    diagnostics.report("topology/unknown-key", message, reader.placeOf("size"), {
      hint: "write it in cache of public",
    });
  }
  const maxTtl = reader.one("maxTtl", readTtl);
  const maxNegativeTtl = reader.one("maxNegativeTtl", readTtl);
  const stale = reader.one("stale", readTtl);
  const prefetch = reader.one("prefetch", readFlag);
  return {
    ...(keep === undefined ? {} : { keep }),
    ...(size === undefined ? {} : { size }),
    ...(maxTtl === undefined ? {} : { maxTtl }),
    ...(maxNegativeTtl === undefined ? {} : { maxNegativeTtl }),
    ...(stale === undefined ? {} : { stale }),
    ...(prefetch === undefined ? {} : { prefetch }),
  };
}

function readSize({ text, span }: Written, diagnostics: Diagnostics): number | undefined {
  const octets = parseCacheSize(text);
  if (octets === undefined)
    diagnostics.report("topology/bad-value", `${text} is not a size of ${CACHE_SIZE_WORDS}`, span);
  return octets;
}
