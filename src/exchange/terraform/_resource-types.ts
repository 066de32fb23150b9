import { idOf, readId } from "../azure/azure-resource.ts";
import { fieldOf, itemsOf, ownField, textOf, type Value } from "../azure/value.ts";
import { each, type Fields, object, reference, switched } from "./_made-values.ts";
import { SERVICES } from "./_service-types.ts";

/** What a resource of Terraform is in Azure. */
export interface AzureShape {
  readonly type: string;
  readonly names: readonly string[];
  readonly properties: Value;
  /** Its identifier, where another resource's makes it. */
  readonly id?: string;
}

type Shape = (values: Value) => AzureShape;

const NETWORK = "Microsoft.Network";

/** Every resource type of Terraform that has a part in the model. */
export const RESOURCE_TYPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ...Object.entries(SERVICES).map(([type, azure]): [string, Shape] => [type, serviceShape(azure)]),
  ...["a", "aaaa", "cname", "mx", "ptr", "srv", "txt"].map((type): [string, Shape] => [
    `azurerm_private_dns_${type}_record`,
    recordShape(`${NETWORK}/privateDnsZones`, type),
  ]),
  ...["a", "aaaa", "caa", "cname", "mx", "ns", "ptr", "srv", "txt"].map((type): [string, Shape] => [
    `azurerm_dns_${type}_record`,
    recordShape(`${NETWORK}/dnsZones`, type),
  ]),
  ["azurerm_private_dns_zone", named(`${NETWORK}/privateDnsZones`, () => ({}))],
  ["azurerm_dns_zone", named(`${NETWORK}/dnsZones`, () => ({}))],
  [
    "azurerm_private_dns_zone_virtual_network_link",
    below(`${NETWORK}/privateDnsZones/virtualNetworkLinks`, "private_dns_zone_name", (values) => ({
      virtualNetwork: reference(values, "virtual_network_id"),
      registrationEnabled: ownField(values, "registration_enabled"),
      resolutionPolicy: ownField(values, "resolution_policy"),
    })),
  ],
  [
    "azurerm_virtual_network",
    named(`${NETWORK}/virtualNetworks`, (values) => ({
      addressSpace: object(values, { addressPrefixes: ownField(values, "address_space") }),
      dhcpOptions: object(values, { dnsServers: ownField(values, "dns_servers") }),
      subnets: each(values, "subnet", (subnet) => ({
        name: ownField(subnet, "name"),
        addressPrefixes: ownField(subnet, "address_prefixes") ?? ownField(subnet, "address_prefix"),
      })),
    })),
  ],
  [
    "azurerm_virtual_network_dns_servers",
    under(`${NETWORK}/virtualNetworks/dnsServers`, "virtual_network_id", (values) => ({
      dnsServers: ownField(values, "dns_servers"),
    })),
  ],
  [
    "azurerm_subnet",
    below(`${NETWORK}/virtualNetworks/subnets`, "virtual_network_name", (values) => ({
      addressPrefixes: ownField(values, "address_prefixes") ?? ownField(values, "address_prefix"),
    })),
  ],
  [
    "azurerm_virtual_network_peering",
    below(`${NETWORK}/virtualNetworks/virtualNetworkPeerings`, "virtual_network_name", (values) => ({
      remoteVirtualNetwork: reference(values, "remote_virtual_network_id"),
      allowVirtualNetworkAccess: ownField(values, "allow_virtual_network_access"),
    })),
  ],
  ["azurerm_private_endpoint", named(`${NETWORK}/privateEndpoints`, endpoint)],
  [
    "azurerm_network_interface",
    named(`${NETWORK}/networkInterfaces`, (values) => ({
      dnsSettings: object(values, { dnsServers: ownField(values, "dns_servers") }),
      virtualMachine: reference(values, "virtual_machine_id"),
      ipConfigurations: each(values, "ip_configuration", (one) => ({
        privateIPAddress: ownField(one, "private_ip_address"),
        subnet: reference(one, "subnet_id"),
      })),
    })),
  ],
  ["azurerm_linux_virtual_machine", named("Microsoft.Compute/virtualMachines", machine)],
  ["azurerm_windows_virtual_machine", named("Microsoft.Compute/virtualMachines", machine)],
  ["azurerm_virtual_machine", named("Microsoft.Compute/virtualMachines", machine)],
  [
    "azurerm_private_dns_resolver",
    named(`${NETWORK}/dnsResolvers`, (values) => ({ virtualNetwork: reference(values, "virtual_network_id") })),
  ],
  [
    "azurerm_private_dns_resolver_inbound_endpoint",
    under(`${NETWORK}/dnsResolvers/inboundEndpoints`, "private_dns_resolver_id", (values) => ({
      ipConfigurations: each(values, "ip_configurations", (one) => ({
        privateIpAddress: ownField(one, "private_ip_address"),
        subnet: reference(one, "subnet_id"),
      })),
    })),
  ],
  [
    "azurerm_private_dns_resolver_outbound_endpoint",
    under(`${NETWORK}/dnsResolvers/outboundEndpoints`, "private_dns_resolver_id", (values) => ({
      subnet: reference(values, "subnet_id"),
    })),
  ],
  [
    "azurerm_private_dns_resolver_dns_forwarding_ruleset",
    named(`${NETWORK}/dnsForwardingRulesets`, (values) => ({
      dnsResolverOutboundEndpoints: ownField(values, "private_dns_resolver_outbound_endpoint_ids"),
    })),
  ],
  [
    "azurerm_private_dns_resolver_forwarding_rule",
    under(`${NETWORK}/dnsForwardingRulesets/forwardingRules`, "dns_forwarding_ruleset_id", (values) => ({
      domainName: ownField(values, "domain_name"),
      forwardingRuleState: switched(values, "enabled"),
      targetDnsServers: each(values, "target_dns_servers", (one) => ({
        ipAddress: ownField(one, "ip_address"),
        port: ownField(one, "port"),
      })),
    })),
  ],
  [
    "azurerm_private_dns_resolver_virtual_network_link",
    under(`${NETWORK}/dnsForwardingRulesets/virtualNetworkLinks`, "dns_forwarding_ruleset_id", (values) => ({
      virtualNetwork: reference(values, "virtual_network_id"),
    })),
  ],
]);

function named(type: string, fields: (values: Value) => Fields): Shape {
  return (values) => ({ type, names: [nameOf(values)], properties: object(values, fields(values)) });
}

/** Below a parent that it names. */
function below(type: string, parent: string, fields: (values: Value) => Fields): Shape {
  return (values) => ({
    type,
    names: [textOf(ownField(values, parent)) ?? `unknown-${parent}`, nameOf(values)],
    properties: object(values, fields(values)),
  });
}

/** Below a parent whose identifier it has. */
function under(type: string, parent: string, fields: (values: Value) => Fields): Shape {
  return (values) => {
    const id = textOf(ownField(values, parent));
    const own = type.slice(type.lastIndexOf("/") + 1);
    const names = [...(readId(id ?? "")?.names ?? [`unknown-${parent}`]), nameOf(values)];
    const properties = object(values, fields(values));
    return { type, names, properties, ...(id === undefined ? {} : { id: `${id}/${own}/${nameOf(values)}` }) };
  };
}

function nameOf(values: Value): string {
  return textOf(ownField(values, "name")) ?? "default";
}

/** Records stand in `records` or `record`: as texts, or as objects with the names that Azure has too. */
function recordShape(zoneType: string, type: string): Shape {
  const one = { a: "ipv4Address", aaaa: "ipv6Address", cname: "cname", ptr: "ptrdname", ns: "nsdname" }[type];
  const list = type === "cname" ? "cnameRecord" : `${type}Records`;
  return below(`${zoneType}/${type.toUpperCase()}`, "zone_name", (values) => {
    const written = ownField(values, "records") ?? ownField(values, "record");
    const alias = ownField(values, "target_resource_id");
    return {
      ttl: ownField(values, "ttl"),
      targetResource: alias === undefined || alias.kind === "null" ? undefined : object(values, { id: alias }),
      [list]:
        written === undefined || written.kind === "unknown"
          ? written
          : {
              kind: "list",
              span: written.span,
              items: itemsOf(written).map((record) => {
                if (type === "txt") return object(record, { value: ownField(record, "value") ?? record });
                return one === undefined || record.kind === "map" ? record : object(record, { [one]: record });
              }),
            },
    };
  });
}

function serviceShape(type: string): Shape {
  return named(type, (values) => {
    const rules = itemsOf(
      ownField(values, "network_rules") ?? ownField(values, "network_acls") ?? ownField(values, "network_rule_set"),
    )[0];
    return {
      publicNetworkAccess: switched(values, "public_network_access_enabled"),
      georeplications: each(values, "georeplications", (one) => ({ location: ownField(one, "location") })),
      networkAcls:
        rules === undefined
          ? undefined
          : object(rules, {
              defaultAction: ownField(rules, "default_action"),
              ipRules:
                each(rules, "ip_rules", (one) => ({ value: one })) ??
                each(rules, "ip_rule", (one) => ({ value: ownField(one, "ip_range") })),
            }),
    };
  });
}

function machine(values: Value): Fields {
  const ids = itemsOf(ownField(values, "network_interface_ids"));
  const list: Value = { kind: "list", span: values.span, items: ids.map((id) => object(id, { id })) };
  return { networkProfile: object(values, { networkInterfaces: list }) };
}

function endpoint(values: Value): Fields {
  const connections = itemsOf(ownField(values, "private_service_connection"));
  const [connection] = connections;
  const isManual = ownField(connection, "is_manual_connection");
  const made: Value = {
    kind: "list",
    span: values.span,
    items: connections.map((one) =>
      object(one, {
        privateLinkServiceId: ownField(one, "private_connection_resource_id"),
        groupIds: ownField(one, "subresource_names"),
      }),
    ),
  };
  const key =
    isManual?.kind === "boolean" && isManual.is
      ? "manualPrivateLinkServiceConnections"
      : "privateLinkServiceConnections";
  const address = ownField(connection, "private_ip_address");
  return {
    subnet: reference(values, "subnet_id"),
    [key]: made,
    ipConfigurations: each(values, "ip_configuration", (one) => ({
      privateIPAddress: ownField(one, "private_ip_address"),
      memberName: ownField(one, "member_name"),
    })),
    networkInterfaces: each(values, "network_interface", (one) => ({ id: ownField(one, "id") })),
    customDnsConfigs: each(values, "custom_dns_configs", (one) => ({
      fqdn: ownField(one, "fqdn"),
      ipAddresses: ownField(one, "ip_addresses"),
    })),
    privateIPAddresses: address,
    privateDnsZoneGroups: each(values, "private_dns_zone_group", (group) => ({
      privateDnsZoneConfigs: zoneConfigs(values, group),
    })),
  };
}

/** The zones of a group, with the records that were written into each. */
function zoneConfigs(values: Value, group: Value): Value | undefined {
  const ids = ownField(group, "private_dns_zone_ids");
  if (ids === undefined || ids.kind === "null") return undefined;
  const written = itemsOf(ownField(values, "private_dns_zone_configs"));
  // One that is not known yet stands in the list as itself.
  const items = (ids.kind === "unknown" ? [ids] : itemsOf(ids)).map((id) => {
    const config = written.find(
      (one) => textOf(ownField(one, "private_dns_zone_id")) === textOf(id) && textOf(id) !== undefined,
    );
    return object(id, {
      privateDnsZoneId: id,
      recordSets:
        config === undefined
          ? undefined
          : each(config, "record_sets", (set) => ({
              fqdn: ownField(set, "fqdn"),
              ipAddresses: ownField(set, "ip_addresses"),
            })),
    });
  });
  return { kind: "list", span: ids.span, items };
}

/** The identifier of a resource whose own is not known yet. */
export function madeId(values: Value, { type, names, id }: AzureShape, subscription: string): string {
  const group = textOf(fieldOf(values, "resource_group_name"));
  return (
    id ?? idOf(`/subscriptions/${subscription}${group === undefined ? "" : `/resourceGroups/${group}`}`, type, names)
  );
}
