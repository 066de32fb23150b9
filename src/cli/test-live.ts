import { CACHE_RULES } from "../forward/cache-rules.ts";
import { Forwarder } from "../forward/forwarder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** The port to the real servers of a model, for one run. Close it when nobody asks any more. */
export function openLiveServers({ topology }: Snapshot, random: (below: number) => number): Forwarder {
  return new Forwarder({
    random,
    now: () => performance.now(),
    rulesOf: (asker) => ({ ...CACHE_RULES, ...(topology.resolvers.get(asker)?.cache ?? topology.publicData.cache) }),
    onChange: () => undefined, // Who is down is told by what failed.
  });
}
