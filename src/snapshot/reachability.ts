import { containsAddress } from "../net/cidr.ts";
import { routesOf } from "../platform/platform-resolver.ts";
import { profileOf } from "../platform/profiles.ts";
import type { Network, Topology } from "../topology/model.ts";
import type { SimulatedResolver } from "./snapshot.ts";

/**
 * The networks that each network reaches, itself included (SEMANTICS 25): peers both ways, not through one another
 * unless the one between says `transit`.
 * If no network of the model declares peers, or `assume.reachability` is `ignore`, everything reaches everything.
 */
export function compileReachability(topology: Topology): Map<string, ReadonlySet<string>> {
  const keys = [...topology.networks.keys()];
  const declared = [...topology.networks.values()].some((network) => network.peers.length > 0);
  if (!declared || topology.assume.reachability === "ignore") {
    const everything = new Set(keys);
    return new Map(keys.map((key) => [key, everything]));
  }
  const peers = new Map(keys.map((key) => [key, new Set<string>()]));
  for (const network of topology.networks.values()) {
    for (const peer of network.peers) {
      peers.get(network.key)?.add(peer);
      peers.get(peer)?.add(network.key);
    }
  }
  return new Map(keys.map((key) => [key, reachedFrom(key, peers, topology)]));
}

/** A network, its peers, and the peers of those that let others through, as far as they follow on one another. */
function reachedFrom(start: string, peers: ReadonlyMap<string, ReadonlySet<string>>, topology: Topology): Set<string> {
  const reached = new Set([start]);
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next !== start && topology.networks.get(next)?.transit !== true) continue;
    for (const peer of peers.get(next) ?? []) {
      if (reached.has(peer)) continue;
      reached.add(peer);
      waiting.push(peer);
    }
  }
  return reached;
}

/**
 * The platform resolvers of other networks that answer each network: where the provider answers machines outside at all,
 * and the network has a route to an address of a resolver in a network that it reaches.
 */
export function compileRouted(
  topology: Topology,
  reachable: ReadonlyMap<string, ReadonlySet<string>>,
  resolvers: Iterable<SimulatedResolver>,
): Map<string, ReadonlySet<string>> {
  const open = [...resolvers].filter(({ kind, network }) => {
    const owner = kind === "platform" || kind === "public" ? topology.networks.get(network ?? "") : undefined;
    return owner !== undefined && profileOf(owner.kind).answersOutside;
  });
  const isRouted = (from: Network, { network = "", addresses }: SimulatedResolver): boolean =>
    from.key !== network &&
    reachable.get(from.key)?.has(network) === true &&
    routesOf(from).some((route) => addresses.some(({ address }) => containsAddress(route, address)));
  const keys = (from: Network): Set<string> =>
    new Set(open.filter((resolver) => isRouted(from, resolver)).map(({ key }) => key));
  return new Map([...topology.networks.values()].map((network) => [network.key, keys(network)]));
}
