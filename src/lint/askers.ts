import { findTarget, serversOf } from "../resolve/targets.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";
import type { Target } from "../topology/model.ts";

/** Networks whose clients get the same answer to every question. */
export interface Asker {
  /** In file order; the first one speaks for all. */
  readonly networks: readonly string[];
  readonly first: string;
  /** The resolvers that their clients are given, in order, as far as somebody is there. */
  readonly resolvers: readonly SimulatedResolver[];
}

/**
 * Puts networks together that cannot differ: they use the same declared resolvers, or their own platform resolvers see the same
 * zones and obey no rules. Of a large estate with a few designs few are left.
 */
export function askersOf(snapshot: Snapshot): readonly Asker[] {
  const classes = new Map<string, { networks: string[]; first: string; resolvers: readonly SimulatedResolver[] }>();
  for (const network of snapshot.topology.networks.keys()) {
    const resolvers = givenResolvers(snapshot, network);
    const key = classKey(snapshot, network, resolvers);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { networks: [network], first: network, resolvers });
    else known.networks.push(network);
  }
  return [...classes.values()];
}

/** The resolvers that the clients of a network ask, in the order that they would. */
export function givenResolvers(snapshot: Snapshot, network: string, host?: string): readonly SimulatedResolver[] {
  const servers = serversOf(snapshot, network, host);
  if (servers.length === 0) {
    const own = snapshot.resolvers.get(platformKey(network));
    return own === undefined ? [] : [own];
  }
  return servers.flatMap((server) => resolversBehind(snapshot, server, network));
}

/** The resolver at a target, seen from a network; none where nobody answers. */
export function resolversBehind(snapshot: Snapshot, target: Target, from: string | undefined): SimulatedResolver[] {
  const found = findTarget(snapshot, target, from);
  switch (found.kind) {
    case "resolver":
      return [found.resolver];
    case "internet":
      return [snapshot.internetResolver];
    case "servers":
      return found.targets.flatMap((one) => (one.kind === "network" ? [] : resolversBehind(snapshot, one, from)));
    case "nobody":
      return [];
  }
}

function classKey(snapshot: Snapshot, network: string, resolvers: readonly SimulatedResolver[]): string {
  const [first] = resolvers;
  if (first === undefined || resolvers.length > 1) return `${network}\n${resolvers.map(({ key }) => key).join(" ")}`;
  const isOwn = first.key === platformKey(network);
  return isOwn
    ? viewKey(snapshot, network, first)
    : `resolver ${first.key} of ${network === first.network ? network : "others"}`;
}

/** What a platform resolver's answers depend on, as far as it can be the same in two networks. */
function viewKey({ topology }: Snapshot, network: string, { key, view }: SimulatedResolver): string {
  if (view.rules.length > 0 || view.hostZones.size > 0) return key;
  const { kind = "", egress = true } = topology.networks.get(network) ?? {};
  const zones = [...view.zones.values()].map(
    (one) => `${one.key} ${one.onMiss} ${one.madeBy === undefined ? "" : network}`,
  );
  return `platform of ${kind} ${egress} ${view.blind ?? ""}\n${zones.toSorted().join("\n")}`;
}
