import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import type { Address } from "../net/address.ts";
import { HOST_TTL, type HostName, internalNames, registeredNames, registrationZone } from "../platform/host-names.ts";
import { profileOf } from "../platform/profiles.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Network, PrivateZone, Topology } from "../topology/model.ts";
import { findNode, rrsetAt, type ZoneChange, type ZoneTree } from "../zone/zone-tree.ts";
import { reverseName } from "./builtin-zones.ts";
import type { ViewZone } from "./snapshot.ts";
import { zoneOfRRsets } from "./zone-of-rrsets.ts";

/** What registration puts into a zone: what a person wrote at the same name counts instead (SEMANTICS 64). */
export function registrationChanges(zone: PrivateZone, base: ZoneTree, topology: Topology): ZoneChange[] {
  return registeredNames(zone, topology)
    .flatMap(addressSets)
    .filter((rrset) => !isWritten(base, rrset))
    .map((rrset) => ({ kind: "replace", rrset }));
}

function isWritten(base: ZoneTree, { owner, type }: RRset): boolean {
  const node = findNode(base, owner);
  if (node === undefined) return false;
  return [type, RecordTypes.CNAME].some((one) => rrsetAt(base, node, one) !== undefined);
}

/**
 * The zones of what the machines of a network are called by themselves: their internal names, and the name of each address.
 * An address is a zone of its own, so that nothing beside it is denied.
 */
export function hostZones(network: Network, topology: Topology): Map<string, ViewZone> {
  const zones = new Map<string, ViewZone>();
  const internal = internalNames(network);
  if (internal !== undefined) {
    const sets = internal.names.flatMap(addressSets);
    zones.set(internal.origin.key, hostZone(network, internal.origin, sets, network.span));
  }
  const registering = registrationZone(network.key, topology);
  const registered = registering === undefined ? [] : registeredNames(registering, topology);
  const names = [...(internal?.names ?? []), ...registered.filter((name) => name.network === network.key)];
  for (const [{ address, span }, targets] of namesByAddress(names)) {
    const owner = reverseName(address);
    const pointer = { owner, type: RecordTypes.PTR, ttl: HOST_TTL, rdatas: targets.map(nameRdata), places: [span] };
    zones.set(owner.key, hostZone(network, owner, [pointer], span));
  }
  return zones;
}

interface Place {
  readonly address: Address;
  readonly span: SourceSpan;
}

function namesByAddress(names: readonly HostName[]): Map<Place, DomainName[]> {
  const places = new Map<string, Place>();
  const found = new Map<Place, DomainName[]>();
  for (const { owner, addresses, span } of names) {
    for (const address of addresses) {
      const place = places.get(address.text) ?? { address, span };
      places.set(address.text, place);
      found.set(place, [...(found.get(place) ?? []), owner]);
    }
  }
  return found;
}

function hostZone({ key, kind }: Network, origin: DomainName, rrsets: readonly RRset[], span: SourceSpan): ViewZone {
  const { soa } = profileOf(kind);
  const denial: RRset = { owner: origin, type: RecordTypes.SOA, ttl: soa.ttl, rdatas: [soa.rdata(origin)] };
  const zone = zoneOfRRsets(origin, denial, rrsets);
  return { key: `${key}/${displayName(origin)}`, zone, span, madeBy: { network: key }, onMiss: "nxdomain" };
}

function addressSets({ owner, addresses, span }: HostName): RRset[] {
  const set = (type: number, family: 4 | 6): RRset => ({
    owner,
    type,
    ttl: HOST_TTL,
    rdatas: addresses.filter((one) => one.family === family).map(({ octets }) => octets),
    places: [span],
  });
  return [set(RecordTypes.A, 4), set(RecordTypes.AAAA, 6)].filter(({ rdatas }) => rdatas.length > 0);
}
