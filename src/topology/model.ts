/**
 * A validated topology: every reference is a key that exists, every text is parsed. Plain data (it crosses threads);
 * `docs/topology.md` says what each key means to a user.
 */
import type { DomainName } from "../name/domain-name.ts";
import type { Address, AddressPort } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { ServedZones } from "./served-zones.ts";

export interface Topology {
  /** In file order, as every map here. `internet` is not among them: it is built in. */
  readonly networks: ReadonlyMap<string, Network>;
  readonly zones: ReadonlyMap<string, PrivateZone>;
  readonly services: ReadonlyMap<string, Service>;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly rulesets: ReadonlyMap<string, Ruleset>;
  readonly resolvers: ReadonlyMap<string, DeclaredResolver>;
  readonly publicData: PublicData;
  readonly listeners: readonly Listener[];
  readonly expectations: readonly Expectation[];
  readonly assume: Assume;
}

/** What every declared thing has: its key, and where it and its parts stand. */
export interface Declared {
  readonly key: string;
  /** The key in the file. */
  readonly span: SourceSpan;
  /**
   * Where values stand, by path below the thing: `prefixes[0]`, `hosts.vm1.address`. Where the user chose the key, its own
   * place stands beside, with `@key` behind the path: `parameters.cloud@key`. Read it with `spanAt` and `keySpanAt`.
   */
  readonly spans: ReadonlyMap<string, SourceSpan>;
  readonly id?: string;
}

export type NetworkKind = "generic" | "azure" | "aws" | "gcp" | "ibm" | "ibm-classic" | "kubernetes" | "on-premises";

export interface Network extends Declared {
  readonly kind: NetworkKind;
  readonly location?: string;
  readonly prefixes: readonly Cidr[];
  readonly clients: readonly Cidr[];
  readonly subnets: ReadonlyMap<string, Cidr>;
  /** Empty: the platform resolver. Never empty on premises, where the default is `internet`. */
  readonly dns: readonly Target[];
  readonly forward: readonly ForwardRule[];
  /** Of its platform resolver, in place of those of the kind. */
  readonly platform: readonly Address[];
  /** As written; reachability counts them both ways. */
  readonly peers: readonly string[];
  /** Its peers reach one another through it. */
  readonly transit: boolean;
  /** Further addresses its machines reach, one way; absent: those of the kind. */
  readonly routes?: readonly Cidr[];
  /** Whether its machines reach public addresses. */
  readonly egress: boolean;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly aws: AwsNetwork;
  readonly ibm: IbmNetwork;
  /** Absent: its machines have no names of their own. */
  readonly gcp?: GcpNetwork;
}

/** What only Google Cloud has. */
export interface GcpNetwork {
  /** As the provider writes it: `my-project`, `example.com:my-project`. */
  readonly project: string;
  /** Which names its machines have: with their zone, without, or both. */
  readonly names: readonly GcpNames[];
}

export type GcpNames = "zonal" | "global";

/** What only AWS has; true where the network is another's. */
export interface AwsNetwork {
  /** Whether the network has a platform resolver. */
  readonly dnsSupport: boolean;
  /** Whether, with the other one, private zones are seen in it. */
  readonly dnsHostnames: boolean;
}

/** What only IBM Cloud's classic networks have; true where the network is another. */
export interface IbmNetwork {
  readonly vrf: boolean;
  /** Without these two, or one of them, service endpoints have names and no route. */
  readonly serviceEndpoints: boolean;
}

export interface Host extends Declared {
  readonly addresses: readonly Cidr[];
  /** Empty: the network's. */
  readonly dns: readonly Target[];
  readonly clients: readonly Cidr[];
  /** Where it runs, if not where the network is. */
  readonly location?: string;
  /** Whether it appears where a link says registration. */
  readonly registered: boolean;
}

export type OnMiss = "nxdomain" | "internet";

export interface PrivateZone extends Declared {
  readonly name: DomainName;
  /** Master files of this zone (`spans`: `file[0]`); for a zone out of a folder the one file. */
  readonly files: readonly FileReference[];
  /** Set for a zone that came from a `folder`: the key of the entry that named the folder. */
  readonly folder?: string;
  readonly records: readonly ZoneText[];
  readonly links: readonly Link[];
  readonly onMiss: OnMiss;
  /** Seconds, for records without one. */
  readonly ttl?: number;
  /** Rdata of the SOA, when no file has one. */
  readonly soa?: ZoneText;
}

/** A path as written, or as a folder was listed: relative to the file that `span` is in. */
export interface FileReference {
  readonly path: string;
  readonly span: SourceSpan;
}

/** Zone-file lines that stand in a topology or in a file of their own. */
export interface ZoneText {
  readonly text: string;
  /** For each stretch of `text`, where it starts in `file`; ascending by `at`, the first at 0. */
  readonly file: SourceSpan["file"];
  readonly stretches: readonly { readonly at: number; readonly offset: number }[];
}

export interface Link {
  readonly network: string;
  readonly onMiss: OnMiss;
  readonly state: "completed" | "inProgress";
  /** Whether machines of the network appear in the zone. */
  readonly registration: boolean;
  readonly name?: string;
  readonly span: SourceSpan;
}

export interface Service extends Declared {
  /** The resource name: what stands in its public names. */
  readonly name: string;
  /** An id of the catalogue: `azure/container-registry`. */
  readonly type: string;
  readonly location?: string;
  readonly replicas: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
  /** Member → public name. */
  readonly names: ReadonlyMap<string, DomainName>;
  readonly chain: readonly DomainName[];
  readonly addresses: readonly Address[];
  readonly ttl?: number;
  readonly publicNetworkAccess: "enabled" | "disabled";
  readonly allow: readonly Cidr[];
  readonly publicAlias: PublicAlias;
}

export type PublicAlias = "always" | "whenApproved" | "whenAny" | "never";

export interface Endpoint extends Declared {
  readonly network: string;
  readonly service: string;
  /** Absent: the type's only group. */
  readonly group?: string;
  /** Absent: the network's only subnet. */
  readonly subnet?: string;
  readonly address: EndpointAddress;
  readonly static: boolean;
  readonly connection: "approved" | "pending" | "rejected" | "disconnected";
  readonly privateDns: readonly PrivateDns[];
  /** What it publishes, where the gateway chooses that; empty: what its service's type says. */
  readonly names: readonly DomainName[];
  readonly ttl?: number;
}

export type EndpointAddress =
  | { readonly kind: "allocated" }
  /** All of them for each name. */
  | { readonly kind: "each"; readonly addresses: readonly Address[] }
  | { readonly kind: "members"; readonly members: ReadonlyMap<string, readonly Address[]> };

export type PrivateDns =
  | { readonly kind: "auto"; readonly span: SourceSpan }
  | { readonly kind: "zone"; readonly key: string; readonly span: SourceSpan };

export interface DeclaredResolver extends Declared {
  /** `internet` where no network is declared. */
  readonly network: string;
  readonly addresses: readonly AddressPort[];
  readonly forward: readonly ForwardRule[];
  /** Zones it holds itself. */
  readonly zones: readonly string[];
  /** A real server: asked over the wire, or not at all. */
  readonly external: boolean;
  /** Whether an alias in a target's reply is a new question here, or the target's whole reply is final. */
  readonly aliases: "trust" | "chase";
  /** What of a target makes it ask the next one. */
  readonly failover: readonly FailoverCause[];
  /** The name that its certificate must have: it is asked over TLS. */
  readonly tls?: string;
  /** Of its addresses the one with the shortest round trip first, not the one that is listed first. */
  readonly order?: ServerOrder;
  readonly cache?: CacheSettings;
  /** External: what it is told of clients; absent: nothing. */
  readonly told?: ToldOfClients;
}

/** What real servers are told of the client that asks. */
export interface ToldOfClients {
  /** Its address and the one that it asked, in a header of the PROXY protocol. */
  readonly proxy?: true;
  /** A prefix of its address, in an EDNS option (RFC 7871). */
  readonly subnet?: SentSubnet;
}

/** How many bits of an address are told at most. */
export interface SentSubnet {
  readonly ipv4: number;
  readonly ipv6: number;
}

export type ServerOrder = "listed" | "fastest";

/** How answers of real servers are kept, as far as it is said. Times in seconds. */
export interface CacheSettings {
  readonly keep?: boolean;
  /** Octets of all kept answers, of every resolver; of `public` alone. */
  readonly size?: number;
  readonly maxTtl?: number;
  readonly maxNegativeTtl?: number;
  readonly stale?: number;
  readonly prefetch?: boolean;
}

export type FailoverCause = "no-reply" | "servfail" | "refused" | "notimp";

/** Rules that the platform resolvers of several networks obey. */
export interface Ruleset extends Declared {
  /** What the platform calls it. */
  readonly name: string;
  readonly links: readonly RulesetLink[];
  /** Where its questions leave; absent: from each linked network. */
  readonly network?: string;
  readonly forward: readonly ForwardRule[];
  /** Against linked zones; absent: as the kind of each network has it. */
  readonly order?: RuleOrder;
}

export interface RulesetLink {
  readonly network: string;
  readonly span: SourceSpan;
}

/** With zones: the longest suffix of both. */
export type RuleOrder = "before-zones" | "with-zones" | "after-zones";

/** What becomes of the names at or below a domain. */
export type ForwardRule = {
  readonly domain: DomainName;
  /** False: as if it were not there. */
  readonly enabled: boolean;
  readonly span: SourceSpan;
} & RuleAction;

export type RuleAction =
  /** They are asked of targets, in order. */
  | { readonly kind: "to"; readonly targets: readonly Target[] }
  /** They are answered as the platform resolver of a network would. */
  | { readonly kind: "view"; readonly network: string }
  /** They all have these records: lines without an owner. */
  | { readonly kind: "answer"; readonly records: ZoneText };

/** Who is asked: a `dns`, `to` or `upstream` value. `text` is as written. */
export type Target = { readonly text: string; readonly span: SourceSpan } & (
  | { readonly kind: "address"; readonly at: AddressPort; readonly tls?: string }
  /** The platform resolver of where the asker stands, or of a named network (`N/platform`). */
  | { readonly kind: "platform"; readonly network?: string }
  /** What the clients of the asker's network use. */
  | { readonly kind: "network" }
  | { readonly kind: "internet" }
  | { readonly kind: "resolver"; readonly key: string }
);

export interface PublicData {
  /** Master files and folders of them. */
  readonly zones: readonly FileReference[];
  readonly records: readonly ZoneText[];
  readonly upstream: readonly Target[];
  readonly order?: ServerOrder;
  readonly onMiss: "nxdomain" | "upstream";
  /** For resolvers that have no settings of their own. */
  readonly cache?: CacheSettings;
  /** What the upstream is told of clients; absent: nothing. */
  readonly told?: ToldOfClients;
}

/** What a listener says of how many replies strangers get; the rest is as usual. */
export interface RateLimitSettings {
  readonly responsesPerSecond?: number;
  readonly allPerSecond?: number;
  /** Of so many replies over the limit one is truncated; 0: none. */
  readonly slip?: number;
}

export interface Listener {
  readonly at: AddressPort;
  /** A network's key, or `internet`. */
  readonly network?: string;
  /** A resolver's key, or `platform`. */
  readonly resolver?: string;
  /** Set for an authoritative listener, which has neither of the two above. */
  readonly serves?: ServedZones;
  /** Peers believed about the client's subnet: loopback unless said. Empty: nobody. */
  readonly trust: readonly Cidr[];
  /** Those peers put a PROXY header in front of each datagram and connection; all others are dropped. */
  readonly proxy?: "required";
  readonly maxTtl?: number;
  /** Octets of a UDP message, 512 to 4096. */
  readonly maxUdpSize?: number;
  /** What a client gets whose own server does not answer: `servfail` unless said. */
  readonly unreachable?: "servfail" | "drop";
  /** How much of why is told at most: `full` unless said. */
  readonly ede?: "full" | "code" | "off";
  /** How many replies strangers get over UDP; `false`: as many as they ask for. */
  readonly rateLimit?: RateLimitSettings | false;
  readonly span: SourceSpan;
}

/** One line of `expect`, parsed: it holds when its conditions do for every asker, name and type of it. */
export interface Expectation extends Conditions {
  readonly from: readonly Asker[];
  /** A resolver's key, `platform`, `NETWORK/platform`, `internet` or the text of an address. */
  readonly ask?: string;
  readonly names: readonly AskedName[];
  /** One or more. */
  readonly types: readonly number[];
  readonly not?: Conditions;
  readonly tags: readonly string[];
  readonly because?: string;
  /** Its first key: where it stands. */
  readonly span: SourceSpan;
  /** All of it. */
  readonly whole: SourceSpan;
  /** Where the values of its keys stand. */
  readonly spans: ReadonlyMap<string, SourceSpan>;
}

/** Words for how a question may end, in an expectation, where its addresses could stand. */
export const ENDINGS: readonly string[] = ["nxdomain", "nodata", "servfail", "refused", "no-reply", "unknown"];

/** What an answer must be. */
export interface Conditions {
  /** Addresses and prefixes in canonical form, endings in lower case (`nxdomain`), or rdata as written. */
  readonly resolves?: readonly string[];
  readonly is?: "private" | "public";
  readonly via: readonly DomainName[];
  /** Seconds. */
  readonly ttl?: TtlBounds;
}

export interface TtlBounds {
  readonly min?: number;
  readonly max?: number;
}

/** A name, or a pattern of the names that the model knows, as written. */
export type AskedName =
  | { readonly kind: "name"; readonly name: DomainName }
  | { readonly kind: "pattern"; readonly text: string };

/** Who asks: a network, a host in it, or an address. */
export type Asker =
  /** `internet` is one, too. */
  | { readonly kind: "network"; readonly network: string }
  | { readonly kind: "host"; readonly network: string; readonly host: string }
  | { readonly kind: "address"; readonly address: Address };

export interface Assume {
  readonly publicAlias: PublicAlias;
  readonly reachability: "enforce" | "ignore";
  /** Whether aliases in public data come back to a network's zones, where its provider does not say. */
  readonly reenter: "all" | "private";
  /** Azure: where rules that do not say it stand against linked zones. */
  readonly azureRules: "with-zones" | "after-zones";
  /** Azure: whether a `.` rule leaves the domains that Azure reserves alone. */
  readonly reservedNames: boolean;
  /** Whether an alias that a rule's target gives comes back to the network's zones, where its provider does not say. */
  readonly ruleAliases: "chase" | "trust";
  /** Where a name goes that `onMiss: internet` sends on, when a rule is there for it. */
  readonly redirectThrough: "internet" | "rules";
  /** Whether `onMiss: internet` sends on a type that a name does not have, too. */
  readonly redirectNodata: boolean;
}

/** Where the value at `path` stands, or the thing itself. */
export function spanAt(thing: Declared, path: string): SourceSpan {
  return thing.spans.get(path) ?? thing.span;
}

/** Where the key of the value at `path` stands, for faults of the key: where it is not kept, the value or the thing. */
export function keySpanAt(thing: Declared, path: string): SourceSpan {
  return thing.spans.get(keyPath(path)) ?? spanAt(thing, path);
}

/** The path in `spans` of the key whose value stands at `path`. */
export function keyPath(path: string): string {
  return `${path}@key`;
}
