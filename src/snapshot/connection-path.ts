import { PROVIDER_ROUTES } from "../catalogue/platform-addresses.ts";
import { type Address, isPrivateAddress } from "../net/address.ts";
import { type Cidr, containsAddress, knownCidr } from "../net/cidr.ts";
import { everyAddress } from "../platform/endpoint-addresses.ts";
import { routesOf } from "../platform/platform-resolver.ts";
import type { Network, Topology } from "../topology/model.ts";
import type { Snapshot } from "./snapshot.ts";

/** Why a machine has no way to an address, which no name tells. */
export type Unreached =
  /** Only a provider's network has a route to the prefix. `because` is a clause: what switches the route off. */
  | { readonly kind: "not-routed"; readonly prefix: Cidr; readonly because?: string }
  | { readonly kind: "no-egress" }
  /** It is the address of something in a network that is no peer. */
  | { readonly kind: "not-a-peer"; readonly network: string };

/** What keeps machines of a network, or of the internet, from an address; `undefined`: nothing that the model knows of. */
export function unreached(
  { topology, reachable }: Pick<Snapshot, "topology" | "reachable">,
  from: string | undefined,
  address: Address,
): Unreached | undefined {
  const asking = topology.networks.get(from ?? "");
  const holding = networksHolding(topology, address);
  const reached = reachable.get(from ?? "");
  if (asking !== undefined && holding.some(({ key }) => reached?.has(key) === true)) return undefined;
  if (asking !== undefined && routesOf(asking).some((route) => containsAddress(route, address))) return undefined;
  const prefix = PROVIDERS_ALONE.find((one) => containsAddress(one, address));
  if (prefix !== undefined) return { kind: "not-routed", prefix, ...switchedOff(asking) };
  const [network] = holding;
  if (network !== undefined && isPrivateAddress(address)) return { kind: "not-a-peer", network: network.key };
  return asking?.egress === false && !isPrivateAddress(address) ? { kind: "no-egress" } : undefined;
}

/** Whether an address that looks public is reached in a provider's network alone: no public door is there. */
export function isProvidersAlone(address: Address): boolean {
  return PROVIDERS_ALONE.some((one) => containsAddress(one, address));
}

const PROVIDERS_ALONE: readonly Cidr[] = Object.values(PROVIDER_ROUTES).flat().map(knownCidr);

/** The switch of a network that would have the route. */
function switchedOff(network: Network | undefined): { readonly because?: string } {
  if (network?.ibm.vrf === false) return { because: "its ibm.vrf is false" };
  return network?.ibm.serviceEndpoints === false ? { because: "its ibm.serviceEndpoints is false" } : {};
}

/** Networks that have the address in a prefix, or that have an endpoint there. */
function networksHolding({ networks, endpoints }: Topology, address: Address): Network[] {
  const withEndpoint = [...endpoints.values()]
    .filter((endpoint) => everyAddress(endpoint).some(({ text }) => text === address.text))
    .map(({ network }) => network);
  return [...networks.values()].filter(
    ({ key, prefixes }) => withEndpoint.includes(key) || prefixes.some((one) => containsAddress(one, address)),
  );
}
