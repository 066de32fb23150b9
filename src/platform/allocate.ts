import { type ExpandedMember, expandMembers } from "../catalogue/expand.ts";
import { findProviderService } from "../catalogue/provider-services.ts";
import { findGroup, findServiceType, type ServiceGroup, type ServiceType } from "../catalogue/service-types.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { Address } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import { type Endpoint, keySpanAt, type Network, type Service, spanAt, type Topology } from "../topology/model.ts";
import { FreeAddresses } from "./address-pool.ts";
import { checkAddresses, declaredAddresses, everyAddress } from "./endpoint-addresses.ts";
import { profileOf } from "./profiles.ts";
import { canStandIn, membersOfProvider } from "./provider-endpoints.ts";
import { reportNoNames } from "./service-problems.ts";

/** An endpoint with what the platform works out for it. */
export interface EndpointPlan {
  readonly endpoint: Endpoint;
  readonly network: Network;
  readonly service: Service;
  /** Absent: the service is one that a provider runs for everybody. */
  readonly group?: ServiceGroup;
  /** In the platform's order. */
  readonly members: readonly PlannedMember[];
}

export interface PlannedMember extends ExpandedMember {
  /** Empty where none could be had; a diagnostic says so. */
  readonly addresses: readonly Address[];
}

/**
 * Works out members and addresses of every endpoint, by key, in file order. Addresses that are declared anywhere in the
 * network come first; then each endpoint takes the lowest free ones of its subnet, whatever its connection's state.
 * Endpoints whose service, group or members are unknown are left out.
 */
export function planEndpoints(topology: Topology, diagnostics: Diagnostics): ReadonlyMap<string, EndpointPlan> {
  const drafts: Draft[] = [];
  for (const endpoint of topology.endpoints.values()) {
    const draft = draftOf(endpoint, topology, diagnostics);
    if (draft !== undefined) drafts.push(draft);
  }
  const taken = checkAddresses(topology, diagnostics);
  const pools = new Map<Cidr, FreeAddresses>();
  const poolOf = (subnet: Cidr, { key, kind }: Network): FreeAddresses => {
    const known = pools.get(subnet);
    if (known !== undefined) return known;
    const pool = new FreeAddresses(subnet, profileOf(kind).endpointAddresses.reserved, taken.get(key) ?? []);
    pools.set(subnet, pool);
    return pool;
  };
  const plans = new Map<string, EndpointPlan>();
  for (const draft of drafts) {
    const { endpoint } = draft;
    const members = draft.members.map((member) => ({
      ...member,
      addresses: addressesOf(member, draft, poolOf, diagnostics),
    }));
    plans.set(endpoint.key, { ...draft, members });
  }
  return plans;
}

/** The addresses of a subnet of a network that are free. */
type PoolOf = (subnet: Cidr, network: Network) => FreeAddresses;

interface Draft extends Omit<EndpointPlan, "members"> {
  readonly members: readonly ExpandedMember[];
}

function draftOf(endpoint: Endpoint, topology: Topology, diagnostics: Diagnostics): Draft | undefined {
  const network = topology.networks.get(endpoint.network);
  const service = topology.services.get(endpoint.service);
  const run = service === undefined ? undefined : findProviderService(service.type);
  if (network !== undefined && service !== undefined && run !== undefined) {
    const members = membersOfProvider(endpoint, network, service, run, diagnostics);
    return members === undefined ? undefined : { endpoint, network, service, members };
  }
  const type = service === undefined ? undefined : findServiceType(service.type);
  const group = type === undefined ? undefined : groupOf(type, endpoint);
  // What is undefined here was reported where the topology was read.
  if (network === undefined || service === undefined || type === undefined || group === undefined) return undefined;
  reportNamesNotChosen(endpoint, type, diagnostics);
  if (!canStandIn(endpoint, network, type.id, "azure", diagnostics)) return undefined;
  const expansion = expandMembers(type, group, service);
  if (expansion.kind === "members") {
    reportUnknownMembers(endpoint, expansion.members, diagnostics);
    return { endpoint, network, service, group, members: expansion.members };
  }
  if (expansion.kind === "not-offered") {
    const message = `endpoint ${endpoint.key} has nothing to lead to: ${expansion.problem}`;
    const related = [{ message: `service ${service.key} is here`, span: service.span }];
    diagnostics.report("endpoint/group-not-offered", message, spanAt(endpoint, "group"), { related });
  } else reportNoNames(service, expansion, diagnostics);
  return undefined;
}

/** An endpoint of a service with names of its own publishes those, and no others. */
function reportNamesNotChosen(endpoint: Endpoint, type: ServiceType, diagnostics: Diagnostics): void {
  if (endpoint.names.length === 0) return;
  const message = `endpoint ${endpoint.key} has names, and ${type.id} gives its endpoints the names of the service`;
  diagnostics.report("topology/conflicting-keys", message, spanAt(endpoint, "names"), { hint: "leave names out" });
}

/** The group the endpoint says, or the type's only one. */
export function groupOf(type: ServiceType, endpoint: Pick<Endpoint, "group">): ServiceGroup | undefined {
  if (endpoint.group !== undefined) return findGroup(type, endpoint.group);
  return type.groups.length === 1 ? type.groups[0] : undefined;
}

function reportUnknownMembers(endpoint: Endpoint, members: readonly ExpandedMember[], diagnostics: Diagnostics): void {
  if (endpoint.address.kind !== "members") return;
  const known = new Set(members.map(({ member }) => member.toLowerCase()));
  for (const key of endpoint.address.members.keys()) {
    if (known.has(key.toLowerCase())) continue;
    const names = members.map(({ member }) => member).join(", ");
    diagnostics.report(
      "endpoint/unknown-member",
      `endpoint ${endpoint.key} has no member ${key}`,
      keySpanAt(endpoint, `address.${key}`),
      { hint: `its members are ${names}` },
    );
  }
}

function addressesOf(
  member: ExpandedMember,
  draft: Draft,
  poolOf: PoolOf,
  diagnostics: Diagnostics,
): readonly Address[] {
  const { endpoint } = draft;
  const declared = draft.group === undefined ? everyAddress(endpoint) : declaredAddresses(endpoint, member.member);
  if (declared.length > 0) return declared;
  if (endpoint.static) {
    diagnostics.report(
      "endpoint/missing-member",
      `static endpoint ${endpoint.key} has no address for ${member.member}: no record is written for it`,
      spanAt(endpoint, "address"),
      { hint: `add ${member.member} to address` },
    );
    return [];
  }
  return allocate(member, draft, poolOf, diagnostics);
}

/** Takes the lowest free address of the endpoint's subnet. */
function allocate(member: ExpandedMember, draft: Draft, poolOf: PoolOf, diagnostics: Diagnostics): readonly Address[] {
  const { endpoint, network } = draft;
  const subnet = subnetOf(endpoint, network, diagnostics);
  if (subnet === undefined) return [];
  const address = poolOf(subnet, network).take();
  if (address === undefined) {
    diagnostics.report(
      "endpoint/subnet-full",
      `subnet ${subnet.text} of network ${network.key} has no free address for ${member.member} of endpoint ${endpoint.key}`,
      spanAt(endpoint, "subnet"),
      { related: [{ message: `network ${network.key} is here`, span: network.span }] },
    );
    return [];
  }
  return [address];
}

function subnetOf(endpoint: Endpoint, network: Network, diagnostics: Diagnostics): Cidr | undefined {
  if (endpoint.subnet !== undefined) return network.subnets.get(endpoint.subnet);
  const [only] = network.subnets.values();
  if (only !== undefined && network.subnets.size === 1) return only;
  const has = network.subnets.size === 0 ? "no subnets" : `several subnets: ${[...network.subnets.keys()].join(", ")}`;
  diagnostics.report(
    "endpoint/no-subnet",
    `endpoint ${endpoint.key} has no address and no subnet to take one from: network ${network.key} has ${has}`,
    endpoint.span,
    { hint: "give subnet or address", related: [{ message: `network ${network.key} is here`, span: network.span }] },
  );
  return undefined;
}
