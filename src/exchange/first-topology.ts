import { cloudOf, publicNames, type ServiceInputs } from "../catalogue/expand.ts";
import {
  endpointNames,
  findProviderService,
  hasLocation,
  locationsOf,
  type ProviderService,
  publishedIn,
} from "../catalogue/provider-services.ts";
import {
  findGroup,
  findServiceType,
  groupsIn,
  type ServiceGroup,
  type ServiceType,
} from "../catalogue/service-types.ts";
import { suggestServiceTypes } from "../catalogue/suggest.ts";
import { ancestorOf, type DomainName, prepend, sameName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";

/** What a first topology is made for: a type of service, and the group of it that an endpoint leads to. */
export interface Wanted {
  /** `azure/storage`, `Microsoft.Storage/storageAccounts`, `aws/ecr.api`. */
  readonly type: string;
  /** The type's first where nobody says. */
  readonly group?: string;
}

export type FirstTopology =
  | { readonly kind: "text"; readonly text: string }
  /** A sentence without a full stop. */
  | { readonly kind: "problem"; readonly message: string };

/** Everything that one service needs in a topology. */
interface Part {
  /** The kind of the network it is used in. */
  readonly network: string;
  readonly zones: readonly string[];
  readonly services: readonly string[];
  readonly endpoints: readonly string[];
  /** A name that is private inside. */
  readonly name: string;
  /** Whether it is there outside as well. */
  readonly isPublic: boolean;
}

/** Where services are when nobody says. */
const LOCATIONS: ReadonlyMap<string, string> = new Map([
  ["azure", "westeurope"],
  ["aws", "us-east-1"],
  ["gcp", "europe-west1"],
  ["ibm", "us-south"],
]);

/**
 * A topology with one network for each provider that is wanted, the zones with their right names, a service and an endpoint
 * of each type, and what to expect of them. It loads without a finding, and its expectations hold.
 */
export function firstTopology(wanted: readonly Wanted[], location: string | undefined): FirstTopology {
  const parts: Part[] = [];
  for (const one of wanted) {
    const part = partOf(one, location);
    if (typeof part === "string") return { kind: "problem", message: part };
    parts.push(part);
  }
  return { kind: "text", text: topologyText(parts) };
}

function partOf({ type: text, group }: Wanted, location: string | undefined): Part | string {
  const type = findServiceType(text);
  if (type !== undefined) return ownedPart(type, group, location);
  const provider = findProviderService(text);
  if (provider !== undefined) return providerPart(provider, location);
  const near = suggestServiceTypes(text);
  const hint = near.length === 0 ? "privlink catalogue lists them" : `did you mean ${near.join(" or ")}?`;
  return `no type of service is called ${text}: ${hint}`;
}

/** A service that somebody owns: it has a name, and an endpoint leads to a group of it. */
function ownedPart(type: ServiceType, wanted: string | undefined, where: string | undefined): Part | string {
  const name = `my${type.id.slice(type.id.indexOf("/") + 1).replaceAll(/[^a-z0-9]+/gi, "")}`;
  const location = where ?? LOCATIONS.get("azure") ?? "";
  const parameters = new Map(neededParameters(type).map((parameter) => [parameter, exampleOf(parameter)]));
  const inputs: ServiceInputs = { name, location, replicas: [], parameters, names: new Map() };
  const offered = groupsIn(type, cloudOf(inputs));
  const group = wanted === undefined ? offered[0] : findGroup(type, wanted);
  if (group === undefined || !offered.includes(group)) {
    const names = offered.map((one) => one.name).join(", ");
    return `${type.id} has no group ${wanted ?? ""} in ${location}: there are ${names === "" ? "none" : names}`;
  }
  const names = publicNames(type, inputs);
  const groupText = offered.length > 1 ? `, group: ${group.name}` : "";
  const own = names.names
    .filter((one) => one.group === group)
    .toSorted((a, b) => a.publicName.labels.length - b.publicName.labels.length);
  const best = own.find(({ shared }) => !shared) ?? own[0];
  if (best === undefined) {
    const why = names.problems.find((one) => one.group === group)?.problem ?? "it has no names";
    return `a topology of ${type.id} has to be written by hand: ${why}`;
  }
  return {
    network: "azure",
    zones: [...new Set(own.map(({ zone }) => displayName(zone)))],
    services: [`  ${name}: { type: ${type.id}, location: ${location}${parametersText(parameters)} }`],
    endpoints: [
      ...(wanted === undefined ? otherGroups(type, group, offered) : []),
      `  ${name}-${group.name}: { network: azure, service: ${name}${groupText}, privateDns: auto }`,
    ],
    name: displayName(best.publicName),
    isPublic: true,
  };
}

/** Only what a required placeholder of the type stands for, and does not follow from the location. */
function neededParameters(type: ServiceType): string[] {
  const given = new Set(["regionName", "regionCode", "workspaceShard"]);
  return type.parameters.filter(({ name, required }) => required && !given.has(name)).map(({ name }) => name);
}

/** A value that can be a label; identifiers are written in hexadecimal. */
function exampleOf(parameter: string): string {
  return parameter.endsWith("Id") ? "0a1b2c3d" : parameter.toLowerCase();
}

function parametersText(parameters: ReadonlyMap<string, string>): string {
  if (parameters.size === 0) return "";
  const entries = Array.from(parameters, ([key, value]) => `${key}: ${value}`);
  return `, parameters: { ${entries.join(", ")} }`;
}

function otherGroups(type: ServiceType, group: ServiceGroup, offered: readonly ServiceGroup[]): string[] {
  const others = offered.filter((one) => one !== group).map((one) => one.name);
  return others.length === 0
    ? []
    : [`  # Each group of ${type.id} has an endpoint and a zone of its own: ${others.join(", ")} as well.`];
}

/** A service that a provider runs for everybody: its endpoint makes the zone in its network. */
function providerPart(service: ProviderService, where: string | undefined): Part | string {
  const [network = ""] = service.id.split("/");
  const usual = LOCATIONS.get(network) ?? "";
  const location = where ?? (hasLocation(service, usual) ? usual : (locationsOf(service)?.[0] ?? usual));
  if (!hasLocation(service, location)) return `${service.id} is not in ${location}: say where with --location`;
  if (service.endpoint.none !== "") return `${service.id} has no endpoints of its own: ${service.endpoint.none}`;
  const key = `${service.id.slice(network.length + 1).replaceAll(/[^a-z0-9]+/gi, "-")}-endpoint`;
  const names = endpointNames(service, location, key) ?? [];
  const published = publishedIn(service, location).map(({ name }) => name);
  const best = published.find((name) => names.some((own) => covers(own.name, name)));
  const [own] = names;
  if (own === undefined) return `${service.id} publishes no names in ${location}`;
  return {
    network,
    zones: [],
    services: [],
    endpoints: [`  ${key}: { network: ${network}, service: ${service.id}@${location}, privateDns: auto }`],
    name: displayName(best ?? own.name).replace(/^\*/, "any"),
    isPublic: best !== undefined,
  };
}

/** Whether a name, or a wildcard, is for another name or wildcard as well. */
function covers(own: DomainName, name: DomainName): boolean {
  const wildcardOf = prepend(["*"], ancestorOf(name, Math.max(0, name.labels.length - 1)));
  return sameName(own, name) || (wildcardOf !== undefined && sameName(own, wildcardOf));
}

function topologyText(parts: readonly Part[]): string {
  const networks = [...new Set(parts.map(({ network }) => network))];
  const of = (network: string): Part[] => parts.filter((part) => part.network === network);
  const zoneLines = networks.flatMap((network) =>
    [...new Set(of(network).flatMap(({ zones }) => zones))].map((zone) => `  ${zone}: { links: ${network} }`),
  );
  const sections = [
    ["networks", networks.flatMap(networkLines)],
    ["zones", zoneLines],
    ["services", [...new Set(parts.flatMap(({ services }) => services))]],
    ["endpoints", [...new Set(parts.flatMap(({ endpoints }) => endpoints))]],
    ["expect", networks.flatMap((network) => expectationLines(network, of(network)))],
  ] as const;
  const texts = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([key, lines]) => `${key}:\n${lines.join("\n")}\n`);
  return `# A first topology: put your own names in, then run privlink check and privlink test.\n\n${texts.join("\n")}`;
}

function networkLines(network: string, index: number): string[] {
  return [
    `  ${network}:`,
    `    kind: ${network}`,
    `    prefixes: 10.${index}.0.0/16`,
    `    clients: 127.${10 + index}.0.0/16 # loopback stand-ins: dig -b 127.${10 + index}.0.4 asks from here`,
    `    subnets: { endpoints: 10.${index}.1.0/24 }`,
  ];
}

function expectationLines(network: string, parts: readonly Part[]): string[] {
  const lines = parts.flatMap(({ name, isPublic }) => [
    `  - { from: ${network}, name: ${name}, is: private }`,
    ...(isPublic ? [`  - { from: internet, name: ${name}, is: public }`] : []),
  ]);
  return [...new Set(lines)];
}
