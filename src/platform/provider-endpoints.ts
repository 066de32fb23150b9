import type { ExpandedMember } from "../catalogue/expand.ts";
import { endpointNames, hasLocation, type ProviderService } from "../catalogue/provider-services.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, parentOf } from "../name/domain-name.ts";
import { type Endpoint, type Network, type Service, spanAt } from "../topology/model.ts";

/** Kinds of networks that are a cloud's: what stands in one is that cloud's. */
const CLOUDS: ReadonlyMap<string, string> = new Map([
  ["azure", "azure"],
  ["aws", "aws"],
  ["gcp", "gcp"],
  ["ibm", "ibm"],
  ["ibm-classic", "ibm"],
]);

/** Whether an endpoint of a provider's service may stand in its network; a cloud has no endpoints of another. */
export function canStandIn(
  endpoint: Endpoint,
  network: Network,
  type: string,
  provider: string,
  diagnostics: Diagnostics,
): boolean {
  const cloud = CLOUDS.get(network.kind);
  if (cloud === undefined || cloud === provider) return true;
  const message = `endpoint ${endpoint.key} of ${type} stands in network ${network.key}, which is ${network.kind}`;
  diagnostics.report("endpoint/other-provider", message, spanAt(endpoint, "network"), {
    hint: "put it into a network of its provider, and let the others forward there",
    related: [{ message: `network ${network.key} is here`, span: network.span }],
  });
  return false;
}

/**
 * What an endpoint of a service that a provider runs publishes, as one member that has all its addresses: the names it
 * chooses, else those of its type. `undefined` where it publishes nothing, which is told.
 */
export function membersOfProvider(
  endpoint: Endpoint,
  network: Network,
  service: Service,
  type: ProviderService,
  diagnostics: Diagnostics,
): readonly ExpandedMember[] | undefined {
  const [provider = ""] = type.id.split("/");
  if (!canStandIn(endpoint, network, type.id, provider, diagnostics)) return undefined;
  const { location } = service;
  if (location === undefined || !hasLocation(type, location)) return undefined; // Told where its public names are made.
  if (type.endpoint.none !== "") {
    const message = `${type.id} has no endpoints of its own`;
    diagnostics.report("endpoint/group-not-offered", message, spanAt(endpoint, "service"), {
      hint: type.endpoint.none,
    });
    return undefined;
  }
  const chosen = endpoint.names.map((name) => ({ name, zone: zoneOf(name) }));
  const names = chosen.length > 0 ? chosen : endpointNames(type, location, nameOf(endpoint));
  if (names === undefined) {
    const message = `endpoint ${endpoint.key} has a name that ${type.id} makes no host name of`;
    diagnostics.report("topology/bad-name", message, endpoint.span, { hint: "give it a shorter key, or names" });
    return undefined;
  }
  return [
    {
      member: "endpoint",
      names: names.map(({ name, zone }) => ({ publicName: name, privateName: name, zone, shared: true })),
    },
  ];
}

/** The zone that a chosen name is published in: its own; for a wildcard the one it is below. */
function zoneOf(name: DomainName): DomainName {
  return name.labels[0] === "*" ? parentOf(name) : name;
}

function nameOf({ key }: Endpoint): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
