import type { DomainName } from "../name/domain-name.ts";
import type { SuffixMap } from "../name/suffix-map.ts";
import type { AddressPort } from "../net/address.ts";
import type { RRset } from "../record/rrset.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type {
  FailoverCause,
  OnMiss,
  RuleOrder,
  ServerOrder,
  Target,
  ToldOfClients,
  Topology,
} from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import type { BuiltinZone } from "./builtin-zones.ts";
import type { ClientMap } from "./clients.ts";
import type { EndpointName } from "./endpoint-names.ts";

/** One immutable generation of everything a question can meet. Parts that a reload did not touch are shared. */
export interface Snapshot {
  readonly topology: Topology;
  /** Which network (and host) an address asks from. */
  readonly clients: ClientMap;
  /** Every resolver of the model by key: declared ones, `NETWORK/platform` for each network that has one, `internet`. */
  readonly resolvers: ReadonlyMap<string, SimulatedResolver>;
  /** The resolvers at each address, by the address's text, in file order. */
  readonly resolversAt: ReadonlyMap<string, readonly SimulatedResolver[]>;
  /** Where each resolver that is a real server is asked, by its key. */
  readonly realServers: ReadonlyMap<string, RealServers>;
  /** What the internet says, the same for everybody. */
  readonly internet: PublicView;
  /** Who answers the internet's own clients: `resolvers.get("internet")`. */
  readonly internetResolver: SimulatedResolver;
  /** Every declared private zone with what endpoints and machines write into it, by key, linked or not. */
  readonly zones: ReadonlyMap<string, Zone>;
  /** What each authoritative listener serves, by the key of its choice of zones. */
  readonly authorities: ReadonlyMap<string, Authority>;
  /** What each endpoint's names are, by public and by private name. */
  readonly endpointNames: ReadonlyMap<string, readonly EndpointName[]>;
  /** Networks that each network reaches, itself included. */
  readonly reachable: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of other networks' platform resolvers that each network's machines have a route to, and are answered by. */
  readonly routed: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Something that answers with one view: a platform resolver, or its addresses that know public data alone; an inbound
 * endpoint, a forwarder, a real server that the model knows of, the internet.
 */
export interface SimulatedResolver {
  /** `hub-forwarder`, `hub/platform`, `internet`. */
  readonly key: string;
  readonly kind: "platform" | "public" | "inbound" | "forwarder" | "external" | "internet";
  /** Where it stands; absent for `internet`. */
  readonly network?: string;
  readonly addresses: readonly AddressPort[];
  readonly view: View;
  /** Where it is declared; a platform resolver: its network. */
  readonly span?: SourceSpan;
}

/** What one resolver can see, compiled. */
export interface View {
  /** Where questions leave from: the network of the resolver; absent for `internet`. */
  readonly network?: string;
  /** Linked, or held, zones by name. */
  readonly zones: SuffixMap<ViewZone>;
  /** Every rule that counts, whatever it is looked at with. */
  readonly rules: readonly Rule[];
  /** Zones of names, and of addresses, that the network's machines have by themselves. */
  readonly hostZones: SuffixMap<ViewZone>;
  /** Why no zone is seen, whatever is linked: a clause. */
  readonly blind?: string;
  /** Keys of every name at or above one of those: they exist (RFC 8020), whatever the internet says. */
  readonly knownAncestors: ReadonlySet<string>;
  /** Whether an alias in a target's reply is a new question here, or the target's whole reply is final (SEMANTICS 2, 3). */
  readonly aliases: "trust" | "chase";
  /** Whether that is a switch of the topology: the provider does not say. */
  readonly aliasesAreAssumed?: true;
  /** What becomes of a name that a zone's link sends on. */
  readonly redirect: Redirect;
  /** What of a target makes it ask the next one (SEMANTICS 19). */
  readonly failover: readonly FailoverCause[];
  /** Aliases followed before the resolver gives up (SEMANTICS 26). */
  readonly aliasLimit: number;
  /** What is looked at before the internet, in order. */
  readonly phases: readonly Phase[];
  /** Where a `.` rule leaves some domains alone. */
  readonly reserved?: ReservedDomains;
  /** Whose aliases come back to this view; assumed, where the provider does not document it. */
  readonly reenter: { readonly aliases: "all" | "private"; readonly isAssumed: boolean };
}

/** What is looked at together: of these the longest suffix answers, and on a tie the one that stands first. */
export type Phase = readonly Layer[];

export type Layer =
  | { readonly kind: "zones"; readonly zones: SuffixMap<ViewZone> }
  | { readonly kind: "rules"; readonly rules: SuffixMap<Rule> };

export interface Redirect {
  /** Past rules, or to one that is there for the name. */
  readonly through: "internet" | "rules";
  /** Whether a missing type is sent on as well. */
  readonly nodata: boolean;
  /** Whether these are switches of the topology. */
  readonly isAssumed: boolean;
}

export interface ReservedDomains {
  readonly domains: SuffixMap<DomainName>;
  /** False: the switch of the topology says that nothing is left alone. */
  readonly areLeftAlone: boolean;
}

export interface ViewZone {
  /** The zone's identity: its key in the topology (SEMANTICS 21). */
  readonly key: string;
  readonly zone: Zone;
  /** Where it is declared. */
  readonly span: SourceSpan;
  /** The link that makes it visible; absent for a zone that the resolver holds itself. */
  readonly link?: { readonly network: string; readonly span: SourceSpan };
  /** For a zone that nobody declares: the endpoint, else the machines, that the provider makes it for, and where. */
  readonly madeBy?: { readonly endpoint?: string; readonly network: string };
  readonly onMiss: OnMiss;
  /** Types that `onMiss: internet` works for; absent = every type (SEMANTICS 9). */
  readonly redirectTypes?: readonly number[];
}

/** An authoritative server: the zones it has, and nothing else. */
export interface Authority {
  /** The key of the choice of zones, in words: `the public zones`. */
  readonly key: string;
  readonly zones: SuffixMap<ServedZone>;
}

/** A zone as an authoritative server has it: what endpoints, services and `public.records` write is in it. */
export type ServedZone =
  | { readonly kind: "private"; readonly source: ViewZone; readonly zone: Zone }
  | { readonly kind: "public"; readonly source: PublicZone; readonly zone: Zone };

export type Rule = RuleOrigin & CompiledAction;

interface RuleOrigin {
  readonly domain: DomainName;
  readonly span: SourceSpan;
  /** The key of the ruleset that it is of; absent: the resolver, or its network, has it by itself. */
  readonly ruleset?: string;
  /** Whether a target is a resolver of the model, which knows private zones and built-in names itself. */
  readonly leadsInside: boolean;
  /** Leads back to the resolver that has it: names are left to its zones and the internet, past its other rules. */
  readonly isLocal: boolean;
  /** Where it stands against linked zones, when that is a switch of the topology: neither it nor the provider says. */
  readonly assumedOrder?: RuleOrder;
}

type CompiledAction =
  /** `network`: where its questions leave, when that is not where the resolver stands. */
  | { readonly kind: "to"; readonly targets: readonly Target[]; readonly network?: string }
  /** The platform resolver of `network` answers. */
  | { readonly kind: "view"; readonly network: string }
  /** Its records, as a zone in which they are at every name. */
  | { readonly kind: "answer"; readonly zone: Zone };

/** The targets of a rule; none where it answers by itself or as another network would. */
export function targetsOf(rule: Rule): readonly Target[] {
  return rule.kind === "to" ? rule.targets : [];
}

/** Real servers that know the same, and which of them is asked first. */
export interface RealServers {
  readonly targets: readonly Target[];
  readonly order: ServerOrder;
  /** What they are told of the client; absent: nothing. */
  readonly told?: ToldOfClients;
}

/** Public data, the same for everybody: exact owners over public zones and built-in names over an upstream or nothing. */
export interface PublicView {
  /** Records of services and `public.records`, as one zone at the root: what is not in it is asked of the rest. */
  readonly exact: Zone;
  /** The key of the service that each of those names is made for; names that the user gave are missing. */
  readonly publishers: ReadonlyMap<string, string>;
  readonly zones: SuffixMap<PublicZone>;
  readonly builtins: SuffixMap<BuiltinZone>;
  readonly upstream: RealServers;
  /** Whether a name missing from all of the above goes to the upstream. */
  readonly onMiss: "nxdomain" | "upstream";
  /** The simulated root's SOA (SEMANTICS 8). */
  readonly rootSoa: RRset;
  /** The root's NS set. */
  readonly rootNs: RRset;
  /** Keys of every name at or above a public or built-in zone: they exist (RFC 8020), as what is above `exact` does. */
  readonly knownAncestors: ReadonlySet<string>;
}

export interface PublicZone {
  /** The zone's name; its file where several would be asked for. */
  readonly key: string;
  readonly zone: Zone;
  readonly span?: SourceSpan;
}
