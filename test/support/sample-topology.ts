import { knownName } from "../../src/name/name-text.ts";
import type { Address } from "../../src/net/address.ts";
import { parseAddress } from "../../src/net/address.ts";
import { type Cidr, parseCidr } from "../../src/net/cidr.ts";
import { type SourceSpan, sourceFile } from "../../src/source/source-file.ts";
import type {
  Declared,
  DeclaredResolver,
  Endpoint,
  EndpointAddress,
  Network,
  PrivateDns,
  PrivateZone,
  Service,
  Topology,
} from "../../src/topology/model.ts";

/** What a test says of a topology: everything else is as when nobody says it. */
export interface Sample {
  readonly networks?: Readonly<Record<string, SampleNetwork>>;
  /** Zone's key → the networks it is linked to. */
  readonly zones?: Readonly<Record<string, readonly string[]>>;
  readonly services?: Readonly<Record<string, SampleService>>;
  readonly endpoints?: Readonly<Record<string, SampleEndpoint>>;
  /** Resolver's key → `NETWORK ADDRESS`. */
  readonly resolvers?: Readonly<Record<string, string>>;
}

export interface SampleNetwork {
  readonly kind?: Network["kind"];
  readonly prefixes?: string;
  /** `NAME PREFIX`, separated by commas. */
  readonly subnets?: string;
  readonly hosts?: Readonly<Record<string, string>>;
}

export interface SampleService extends Partial<Pick<Service, "location" | "replicas" | "ttl" | "publicAlias">> {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly names?: Readonly<Record<string, string>>;
  readonly chain?: readonly string[];
  readonly addresses?: readonly string[];
}

export interface SampleEndpoint extends Partial<Pick<Endpoint, "group" | "subnet" | "static" | "connection" | "ttl">> {
  readonly network?: string;
  readonly service: string;
  /** One address or several for each name, or member → addresses. */
  readonly address?: string | Readonly<Record<string, string>>;
  /** `auto`, `none`, or zones' keys separated by commas. */
  readonly privateDns?: string;
}

/** One network `hub`, 10.0.0.0/16 with the subnet `pe` 10.0.1.0/24, of kind azure. */
export const HUB = { hub: { kind: "azure", prefixes: "10.0.0.0/16", subnets: "pe 10.0.1.0/24" } } as const;

/** A topology as the reader of topologies makes it; the text of its file is its keys, one per line. */
export function sampleTopology(sample: Sample): Topology {
  const { networks = HUB, zones = {}, services = {}, endpoints = {}, resolvers = {} } = sample;
  const keys = [networks, zones, services, endpoints, resolvers].flatMap((one) => Object.keys(one));
  const file = sourceFile("privlink.yaml", keys.join("\n"));
  const declared = (key: string): Declared => {
    const start = keys.slice(0, keys.indexOf(key)).reduce((sum, one) => sum + one.length + 1, 0);
    return { key, span: { file, start, end: start + key.length }, spans: new Map() };
  };
  const mapOf = <A, B>(from: Readonly<Record<string, A>>, make: (value: A, thing: Declared) => B): Map<string, B> =>
    new Map(Object.entries(from).map(([key, value]) => [key, make(value, declared(key))]));
  const resolverOf = (text: string, thing: Declared): DeclaredResolver => {
    const [network = "", address = ""] = text.split(" ");
    const nothing = { forward: [], zones: [], external: false, aliases: "trust", failover: [] } as const;
    return { ...thing, network, addresses: [{ address: addressFrom(address), port: 53 }], ...nothing };
  };
  return {
    networks: mapOf<SampleNetwork, Network>(networks, networkOf),
    zones: mapOf(zones, zoneOf),
    services: mapOf(services, serviceOf),
    endpoints: mapOf(endpoints, endpointOf),
    resolvers: mapOf(resolvers, resolverOf),
    publicData: { zones: [], records: [], upstream: [], onMiss: "nxdomain" },
    listeners: [],
    expectations: [],
    rulesets: new Map(),
    assume: {
      publicAlias: "whenApproved",
      reachability: "enforce",
      reenter: "all",
      azureRules: "after-zones",
      reservedNames: true,
      ruleAliases: "chase",
      redirectThrough: "internet",
      redirectNodata: false,
    },
  };
}

function networkOf(
  { kind = "azure", prefixes = "10.0.0.0/16", subnets, hosts = {} }: SampleNetwork,
  thing: Declared,
): Network {
  const pairs = list(subnets).map((text): [string, Cidr] => {
    const [name = "", prefix = ""] = text.split(" ");
    return [name, cidrFrom(prefix)];
  });
  const nothing = { clients: [], dns: [], forward: [], peers: [], platform: [], transit: false, egress: true };
  const providers = { aws: { dnsSupport: true, dnsHostnames: true }, ibm: { vrf: true, serviceEndpoints: true } };
  const machines = Object.entries(hosts).map(([key, address]) => ({
    ...thing,
    key,
    addresses: [cidrFrom(address)],
    dns: [],
    clients: [],
    registered: true,
  }));
  return {
    ...thing,
    ...nothing,
    ...providers,
    kind,
    prefixes: list(prefixes).map(cidrFrom),
    subnets: new Map(pairs),
    hosts: new Map(machines.map((host) => [host.key, host])),
  };
}

function zoneOf(networks: readonly string[], thing: Declared): PrivateZone {
  const { key, span } = thing;
  const links = networks.map((network) => ({
    network,
    onMiss: "nxdomain" as const,
    state: "completed" as const,
    registration: false,
    span,
  }));
  return { ...thing, name: knownName(key.replace(/^.*\//, "")), files: [], records: [], links, onMiss: "nxdomain" };
}

function serviceOf(sample: SampleService, thing: Declared): Service {
  const { type, parameters = {}, names = {}, chain = [], addresses = [], replicas = [], ...rest } = sample;
  return {
    ...thing,
    publicAlias: "whenApproved",
    ...rest,
    name: thing.key.replace(/^.*\//, ""),
    type,
    replicas,
    parameters: new Map(Object.entries(parameters)),
    names: new Map(Object.entries(names).map(([member, name]) => [member, knownName(name)])),
    chain: chain.map(knownName),
    addresses: addresses.map(addressFrom),
    publicNetworkAccess: "enabled",
    allow: [],
  };
}

function endpointOf(sample: SampleEndpoint, thing: Declared): Endpoint {
  const { network = "hub", address, privateDns = "auto", ...rest } = sample;
  const { span } = thing;
  return {
    ...thing,
    static: false,
    connection: "approved",
    names: [],
    ...rest,
    network,
    address: endpointAddress(address),
    privateDns: list(privateDns === "none" ? undefined : privateDns).map((key) => privateDnsOf(key, span)),
  };
}

function privateDnsOf(key: string, span: SourceSpan): PrivateDns {
  return key === "auto" ? { kind: "auto", span } : { kind: "zone", key, span };
}

function endpointAddress(address: SampleEndpoint["address"]): EndpointAddress {
  if (address === undefined) return { kind: "allocated" };
  if (typeof address === "string") return { kind: "each", addresses: list(address).map(addressFrom) };
  const members = Object.entries(address).map(([member, own]): [string, readonly Address[]] => [
    member,
    list(own).map(addressFrom),
  ]);
  return { kind: "members", members: new Map(members) };
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(",").map((one) => one.trim());
}

function addressFrom(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

function cidrFrom(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed.kind === "problem") throw new Error(`${text} ${parsed.problem}`);
  return parsed.cidr;
}
