import type { Topology } from "../topology/model.ts";

/**
 * The networks that each network reaches, itself included (SEMANTICS 25): peers both ways, not through one another.
 * If no network of the model declares peers, or `assume.reachability` is `ignore`, everything reaches everything.
 */
export function compileReachability(topology: Topology): Map<string, ReadonlySet<string>> {
  const keys = [...topology.networks.keys()];
  const declared = [...topology.networks.values()].some((network) => network.peers.length > 0);
  if (!declared || topology.assume.reachability === "ignore") {
    const everything = new Set(keys);
    return new Map(keys.map((key) => [key, everything]));
  }
  const reachable = new Map(keys.map((key) => [key, new Set([key])]));
  for (const network of topology.networks.values()) {
    for (const peer of network.peers) {
      reachable.get(network.key)?.add(peer);
      reachable.get(peer)?.add(network.key);
    }
  }
  return reachable;
}
