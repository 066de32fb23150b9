import type { DomainName } from "../name/domain-name.ts";
import type { Address } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { RecordType } from "../record/record-type.ts";
import type { Host, Network, NetworkKind, RuleOrder } from "../topology/model.ts";

/** How the platform that a network belongs to behaves. The rooms above read it and name no provider. */
export interface PlatformProfile {
  readonly kind: NetworkKind;
  /** Whether the network has a resolver that nobody declared. */
  readonly hasPlatformResolver: boolean;
  /** Where that is asked from inside the network; without a `view` address by name only. */
  readonly platformAddresses: readonly PlatformAddress[];
  /** Each prefix of the network has a platform address so far behind its first. */
  readonly addressInPrefix?: number;
  /** Whether a machine outside, with a route to it, is answered at a platform address. */
  readonly answersOutside: boolean;
  /** Where rules stand against linked zones. */
  readonly rules: RulesAgainstZones;
  /** Domains that a `.` rule leaves alone. */
  readonly reservedDomains: readonly DomainName[];
  /** Which sources' aliases are looked up in the view again. */
  readonly reenter: Reentry;
  /** Aliases followed before the resolver gives up. */
  readonly aliasLimit: number;
  /** What `onMiss: internet` works for. */
  readonly redirect: RedirectRule;
  /** The SOA of a private zone that has none of its own. */
  readonly soa: ZoneSoa;
  /** Seconds, for records of a zone without a TTL. */
  readonly recordTtl: number;
  /** Seconds, for the records that endpoints write. */
  readonly endpointTtl: number;
  /** Where `privateDns: auto` writes: into declared zones of the name, or into zones the provider makes in the network. */
  readonly endpointZones: "declared" | "hidden";
  /** Which addresses an endpoint may have. */
  readonly endpointAddresses: AddressRule;
  /** Names that machines have without a zone. */
  readonly internalNames?: InternalNameRule;
  /** Further addresses that its machines reach unless the network says. */
  readonly routes: readonly Cidr[];
}

export interface PlatformAddress {
  readonly address: Address;
  /** `view`: what is linked and published in the network; `public`: public data alone, whatever is linked. */
  readonly answers: "view" | "public";
}

export interface RulesAgainstZones {
  /** Of rules that do not say it themselves. */
  readonly order: RuleOrder;
  /** Whose the name is where a rule and a zone are looked at together and both have it. */
  readonly tie: "zones" | "rules";
  /** Whether the provider documents the order; otherwise `assume.azureRules` decides. */
  readonly isDocumented: boolean;
  /** Whether it documents what becomes of an alias in a target's reply; otherwise `assume.ruleAliases` decides. */
  readonly aliasesAreDocumented: boolean;
}

export interface Reentry {
  /** Aliases of any source, or those of private zones alone: the rest of a public chain is then public. */
  readonly aliases: "all" | "private";
  /** Whether the provider documents it. Otherwise `assume.reenter` decides, and `explain` says that it is assumed. */
  readonly isDocumented: boolean;
}

export interface InternalNameRule {
  /** `with-zones`: compared with linked zones and rules by suffix; `last`: after all of them. */
  readonly rank: "with-zones" | "last";
  /** Absent where what the names depend on is not said. */
  readonly origin: (network: Pick<Network, "location" | "gcp">) => DomainName | undefined;
  /** The names of a machine, by its key or its first address: each as the labels that stand before the domain. */
  readonly names: (
    host: Pick<Host, "key" | "location">,
    address: Address,
    network: Pick<Network, "location" | "gcp">,
  ) => readonly (readonly string[])[];
}

export interface RedirectRule {
  readonly appliesTo: (zone: DomainName) => boolean;
  /** Absent = every type. */
  readonly types?: readonly RecordType[];
}

export interface ZoneSoa {
  /** Seconds that the SOA lives when it is asked for; denials live as long as the least of it and its minimum (RFC 2308 §3). */
  readonly ttl: number;
  readonly rdata: (origin: DomainName) => Uint8Array;
}

export interface AddressRule {
  /** Whether it must lie in a prefix of the endpoint's network. */
  readonly insideNetwork: boolean;
  /** Addresses at both ends of a subnet that nobody gets. */
  readonly reserved: { readonly first: number; readonly last: number };
  readonly ipv6: boolean;
}
