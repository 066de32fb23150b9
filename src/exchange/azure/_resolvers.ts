import { ROOT } from "../../name/domain-name.ts";
import { parseName } from "../../name/name-text.ts";
import { formatAddressPort, parseAddress } from "../../net/address.ts";
import type { DraftResolver, DraftRule, DraftRuleset } from "../draft.ts";
import type { Networks } from "./_networks.ts";
import { type AzureResource, foldId, parentId, scopeOf } from "./azure-resource.ts";
import type { Estate } from "./estate.ts";
import { fieldOf, itemsOf, numberOf, textOf, unknownIn, type Value } from "./value.ts";

const RESOLVER = "Microsoft.Network/dnsResolvers";
const RULESET = "Microsoft.Network/dnsForwardingRulesets";

/** Private resolvers: inbound endpoints become resolvers, rulesets send what leaves by outbound endpoints. */
export function mapResolvers(
  estate: Estate,
  networks: Networks,
): { readonly resolvers: DraftResolver[]; readonly rulesets: DraftRuleset[] } {
  const inbound = estate.ofType(`${RESOLVER}/inboundEndpoints`);
  for (const resolver of estate.ofType(RESOLVER)) estate.claim(resolver);
  const resolvers = inbound.map((one) => inboundEndpoint(estate, networks, one)).filter((one) => one !== undefined);
  for (const outbound of estate.ofType(`${RESOLVER}/outboundEndpoints`)) estate.claim(outbound);
  const rulesets = estate.ofType(RULESET).map((one) => ruleset(estate, networks, one));
  return { resolvers, rulesets };
}

function inboundEndpoint(estate: Estate, networks: Networks, resource: AzureResource): DraftResolver | undefined {
  const configurations = itemsOf(fieldOf(resource.body, "ipConfigurations"));
  const network = networkOf(estate, networks, resource, textOf(fieldOf(configurations[0], "subnet", "id")));
  if (network === undefined) {
    estate.leaveOut(resource, "the network it stands in is not known");
    return undefined;
  }
  estate.claim(resource);
  const address = configurations
    .map((one) => parseAddress(textOf(fieldOf(one, "privateIpAddress")) ?? "")?.text)
    .filter((one) => one !== undefined);
  networks.settle(network, address);
  const note = "its address is only known once it is deployed: write address, and what asks it finds it";
  if (address.length === 0) estate.partial(resource, "its address is only known once it is deployed");
  return {
    id: foldId(resource.id),
    name: resource.names.at(-1) ?? "inbound",
    scope: [resource.names[0] ?? "", ...scopeOf(resource.id)].filter((scope) => scope !== ""),
    origin: resource.origin,
    notes: address.length === 0 ? [note] : [],
    network,
    address,
    platformId: resource.id,
  };
}

/** The network of a subnet; else the one that the private resolver itself stands in. */
function networkOf(
  estate: Estate,
  networks: Networks,
  resource: AzureResource,
  subnet: string | undefined,
): string | undefined {
  if (subnet !== undefined) return networks.refer(parentId(subnet), resource);
  const resolver = estate.get(parentId(resource.id));
  const own = textOf(fieldOf(resolver?.body, "virtualNetwork", "id"));
  return own === undefined ? undefined : networks.refer(own, resource);
}

function ruleset(estate: Estate, networks: Networks, resource: AzureResource): DraftRuleset {
  estate.claim(resource);
  const below = (type: string) =>
    estate.ofType(`${RULESET}/${type}`).filter((one) => parentId(one.id) === foldId(resource.id));
  const links: string[] = [];
  for (const link of below("virtualNetworkLinks")) {
    const network = textOf(fieldOf(link.body, "virtualNetwork", "id"));
    if (network === undefined) estate.leaveOut(link, "the network that it links is not known");
    else {
      estate.claim(link);
      links.push(networks.refer(network, link));
    }
  }
  const rules = below("forwardingRules").map((one) => rule(estate, one));
  const outbound = itemsOf(fieldOf(resource.body, "dnsResolverOutboundEndpoints"))
    .map((one) => textOf(fieldOf(one, "id")) ?? textOf(one))
    .find((id) => id !== undefined);
  const endpoint = outbound === undefined ? undefined : estate.get(outbound);
  const leaves =
    endpoint === undefined
      ? undefined
      : networkOf(estate, networks, endpoint, textOf(fieldOf(endpoint.body, "subnet", "id")));
  if (leaves === undefined)
    estate.partial(resource, "its outbound endpoint is not known: questions leave from each linked network");
  return {
    id: foldId(resource.id),
    name: resource.names.at(-1) ?? "ruleset",
    scope: scopeOf(resource.id),
    origin: resource.origin,
    links: [...new Set(links)],
    forward: rules.filter((one) => one !== undefined),
    platformId: resource.id,
    ...(leaves === undefined ? {} : { network: leaves }),
  };
}

function rule(estate: Estate, resource: AzureResource): DraftRule | undefined {
  const domain = parseName(textOf(fieldOf(resource.body, "domainName")) ?? "", ROOT, "unicode");
  const servers = fieldOf(resource.body, "targetDnsServers");
  const to = itemsOf(servers)
    .map(targetOf)
    .filter((text) => text !== undefined);
  const unknown = unknownIn(servers) ?? unknownIn(fieldOf(resource.body, "domainName"));
  const why = unknown === undefined ? "" : `: ${unknown.reason}`;
  if (domain.kind === "problem") estate.leaveOut(resource, `its domain is not known${why}`);
  else if (to.length === 0) estate.leaveOut(resource, `none of its servers is known${why}`);
  else {
    estate.claim(resource);
    if (unknown !== undefined) estate.partial(resource, `its servers are not all known${why}`);
    const isOff = textOf(fieldOf(resource.body, "forwardingRuleState")) === "Disabled";
    return {
      domain: domain.name,
      to: to.map((text) => ({ kind: "text" as const, text })),
      origin: resource.origin,
      ...(isOff ? { enabled: false } : {}),
    };
  }
  return undefined;
}

function targetOf(server: Value): string | undefined {
  const address = parseAddress(textOf(fieldOf(server, "ipAddress")) ?? "");
  const port = numberOf(fieldOf(server, "port")) ?? 53;
  if (address === undefined || !Number.isInteger(port) || port < 1 || port > 65535) return undefined;
  return port === 53 ? address.text : formatAddressPort({ address, port });
}
