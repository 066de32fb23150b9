import { type DomainName, prepend } from "../name/domain-name.ts";
import { isHostLabel } from "../name/host-label.ts";
import type { Address } from "../net/address.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Host, Link, Network, PrivateZone, Topology } from "../topology/model.ts";
import { hasPlatformResolver, whyNoZones } from "./platform-resolver.ts";
import { profileOf } from "./profiles.ts";

/** Seconds that the records of machines live which nobody wrote. */
export const HOST_TTL = 10;

/** A name of a machine that nobody writes down, with its addresses. */
export interface HostName {
  readonly owner: DomainName;
  readonly addresses: readonly Address[];
  readonly network: string;
  readonly host: string;
  /** Where the machine is declared. */
  readonly span: SourceSpan;
}

/** The names of machines that stand in a zone by registration, in file order: a later machine of one name counts. */
export function registeredNames(zone: PrivateZone, { networks }: Pick<Topology, "networks">): readonly HostName[] {
  return zone.links.filter(isRegistering).flatMap((link) => {
    const network = networks.get(link.network);
    if (network === undefined) return [];
    const hosts = [...network.hosts.values()].filter(({ registered }) => registered);
    return namesOf(network, hosts, (host) => nameOf([host.key], zone.name));
  });
}

/** The zone in which the machines of a network appear by themselves. */
export function registrationZone(network: string, { zones }: Pick<Topology, "zones">): PrivateZone | undefined {
  return [...zones.values()].find(({ links }) => links.some((link) => link.network === network && isRegistering(link)));
}

/** The domain that a network's platform makes names of machines in, and those names. */
export interface InternalNames {
  readonly origin: DomainName;
  readonly names: readonly HostName[];
}

/** Names that a platform gives the machines of a network without a zone; `undefined` where it gives none. */
export function internalNames(network: Network): InternalNames | undefined {
  const { internalNames: given } = profileOf(network.kind);
  const origin = given?.origin(network);
  if (given === undefined || origin === undefined || network.hosts.size === 0) return undefined;
  if (!hasPlatformResolver(network) || whyNoZones(network) !== undefined) return undefined;
  const names = namesOf(network, [...network.hosts.values()], (host, first) =>
    given.names(host, first, network).flatMap((labels) => nameOf(labels, origin)),
  );
  return { origin, names };
}

function isRegistering({ registration, state }: Link): boolean {
  return registration && state === "completed";
}

/** A name in a domain; none for a key that is no host name, and where the name would be too long. */
function nameOf(labels: readonly string[], domain: DomainName): readonly DomainName[] {
  const name = labels.every(isHostLabel) ? prepend(labels, domain) : undefined;
  return name === undefined ? [] : [name];
}

/** Machines with the names that each gets; those whose key makes no name, or who are a whole prefix, have none. */
function namesOf(
  { key: network }: Network,
  hosts: readonly Host[],
  choose: (host: Host, first: Address) => readonly DomainName[],
): HostName[] {
  return hosts.flatMap((host) => {
    const addresses = host.addresses.filter(({ length, address }) => length === address.octets.length * 8);
    const [first] = addresses;
    const all = addresses.map(({ address }) => address);
    const owners = first === undefined ? [] : choose(host, first.address);
    return owners.map((owner) => ({ owner, addresses: all, network, host: host.key, span: host.span }));
  });
}
