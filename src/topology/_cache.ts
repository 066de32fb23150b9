import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import { readFlag, readTtl } from "./_scalars.ts";
import type { Value } from "./_value.ts";
import type { CacheSettings } from "./model.ts";

/** Reads `order`: how the servers of one list are chosen. */
export const readOrder = choiceOf("listed", "fastest");

/** Reads `cache` of something; `what` is for sentences. */
export function readCache(value: Value | undefined, what: string, diagnostics: Diagnostics): CacheSettings | undefined {
  if (value === undefined) return undefined;
  const mapping = asMapping(value, `the cache of ${what}`, diagnostics, "keep");
  if (mapping === undefined) return undefined;
  const place = { what: `the cache of ${what}`, layers: [mapping], span: value.span };
  const reader = new ObjectReader("cache", place, diagnostics);
  const keep = reader.one("keep", readFlag);
  const maxTtl = reader.one("maxTtl", readTtl);
  const maxNegativeTtl = reader.one("maxNegativeTtl", readTtl);
  const stale = reader.one("stale", readTtl);
  const prefetch = reader.one("prefetch", readFlag);
  return {
    ...(keep === undefined ? {} : { keep }),
    ...(maxTtl === undefined ? {} : { maxTtl }),
    ...(maxNegativeTtl === undefined ? {} : { maxNegativeTtl }),
    ...(stale === undefined ? {} : { stale }),
    ...(prefetch === undefined ? {} : { prefetch }),
  };
}
