import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { Address } from "../net/address.ts";
import { type Cidr, cidrOf, containsAddress } from "../net/cidr.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { type Endpoint, type Network, spanAt, type Topology } from "../topology/model.ts";
import { isReserved } from "./address-pool.ts";
import { profileOf } from "./profiles.ts";

/** The addresses a user gave one member of an endpoint. */
export function declaredAddresses({ address }: Endpoint, member: string): readonly Address[] {
  if (address.kind === "allocated") return [];
  if (address.kind === "each") return address.addresses;
  const folded = member.toLowerCase();
  for (const [key, own] of address.members) if (key.toLowerCase() === folded) return own;
  return [];
}

/** Every address a user gave an endpoint, whichever member it is of. */
export function everyAddress({ address }: Endpoint): readonly Address[] {
  if (address.kind === "allocated") return [];
  return address.kind === "each" ? address.addresses : [...address.members.values()].flat();
}

/**
 * Checks every declared address of the endpoints, and lists what is taken in each network: hosts, resolvers, endpoints.
 * The lists are the caller's to add to.
 */
export function checkAddresses(topology: Topology, diagnostics: Diagnostics): Map<string, Cidr[]> {
  const taken = new Map<string, Cidr[]>();
  const owners = new Map<string, Map<string, Owner>>();
  for (const network of topology.networks.values()) {
    const hosts = [...network.hosts.values()].map(({ addresses }) => addresses);
    taken.set(network.key, hosts.flat());
    owners.set(network.key, hostOwners(network));
  }
  for (const { key, network, addresses, span } of topology.resolvers.values()) {
    for (const { address } of addresses) {
      taken.get(network)?.push(single(address));
      owners.get(network)?.set(address.text, { what: `resolver ${key}`, span });
    }
  }
  for (const endpoint of topology.endpoints.values()) {
    const network = topology.networks.get(endpoint.network);
    if (network === undefined) continue;
    for (const { address, span } of placedAddresses(endpoint)) {
      taken.get(network.key)?.push(single(address));
      checkAddress(endpoint, address, span, network, diagnostics);
      checkOwner(endpoint, address, span, owners.get(network.key) ?? new Map<string, Owner>(), diagnostics);
    }
  }
  return taken;
}

/** Who has an address of a network. */
interface Owner {
  readonly what: string;
  readonly span: SourceSpan;
}

function hostOwners(network: Network): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const { key, addresses, span } of network.hosts.values()) {
    for (const cidr of addresses) {
      // A prefix stands for many machines: it keeps addresses from being allocated, but owns none in particular.
      if (cidr.length === cidr.address.octets.length * 8) owners.set(cidr.address.text, { what: `host ${key}`, span });
    }
  }
  return owners;
}

function single(address: Address): Cidr {
  return cidrOf(address, address.octets.length * 8);
}

interface PlacedAddress {
  readonly address: Address;
  readonly span: SourceSpan;
}

function placedAddresses(endpoint: Endpoint): PlacedAddress[] {
  const { address, spans } = endpoint;
  const whole = spanAt(endpoint, "address");
  const placed = (path: string, addresses: readonly Address[]): PlacedAddress[] =>
    addresses.map((one, i) => ({ address: one, span: spans.get(`${path}[${i}]`) ?? spans.get(path) ?? whole }));
  if (address.kind === "allocated") return [];
  if (address.kind === "each") return placed("address", address.addresses);
  return [...address.members].flatMap(([member, addresses]) => placed(`address.${member}`, addresses));
}

function checkAddress(
  endpoint: Endpoint,
  address: Address,
  span: SourceSpan,
  network: Network,
  diagnostics: Diagnostics,
): void {
  const { insideNetwork, ipv6, reserved } = profileOf(network.kind).endpointAddresses;
  const related = [{ message: `network ${network.key} is here`, span: network.span }];
  const what = `address ${address.text} of endpoint ${endpoint.key}`;
  if (address.family === 6 && !ipv6) {
    const message = `${what} is IPv6: endpoints of kind ${network.kind} have IPv4 addresses, and no AAAA records`;
    diagnostics.report("endpoint/ipv6-address", message, span, { related });
    return;
  }
  if (insideNetwork && !network.prefixes.some((prefix) => containsAddress(prefix, address))) {
    const prefixes = network.prefixes.map(({ text }) => text).join(", ") || "no prefix";
    const message = `${what} is outside network ${network.key}, which has ${prefixes}`;
    diagnostics.report("endpoint/address-outside-network", message, span, { related });
    return;
  }
  const subnet = endpoint.subnet === undefined ? undefined : network.subnets.get(endpoint.subnet);
  if (subnet !== undefined && !containsAddress(subnet, address)) {
    const message = `${what} is outside its subnet ${endpoint.subnet ?? ""}, which is ${subnet.text}`;
    diagnostics.report("endpoint/address-outside-subnet", message, span, { related });
    return;
  }
  const kept = [...network.subnets.values()].find((one) => isReserved(one, reserved, address));
  if (kept === undefined) return;
  const ends = `the first ${reserved.first} and the last ${reserved.last}`;
  const message = `${what} is kept by the platform: nobody gets ${ends} of subnet ${kept.text}`;
  diagnostics.report("endpoint/address-reserved", message, span, { related });
}

/** Members of one endpoint may share an address; nothing else may. */
function checkOwner(
  endpoint: Endpoint,
  address: Address,
  span: SourceSpan,
  owners: Map<string, Owner>,
  diagnostics: Diagnostics,
): void {
  const what = `endpoint ${endpoint.key}`;
  const owner = owners.get(address.text);
  if (owner === undefined) owners.set(address.text, { what, span });
  else if (owner.what !== what) {
    const message = `address ${address.text} of endpoint ${endpoint.key} is the address of ${owner.what} too`;
    diagnostics.report("endpoint/address-taken", message, span, {
      related: [{ message: `${owner.what} has it here`, span: owner.span }],
    });
  }
}
