import { expandMembers, type ServiceInputs } from "../../catalogue/expand.ts";
import { findGroup, type ServiceGroup, type ServiceType } from "../../catalogue/service-types.ts";
import { foldLabel, ROOT } from "../../name/domain-name.ts";
import { parseName } from "../../name/name-text.ts";
import { parseAddress } from "../../net/address.ts";
import type { DraftEndpoint, DraftService } from "../draft.ts";
import type { Networks } from "./_networks.ts";
import { plainRegion, type Services } from "./_services.ts";
import type { Zones } from "./_zones.ts";
import { type AzureResource, foldId, parentId, readId, scopeOf } from "./azure-resource.ts";
import type { Estate } from "./estate.ts";
import { fieldOf, itemsOf, ownField, textOf, textsOf, type Value } from "./value.ts";

const ENDPOINT = "Microsoft.Network/privateEndpoints";

/** Private endpoints, with the addresses of their interfaces and the zones of their zone groups. */
export function mapEndpoints(estate: Estate, networks: Networks, services: Services, zones: Zones): DraftEndpoint[] {
  const groups = new Map<string, AzureResource[]>();
  for (const group of estate.ofType(`${ENDPOINT}/privateDnsZoneGroups`)) {
    const id = parentId(group.id);
    groups.set(id, [...(groups.get(id) ?? []), group]);
  }
  const drafts: DraftEndpoint[] = [];
  for (const resource of estate.ofType(ENDPOINT)) {
    // Plans have the zone group inside the endpoint.
    const inside = itemsOf(fieldOf(resource.body, "privateDnsZoneGroups")).map((body) => ({ ...resource, body }));
    const own = [...(groups.get(foldId(resource.id)) ?? []), ...inside];
    const draft = endpointOf(estate, networks, services, zones, resource, own);
    if (typeof draft === "string") estate.leaveOut(resource, draft);
    else drafts.push(draft);
    if (typeof draft === "string")
      for (const group of groups.get(foldId(resource.id)) ?? [])
        estate.leaveOut(group, "its endpoint is not in the model");
    groups.delete(foldId(resource.id));
  }
  for (const group of [...groups.values()].flat())
    estate.leaveOut(group, "its endpoint is not among what was imported");
  return drafts;
}

/** The endpoint, or why it cannot be one. */
function endpointOf(
  estate: Estate,
  networks: Networks,
  services: Services,
  zones: Zones,
  resource: AzureResource,
  groups: readonly AzureResource[],
): DraftEndpoint | string {
  const { body } = resource;
  const subnet = fieldOf(body, "subnet", "id");
  const subnetId = textOf(subnet);
  if (subnetId === undefined)
    return `the subnet it stands in is not known${subnet?.kind === "unknown" ? `: ${subnet.reason}` : ""}`;
  const manual = itemsOf(fieldOf(body, "manualPrivateLinkServiceConnections"));
  const connections = [...itemsOf(fieldOf(body, "privateLinkServiceConnections")), ...manual];
  const [connection] = connections;
  const target = fieldOf(connection, "privateLinkServiceId");
  const serviceId = textOf(target);
  if (connection === undefined || serviceId === undefined)
    return `what it is connected to is not known${target?.kind === "unknown" ? `: ${target.reason}` : ""}`;
  const [groupName, ...moreGroups] = textsOf(fieldOf(connection, "groupIds"));
  const everyPlace = placesOf(estate, resource, groups);
  const referred = services.refer(serviceId, groupName, resource, everyPlace.places.flatMap(regionOf));
  if (referred.kind === "problem") return referred.reason;
  const { service, type } = referred;
  const group = groupName === undefined ? onlyGroup(type) : findGroup(type, groupName);
  if (group === undefined)
    return groupName === undefined
      ? `its group is not known, and ${type.id} has ${type.groups.length} of them`
      : `${type.id} has no group ${groupName}`;

  const network = networks.refer(parentId(subnetId), resource);
  const subnetName = readId(subnetId)?.names.at(-1) ?? "";
  const hasSubnet = networks.hasSubnet(network, subnetName);
  const found = addressesOf(estate, resource, everyPlace, service, type, group);
  if (found.address === undefined && !hasSubnet)
    return `neither its address nor the prefix of its subnet ${subnetName} is known`;

  estate.claim(resource);
  networks.settle(network, [...new Set(everyPlace.places.map(({ address }) => address))]);
  if (connections.length > 1) estate.partial(resource, "it has more than one connection: the first is in the model");
  if (moreGroups.length > 0)
    estate.partial(resource, `its groups ${moreGroups.join(", ")} are left out: an endpoint has one`);
  return {
    id: foldId(resource.id),
    name: resource.names.at(-1) ?? "endpoint",
    scope: scopeOf(resource.id),
    origin: resource.origin,
    notes:
      found.address === undefined
        ? ["its address is only known once it is deployed: the lowest free one is taken"]
        : [],
    network,
    service: service.id,
    group: group.name,
    connection: stateOf(connection, manual.includes(connection)),
    privateDns: zonesOf(estate, zones, resource, groups),
    platformId: resource.id,
    ...(hasSubnet ? { subnet: subnetName } : {}),
    ...found,
  };
}

function onlyGroup(type: ServiceType): ServiceGroup | undefined {
  return type.groups.length === 1 ? type.groups[0] : undefined;
}

/** Without a state: a connection that somebody must approve is pending, any other is approved. */
function stateOf(connection: Value, isManual: boolean): NonNullable<DraftEndpoint["connection"]> {
  switch (foldLabel(textOf(fieldOf(connection, "privateLinkServiceConnectionState", "status")) ?? "")) {
    case "approved":
      return "approved";
    case "pending":
      return "pending";
    case "rejected":
      return "rejected";
    case "disconnected":
      return "disconnected";
    default:
      return isManual ? "pending" : "approved";
  }
}

/** The zones of its zone groups; none where it has no group: then nobody writes its records. */
function zonesOf(estate: Estate, zones: Zones, resource: AzureResource, groups: readonly AzureResource[]): string[] {
  const found: string[] = [];
  for (const group of groups) {
    estate.claim(group);
    for (const configuration of itemsOf(fieldOf(group.body, "privateDnsZoneConfigs"))) {
      const id = fieldOf(configuration, "privateDnsZoneId");
      const zone = textOf(id) === undefined ? undefined : zones.refer(textOf(id) ?? "", group);
      if (zone !== undefined) found.push(zone);
      else estate.partial(group, `a zone of it is not known${id?.kind === "unknown" ? `: ${id.reason}` : ""}`);
    }
  }
  if (groups.length === 0)
    estate.partial(resource, "no zone group is among what was imported: nobody writes its records");
  return [...new Set(found)];
}

/** An address with what it belongs to, as far as the source says. */
interface Placed {
  readonly address: string;
  readonly member?: string;
  readonly name?: string;
}

interface Places {
  readonly places: readonly Placed[];
  /** Whether it asks for its addresses itself. */
  readonly isStatic: boolean;
}

/** Where the addresses of an endpoint are told first: by its interface, by itself, or by its zone group. */
function placesOf(estate: Estate, resource: AzureResource, groups: readonly AzureResource[]): Places {
  const nics = itemsOf(fieldOf(resource.body, "networkInterfaces"))
    .map((one) => estate.get(textOf(ownField(one, "id")) ?? textOf(one) ?? ""))
    .filter((nic) => nic !== undefined);
  for (const nic of nics) estate.claim(nic);
  const asked = itemsOf(fieldOf(resource.body, "ipConfigurations")).flatMap(fromRequest);
  const sources: readonly (() => Placed[])[] = [
    () => nics.flatMap((nic) => itemsOf(fieldOf(nic.body, "ipConfigurations")).flatMap(fromInterface)),
    () => asked,
    () => groups.flatMap(fromZoneGroup),
    () => itemsOf(fieldOf(resource.body, "customDnsConfigs")).flatMap((one) => named(one, "fqdn", "ipAddresses")),
    () => textsOf(fieldOf(resource.body, "privateIPAddresses")).flatMap(single),
  ];
  const places = sources.map((source) => source()).find((found) => found.length > 0) ?? [];
  return { places, isStatic: asked.length > 0 };
}

/** The region that a member or a name of a registry tells: its data has an address in each. */
function regionOf({ member, name }: Placed): string[] {
  const region =
    /^registry_data_([a-z0-9]+)$/i.exec(member ?? "")?.[1] ?? /^[^.]+\.([a-z0-9]+)\.data\./i.exec(name ?? "")?.[1];
  return region === undefined ? [] : [region];
}

/** The addresses, by member where there are several; absent where none is known. */
function addressesOf(
  estate: Estate,
  resource: AzureResource,
  { places, isStatic }: Places,
  service: DraftService,
  type: ServiceType,
  group: ServiceGroup,
): Pick<DraftEndpoint, "address" | "static"> {
  const asked = isStatic ? { static: true } : {};
  const distinct = [...new Set(places.map(({ address }) => address))];
  if (distinct.length === 0) return {};
  if (distinct.length === 1) return { address: distinct, ...asked };
  const members = membersOf(places, service, type, group);
  if (members !== undefined) return { address: members, ...asked };
  estate.partial(resource, "which of its addresses belongs to which name is not known: all stand for each");
  return { address: distinct, ...asked };
}

function fromInterface(configuration: Value): Placed[] {
  const properties = fieldOf(configuration, "privateLinkConnectionProperties");
  const member = textOf(fieldOf(properties, "requiredMemberName"));
  const [name] = textsOf(fieldOf(properties, "fqdns"));
  return single(textOf(fieldOf(configuration, "privateIPAddress"))).map((one) => ({
    ...one,
    ...(member === undefined ? {} : { member }),
    ...(name === undefined ? {} : { name }),
  }));
}

function fromRequest(configuration: Value): Placed[] {
  const member = textOf(fieldOf(configuration, "memberName"));
  return single(textOf(fieldOf(configuration, "privateIPAddress"))).map((one) =>
    member === undefined ? one : { ...one, member },
  );
}

function fromZoneGroup(group: AzureResource): Placed[] {
  return itemsOf(fieldOf(group.body, "privateDnsZoneConfigs")).flatMap((configuration) =>
    itemsOf(fieldOf(configuration, "recordSets")).flatMap((set) => named(set, "fqdn", "ipAddresses")),
  );
}

function named(value: Value, nameKey: string, addressKey: string): Placed[] {
  const name = textOf(fieldOf(value, nameKey));
  return textsOf(fieldOf(value, addressKey))
    .flatMap(single)
    .map((one) => (name === undefined ? one : { ...one, name }));
}

function single(text: string | undefined): Placed[] {
  const address = parseAddress(text ?? "")?.text;
  return address === undefined ? [] : [{ address }];
}

/** Addresses by the members of the catalogue, where each address is one member's; nothing where one is nobody's. */
function membersOf(
  all: readonly Placed[],
  service: DraftService,
  type: ServiceType,
  group: ServiceGroup,
): ReadonlyMap<string, readonly string[]> | undefined {
  const inputs: ServiceInputs = {
    name: service.name,
    replicas: service.replicas ?? [],
    parameters: new Map(),
    names: new Map(),
    ...(service.location === undefined ? {} : { location: plainRegion(service.location) ?? "" }),
  };
  const expansion = expandMembers(type, group, inputs);
  if (expansion.kind !== "members") return undefined;
  const found = new Map<string, string[]>();
  for (const { address, member, name } of all) {
    const parsed = parseName(name ?? "", ROOT, "unicode");
    const key = parsed.kind === "name" ? parsed.name.key : undefined;
    const known = expansion.members.find(
      (one) =>
        (member !== undefined && foldLabel(one.member) === foldLabel(member)) ||
        one.names.some(({ publicName, privateName }) => publicName.key === key || privateName.key === key),
    );
    if (known === undefined) return undefined;
    const addresses = found.get(known.member) ?? [];
    if (!addresses.includes(address)) addresses.push(address);
    found.set(known.member, addresses);
  }
  return found;
}
