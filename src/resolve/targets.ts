import { type Address, type AddressPort, formatAddressPort, isPrivateAddress } from "../net/address.ts";
import { containsAddress } from "../net/cidr.ts";
import { INTERNET, platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";
import type { Target } from "../topology/model.ts";
import type { Silence } from "./resolution.ts";
import type { ResolverAddressee } from "./resolve.ts";

/** Who is behind a target, seen from where the asker stands (SEMANTICS 4). */
export type Found =
  | { readonly kind: "resolver"; readonly resolver: SimulatedResolver }
  /** The asker iterates itself: public data, name by name. */
  | { readonly kind: "internet" }
  /** What the clients of the asker's network use, in order. */
  | { readonly kind: "servers"; readonly targets: readonly Target[] }
  | { readonly kind: "nobody"; readonly silence: Silence };

/** Looks a target up from `network`, the network that the asker stands in; `undefined`: the internet at large. */
export function findTarget(snapshot: Snapshot, target: Target, network: string | undefined): Found {
  switch (target.kind) {
    case "internet":
      return hasEgress(snapshot, network) ? { kind: "internet" } : noEgress(target.text, network);
    case "resolver":
      return reach(snapshot, snapshot.resolvers.get(target.key), target.text, network);
    case "platform":
      return platformOf(snapshot, target.network ?? network, target.text, network);
    case "network": {
      const targets = serversOf(snapshot, network);
      if (targets.length > 0) return { kind: "servers", targets };
      return platformOf(snapshot, network, target.text, network);
    }
    case "address":
      return findAddress(snapshot, target.at, network);
  }
}

/** The DNS servers that a host or a network is given: the host's `dns`, else the network's; empty: the platform resolver. */
export function serversOf(snapshot: Snapshot, network: string | undefined, host?: string): readonly Target[] {
  const declared = network === undefined ? undefined : snapshot.topology.networks.get(network);
  if (declared === undefined) return [];
  const own = host === undefined ? [] : (declared.hosts.get(host)?.dns ?? []);
  return own.length > 0 ? own : declared.dns;
}

/** The key of the resolver that an addressee is, or asks that is given no DNS servers. */
export function resolverKeyOf(addressee: ResolverAddressee): string {
  return addressee.kind === "resolver" ? addressee.key : platformKey(addressee.network ?? "");
}

/** That resolver, where there is one; for a client of no network of the model the internet's. */
export function resolverOf(snapshot: Snapshot, addressee: ResolverAddressee): SimulatedResolver | undefined {
  const resolver = snapshot.resolvers.get(resolverKeyOf(addressee));
  if (resolver !== undefined || addressee.kind === "resolver") return resolver;
  return snapshot.topology.networks.has(addressee.network ?? "") ? undefined : snapshot.internetResolver;
}

function platformOf(snapshot: Snapshot, owner: string | undefined, text: string, from: string | undefined): Found {
  const resolver = owner === undefined ? undefined : snapshot.resolvers.get(platformKey(owner));
  return reach(snapshot, resolver, text, from);
}

function reach(
  snapshot: Snapshot,
  resolver: SimulatedResolver | undefined,
  target: string,
  from: string | undefined,
): Found {
  if (resolver === undefined)
    return nobody({ kind: "no-resolver-there", target, ...(from === undefined ? {} : { network: from }) });
  const { network } = resolver;
  if (network === undefined || from === undefined || network === from) return { kind: "resolver", resolver };
  if (isPlatforms(resolver) && !isAnsweredOutside(snapshot, resolver, from))
    return nobody({ kind: "platform-outside", target, from });
  if (snapshot.reachable.get(from)?.has(network) === true) return { kind: "resolver", resolver };
  return nobody({ kind: "unreachable", target, from, to: network });
}

function findAddress(snapshot: Snapshot, at: AddressPort, from: string | undefined): Found {
  const target = at.port === 53 ? at.address.text : formatAddressPort(at);
  const there = (snapshot.resolversAt.get(at.address.text) ?? []).filter((resolver) => answersAt(resolver, at));
  const own = from === undefined ? undefined : there.find((one) => isPlatforms(one) && one.network === from);
  if (own !== undefined) return { kind: "resolver", resolver: own };
  const declared = there.filter((resolver) => !isPlatforms(resolver));
  const near =
    declared.find((resolver) => resolver.network === from) ??
    declared.find((resolver) => isReachable(snapshot, resolver, from));
  const nearest = near ?? declared[0];
  if (nearest !== undefined) return reach(snapshot, nearest, target, from);
  const routed = there.find((resolver) => isAnsweredOutside(snapshot, resolver, from));
  if (routed !== undefined) return { kind: "resolver", resolver: routed };
  if (there.length > 0) return nobody({ kind: "platform-outside", target, from: from ?? INTERNET });
  const network = networkHolding(snapshot, at.address, from);
  if (network !== undefined) return nobody({ kind: "no-resolver-there", target, network });
  if (isPrivateAddress(at.address)) return nobody({ kind: "no-resolver-there", target });
  if (!hasEgress(snapshot, from)) return noEgress(target, from);
  return reach(snapshot, snapshot.resolvers.get(INTERNET), target, from); // The simulated internet: its whole chain is final.
}

/** Whether a resolver is one that a platform runs: nobody declared it. */
function isPlatforms({ kind }: SimulatedResolver): boolean {
  return kind === "platform" || kind === "public";
}

/** Whether a platform answers machines of a network outside, which have a route to it. */
function isAnsweredOutside({ routed }: Snapshot, { key }: SimulatedResolver, from: string | undefined): boolean {
  return routed.get(from ?? "")?.has(key) === true;
}

function hasEgress({ topology }: Snapshot, network: string | undefined): boolean {
  return topology.networks.get(network ?? "")?.egress ?? true;
}

function noEgress(target: string, from: string | undefined): Found {
  return nobody({ kind: "no-egress", target, from: from ?? INTERNET });
}

function answersAt(resolver: SimulatedResolver, at: AddressPort): boolean {
  return resolver.addresses.some(({ address, port }) => address.text === at.address.text && port === at.port);
}

function isReachable(snapshot: Snapshot, resolver: SimulatedResolver, from: string | undefined): boolean {
  return (
    from === undefined || resolver.network === undefined || snapshot.reachable.get(from)?.has(resolver.network) === true
  );
}

/** The network whose machines the address is one of: the asker's own first. */
function networkHolding(snapshot: Snapshot, address: Address, from: string | undefined): string | undefined {
  const holding = [...snapshot.topology.networks.values()].filter(({ prefixes }) =>
    prefixes.some((prefix) => containsAddress(prefix, address)),
  );
  return (holding.find(({ key }) => key === from) ?? holding[0])?.key;
}

function nobody(silence: Silence): Found {
  return { kind: "nobody", silence };
}
