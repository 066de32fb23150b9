import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { asMapping, ObjectReader } from "./_object-reader.ts";
import { readFlag, readWithin } from "./_scalars.ts";
import type { Value } from "./_value.ts";
import type { RateLimitSettings } from "./model.ts";

const WHAT = "the rate limit of a listener";

const readRate = readWithin(1, 1_000_000, "replies a second");
const readSlip = readWithin(0, 100, "replies of which one goes out truncated");

/** What a listener says of how many replies strangers get: `false` where it is as many as they ask for. */
export function readRateLimit(
  value: Value | undefined,
  diagnostics: Diagnostics,
): RateLimitSettings | false | undefined {
  if (value === undefined) return undefined;
  const mapping = asMapping(value, WHAT, diagnostics, "limit");
  if (mapping === undefined) return undefined;
  const reader = new ObjectReader("rateLimit", { what: WHAT, layers: [mapping], span: value.span }, diagnostics);
  const limit = reader.one("limit", readFlag) ?? true;
  const responsesPerSecond = reader.one("responsesPerSecond", readRate);
  const allPerSecond = reader.one("allPerSecond", readRate);
  const slip = reader.one("slip", readSlip);
  if (!limit) return false;
  return {
    ...(responsesPerSecond === undefined ? {} : { responsesPerSecond }),
    ...(allPerSecond === undefined ? {} : { allPerSecond }),
    ...(slip === undefined ? {} : { slip }),
  };
}
