import type { CacheLine } from "../forward/answer-cache.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { ReadyStore } from "../serve/ready-store.ts";

/** Answers of real servers that are kept. */
export interface CacheListing {
  readonly octets: number;
  readonly maxOctets: number;
  readonly lines: readonly CacheLine[];
  /** How many more there are than were wanted. */
  readonly more: number;
}

/** Who knows what is kept of real servers' answers, in this process or in several. */
export interface CacheDesk {
  /** At most so many of those at or below a name, or of all. */
  list(below: DomainName | undefined, limit: number): CacheListing | Promise<CacheListing>;
  /** Forgets those at or below a name and all that lead through one; says how many. */
  flush(below: DomainName): number | Promise<number>;
}

/** The desk of one process. */
export function cacheDeskOf(forwarder: Forwarder, ready: ReadyStore, now: () => number): CacheDesk {
  return {
    list(below, limit) {
      const lines: CacheLine[] = [];
      let more = 0;
      for (const line of forwarder.cache.list(now(), below)) {
        if (lines.length < limit) lines.push(line);
        else more += 1;
      }
      const { octets, maxOctets } = forwarder.cache;
      return { octets, maxOctets, lines, more };
    },
    flush(below) {
      const flushed = forwarder.flush(below);
      ready.clear(); // Some replies were made of them.
      return flushed;
    },
  };
}

/** What several processes keep: each for itself, so an answer may be there once for each. */
export function listingOfAll(listings: readonly CacheListing[], limit: number): CacheListing {
  const sum = (of: (listing: CacheListing) => number): number => listings.reduce((total, one) => total + of(one), 0);
  const lines = listings.flatMap((one) => one.lines);
  return {
    octets: sum(({ octets }) => octets),
    maxOctets: sum(({ maxOctets }) => maxOctets),
    lines: lines.slice(0, limit),
    more: sum(({ more }) => more) + Math.max(0, lines.length - limit),
  };
}
