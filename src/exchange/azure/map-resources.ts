import { foldLabel } from "../../name/domain-name.ts";
import { type Draft, EMPTY_DRAFT } from "../draft.ts";
import { mapEndpoints } from "./_endpoints.ts";
import { Networks } from "./_networks.ts";
import { mapResolvers } from "./_resolvers.ts";
import { Services } from "./_services.ts";
import { mapPublicZones, Zones } from "./_zones.ts";
import type { AzureResource } from "./azure-resource.ts";
import { Estate } from "./estate.ts";

/** A draft of an estate, and how much of the estate is in it. */
export interface MappedEstate {
  readonly draft: Draft;
  /** Resources, each identifier once. */
  readonly resources: number;
  /** Those that are in the draft; each other one is in `draft.unmapped` as left out. */
  readonly mapped: number;
}

/** Turns the resources of Azure into a draft, whatever they were read from. Every resource is in it or reported. */
export function mapResources(resources: readonly AzureResource[]): MappedEstate {
  const estate = new Estate(resources);
  const networks = new Networks(estate);
  const services = new Services(estate);
  const zones = new Zones(estate, networks);
  const endpoints = mapEndpoints(estate, networks, services, zones);
  const { resolvers, rulesets } = mapResolvers(estate, networks);
  networks.addHosts();
  const publicZones = mapPublicZones(estate);
  const draft: Draft = {
    ...EMPTY_DRAFT,
    networks: networks.drafts(),
    zones: zones.drafts(endpoints),
    services: services.drafts(),
    endpoints,
    resolvers,
    rulesets,
    publicZones,
    unmapped: estate.unmapped,
  };
  estate.finish(reasonFor);
  return { draft, resources: estate.size, mapped: estate.mapped };
}

/** Types that shape who reaches whom, or what is answered, in ways that the model does not have. */
const REASONS: ReadonlyMap<string, string> = new Map([
  [
    "microsoft.network/azurefirewalls",
    "a firewall that proxies DNS is a resolver of the model: declare it by hand if it does",
  ],
  ["microsoft.network/virtualnetworkgateways", "what it connects is not known here: declare those networks as peers"],
  [
    "microsoft.network/virtualhubs",
    "networks that reach one another through it are not known here: declare one with transit",
  ],
  ["microsoft.network/privatelinkservices", "a service of your own has no public name: its endpoints have no records"],
  ["microsoft.network/networksecuritygroups", "who may send what is not modelled, only who reaches whom"],
  ["microsoft.network/routetables", "routes are not modelled, only who reaches whom"],
]);

function reasonFor({ type }: AzureResource): string {
  if (/\/privateEndpointConnections$/i.test(type)) return "its endpoint says the same: import the endpoint";
  if (/\/privateLinkResources$/i.test(type)) return "the catalogue has the groups and members of each type";
  return REASONS.get(foldLabel(type)) ?? "it has no part in names that privlink models";
}
