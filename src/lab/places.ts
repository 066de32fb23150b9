import { type Address, isLoopback } from "../net/address.ts";
import { type Cidr, cidrOf, containsCidr, knownCidr } from "../net/cidr.ts";
import { lowestFree } from "../platform/address-pool.ts";
import { everyAddress } from "../platform/endpoint-addresses.ts";
import { clientAt } from "../snapshot/clients.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Network, Topology } from "../topology/model.ts";

/** A machine of the lab: somebody who asks, with addresses of their own. */
export interface Place {
  /** As `--from` calls them: NETWORK, HOST@NETWORK, `internet`. */
  readonly who: string;
  /** Absent: the internet. */
  readonly network?: string;
  readonly host?: string;
  /** At least one. Of each family the first is the one it asks from. */
  readonly addresses: readonly Address[];
  /** Whether the model tells by each of the addresses that it is this network that asks. */
  readonly isTold: boolean;
}

/** Addresses at both ends of a prefix that are nobody's: networks' own, gateways, what platforms keep, broadcast. */
const KEPT = { first: 4, last: 1 };
/** Prefixes shorter than these have room for that. */
const ROOMY_LENGTH = { 4: 28, 6: 124 };
const NETWORK_LENGTH = { 4: 24, 6: 120 };

/** Where a machine of the internet can stand: prefixes for documentation (RFC 5737), in the order they are tried. */
const INTERNET_PREFIXES = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map(knownCidr);
/** For networks that have no prefix: link-local addresses (RFC 3927), which no network routes. */
const SPARE_PREFIX = knownCidr("169.254.64.0/18");
/** What is no address of a machine: this network, loopback, link-local, multicast and reserved (RFC 6890). */
const UNUSABLE = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/8", "fe80::/10", "ff00::/8"].map(knownCidr);

/**
 * Everybody who can ask: a machine in each network, each declared host, and one on the internet. `taken` are addresses that
 * nobody gets; those that are given come into it.
 */
export function placesOf(snapshot: Snapshot, taken: Cidr[]): Place[] {
  const { topology } = snapshot;
  taken.push(...UNUSABLE, ...hostAddresses(topology), ...endpointAddresses(topology));
  const places: Place[] = [];
  for (const network of topology.networks.values()) {
    const addresses = machineAddresses(network, topology, taken);
    places.push(placeAt(snapshot, { who: network.key, network: network.key }, addresses));
    for (const [host, { addresses: declared }] of network.hosts) {
      const own = declared.flatMap((cidr) => (isSingle(cidr) ? cidr.address : (take([cidr], taken) ?? [])));
      places.push(placeAt(snapshot, { who: `${host}@${network.key}`, network: network.key, host }, own));
    }
  }
  const outside = take(internetPrefixes(snapshot), taken) ?? take([SPARE_PREFIX], taken);
  return outside === undefined ? places : [...places, placeAt(snapshot, { who: INTERNET }, [outside])];
}

/** Prefixes of the internet of a lab: those that no network of the model has a part of. */
export function internetPrefixes({ topology }: Pick<Snapshot, "topology">): Cidr[] {
  const owned = [...topology.networks.values()].flatMap(({ prefixes, clients }) => [...prefixes, ...clients]);
  return INTERNET_PREFIXES.filter(
    (one) => !owned.some((other) => containsCidr(one, other) || containsCidr(other, one)),
  );
}

function placeAt(
  { clients }: Snapshot,
  who: Pick<Place, "who" | "network" | "host">,
  addresses: readonly Address[],
): Place {
  const isTold = addresses.every((address) => {
    const client = clientAt(clients, address);
    return client.kind === "network" ? client.network === who.network : client.kind === "internet" && !who.network;
  });
  return { ...who, addresses, isTold };
}

/** One address of each family that the network has a prefix of; IPv4 in any case, since the platforms' addresses are. */
function machineAddresses(network: Network, topology: Topology, taken: Cidr[]): Address[] {
  const foreign = foreignParts(network, topology);
  const subnets = [...network.subnets.values()];
  const own = [...network.prefixes, ...network.clients].filter(({ address }) => !isLoopback(address));
  return ([4, 6] as const).flatMap((family) => {
    const prefixes = own.filter(({ address }) => address.family === family);
    const found =
      take(prefixes, taken, [...foreign, ...subnets]) ?? take(prefixes, taken, foreign) ?? take(prefixes, taken);
    return found ?? (family === 4 ? (take([SPARE_PREFIX], taken) ?? []) : []);
  });
}

/** The parts of a network's prefixes that are somebody else's: machines there would count as theirs. */
function foreignParts(network: Network, topology: Topology): Cidr[] {
  const others = [...topology.networks.values()].filter(({ key }) => key !== network.key);
  return others
    .flatMap(({ prefixes, clients }) => [...prefixes, ...clients])
    .filter((other) => network.prefixes.some((own) => own.text !== other.text && containsCidr(own, other)));
}

/** Takes the lowest address that is free in one of the prefixes, which may be taken themselves. `avoided` is left out, too. */
function take(prefixes: readonly Cidr[], taken: Cidr[], avoided: readonly Cidr[] = []): Address | undefined {
  for (const prefix of prefixes) {
    const kept = prefix.length <= ROOMY_LENGTH[prefix.address.family] ? KEPT : { first: 0, last: 0 };
    const out = [...taken.filter((one) => one !== prefix), ...avoided];
    const lowest = lowestFree(prefix, kept, out);
    if (lowest === undefined) continue;
    // Behind a subnet that was stepped over stands what would be the network address of the next one.
    const isFirst = cidrOf(lowest, NETWORK_LENGTH[lowest.family]).address.text === lowest.text;
    const behind = isFirst
      ? lowestFree(prefix, kept, [...out, cidrOf(lowest, lowest.octets.length * 8 - 2)])
      : undefined;
    const found = behind ?? lowest;
    taken.push(single(found));
    return found;
  }
  return undefined;
}

function hostAddresses({ networks }: Topology): Cidr[] {
  return [...networks.values()].flatMap(({ hosts }) => [...hosts.values()].flatMap(({ addresses }) => addresses));
}

function endpointAddresses({ endpoints }: Topology): Cidr[] {
  return [...endpoints.values()].flatMap((endpoint) => everyAddress(endpoint).map(single));
}

/** A prefix of one address. */
export function single(address: Address): Cidr {
  return cidrOf(address, address.octets.length * 8);
}

function isSingle({ address, length }: Cidr): boolean {
  return length === address.octets.length * 8;
}
