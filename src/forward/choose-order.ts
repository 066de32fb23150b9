import type { Random } from "../client/ask.ts";
import type { ServerOrder } from "../topology/model.ts";
import type { NamedServer } from "./inquiry.ts";

/** In one of so many questions another server than the fastest comes first, so that its round trip stays known. */
export const LOOK_AGAIN = 32;

/** The servers in the order in which one question is put to them: as listed, or the shortest round trip first. */
export function chooseOrder(
  servers: readonly NamedServer[],
  order: ServerOrder,
  random: Random,
): readonly NamedServer[] {
  if (order === "listed" || servers.length < 2) return servers;
  // One whose round trip is not known comes first: it is known then.
  const sorted = servers.toSorted((a, b) => (a.server.health.roundTripMs ?? 0) - (b.server.health.roundTripMs ?? 0));
  if (random(LOOK_AGAIN) !== 0) return sorted;
  const [looked] = sorted.splice(1 + random(sorted.length - 1), 1);
  return looked === undefined ? sorted : [looked, ...sorted];
}
