import { AZURE_PLATFORM_ADDRESS, AZURE_TTLS, AZURE_ZONE_SOA } from "../catalogue/constants.ts";
import { isPrivatelinkZone } from "../catalogue/privatelink-zones.ts";
import type { DomainName } from "../name/domain-name.ts";
import { knownName } from "../name/name-text.ts";
import { type Address, knownAddress } from "../net/address.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { NetworkKind } from "../topology/model.ts";

/** How the platform that a network belongs to behaves. The rooms above read it and name no provider. */
export interface PlatformProfile {
  readonly kind: NetworkKind;
  /** Whether the network has a resolver that nobody declared. */
  readonly hasPlatformResolver: boolean;
  /** Where the platform resolver is asked from inside the network; none = by name only. */
  readonly platformAddresses: readonly Address[];
  /** Addresses of the platform that answer with public data alone, whatever is linked. */
  readonly publicAddresses: readonly Address[];
  /** When forwarding rules are asked, against linked zones; `with-zones`: the longest suffix, a rule wins a tie. */
  readonly rules: "before-zones" | "with-zones" | "after-zones";
  /** Which sources' aliases are looked up in the view again: of any source, or of private zones alone. */
  readonly reenter: "all" | "private";
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
  /** Which addresses an endpoint may have. */
  readonly endpointAddresses: AddressRule;
}

export interface RedirectRule {
  readonly appliesTo: (zone: DomainName) => boolean;
  /** Absent = every type. */
  readonly types?: readonly RecordType[];
}

export interface ZoneSoa {
  /** Seconds that the SOA lives when it is asked for; denials live as long as its minimum (RFC 2308 §3). */
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

/** The profile of a network's kind. */
export function profileOf(kind: NetworkKind): PlatformProfile {
  return PROFILES[kind];
}

const AZURE: PlatformProfile = {
  kind: "azure",
  hasPlatformResolver: true,
  platformAddresses: [AZURE_PLATFORM_ADDRESS].map(knownAddress),
  publicAddresses: [],
  rules: "after-zones",
  reenter: "all",
  aliasLimit: 16,
  redirect: { appliesTo: isPrivatelinkZone, types: [RecordTypes.A, RecordTypes.AAAA, RecordTypes.CNAME] },
  soa: zoneSoa(AZURE_ZONE_SOA),
  recordTtl: AZURE_TTLS.record,
  endpointTtl: AZURE_TTLS.endpointRecord,
  endpointAddresses: { insideNetwork: true, reserved: { first: 4, last: 1 }, ipv6: false },
};

/** No provider in particular: the same behaviour without the provider's restrictions. */
const GENERIC: PlatformProfile = {
  kind: "generic",
  hasPlatformResolver: true,
  platformAddresses: [],
  publicAddresses: [],
  rules: "after-zones",
  reenter: "all",
  aliasLimit: 16,
  redirect: { appliesTo: () => true },
  soa: zoneSoa({ ...AZURE_ZONE_SOA, mname: "zones.privlink.internal", rname: "nobody.invalid" }),
  recordTtl: 3600,
  endpointTtl: 10,
  endpointAddresses: { insideNetwork: false, reserved: { first: 1, last: 1 }, ipv6: true },
};

/** A network that somebody runs: its resolvers are the declared ones. */
const ON_PREMISES: PlatformProfile = { ...GENERIC, kind: "on-premises", hasPlatformResolver: false };

const PROFILES: Readonly<Record<NetworkKind, PlatformProfile>> = {
  generic: GENERIC,
  azure: AZURE,
  "on-premises": ON_PREMISES,
};

interface SoaValues {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
  readonly ttl: number;
}

function zoneSoa({ mname, rname, serial, refresh, retry, expire, minimum, ttl }: SoaValues): ZoneSoa {
  const names = { mname: knownName(mname), rname: knownName(rname) };
  return { ttl, rdata: () => makeSoa({ ...names, serial, refresh, retry, expire, minimum }) };
}
