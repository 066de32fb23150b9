import { AZURE_TTLS, AZURE_ZONE_SOA } from "../catalogue/constants.ts";
import { PLATFORM_ADDRESSES, type PlatformAddressFact, PROVIDER_ROUTES } from "../catalogue/platform-addresses.ts";
import { isPrivatelinkZone } from "../catalogue/privatelink-zones.ts";
import { AZURE_RESERVED_DOMAINS } from "../catalogue/reserved-domains.ts";
import { type DomainName, prepend, ROOT } from "../name/domain-name.ts";
import { knownName, parseName } from "../name/name-text.ts";
import { type Address, knownAddress } from "../net/address.ts";
import { knownCidr } from "../net/cidr.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Host, Network, NetworkKind } from "../topology/model.ts";
import type { PlatformAddress, PlatformProfile, RulesAgainstZones, ZoneSoa } from "./profile.ts";

/** The profile of a network's kind. */
export function profileOf(kind: NetworkKind): PlatformProfile {
  return PROFILES[kind];
}

/** A private zone hides every rule. */
const ZONES_FIRST = { order: "after-zones", tie: "rules", isDocumented: true } as const;
/** The longest suffix of either; of two with one name the rule. */
const TOGETHER: RulesAgainstZones = {
  order: "with-zones",
  tie: "rules",
  isDocumented: true,
  aliasesAreDocumented: false,
};

/** No provider in particular: the same behaviour without a provider's restrictions. */
const GENERIC: PlatformProfile = {
  kind: "generic",
  hasPlatformResolver: true,
  platformAddresses: [],
  answersOutside: false,
  rules: { ...ZONES_FIRST, aliasesAreDocumented: true },
  reservedDomains: [],
  reenter: { aliases: "all", isDocumented: true },
  aliasLimit: 16,
  redirect: { appliesTo: () => true },
  soa: zoneSoa({ ...AZURE_ZONE_SOA, mname: "zones.privlink.internal", rname: "nobody.invalid" }),
  recordTtl: 3600,
  endpointTtl: 10,
  endpointZones: "declared",
  endpointAddresses: { insideNetwork: false, reserved: { first: 1, last: 1 }, ipv6: true },
  routes: [],
};

const AZURE_INTERNAL = knownName("internal.cloudapp.net");

const AZURE: PlatformProfile = {
  kind: "azure",
  hasPlatformResolver: true,
  platformAddresses: PLATFORM_ADDRESSES.azure.map(platformAddress),
  answersOutside: false,
  // Zones come first; what a rule longer than the zone does is documented nowhere.
  rules: { order: "after-zones", tie: "zones", isDocumented: false, aliasesAreDocumented: false },
  reservedDomains: AZURE_RESERVED_DOMAINS.map(knownName),
  reenter: { aliases: "all", isDocumented: true },
  aliasLimit: 16,
  redirect: { appliesTo: isPrivatelinkZone, types: [RecordTypes.A, RecordTypes.AAAA, RecordTypes.CNAME] },
  soa: zoneSoa(AZURE_ZONE_SOA),
  recordTtl: AZURE_TTLS.record,
  endpointTtl: AZURE_TTLS.endpointRecord,
  endpointZones: "declared",
  endpointAddresses: { insideNetwork: true, reserved: { first: 4, last: 1 }, ipv6: false },
  internalNames: { rank: "last", origin: () => AZURE_INTERNAL, names: ({ key }) => [[key]] },
  routes: [],
};

const AWS: PlatformProfile = {
  kind: "aws",
  hasPlatformResolver: true,
  platformAddresses: PLATFORM_ADDRESSES.aws.map(platformAddress),
  addressInPrefix: 2,
  answersOutside: false,
  rules: TOGETHER,
  reservedDomains: [],
  reenter: { aliases: "all", isDocumented: false },
  aliasLimit: 16,
  redirect: { appliesTo: () => false },
  soa: zoneSoa({
    mname: "ns-1536.awsdns-00.co.uk",
    rname: "awsdns-hostmaster.amazon.com",
    serial: 1,
    refresh: 7200,
    retry: 900,
    expire: 1_209_600,
    minimum: 86_400,
    ttl: 900,
  }),
  recordTtl: 300,
  endpointTtl: 60,
  endpointZones: "hidden",
  endpointAddresses: { insideNetwork: true, reserved: { first: 4, last: 1 }, ipv6: true },
  internalNames: {
    rank: "with-zones",
    origin: ({ location }) => (location === undefined ? undefined : awsInternalDomain(location)),
    names: (_host, { family, octets }) => (family === 4 ? [[`ip-${octets.join("-")}`]] : []),
  },
  routes: [],
};

/** The first region has a domain of its own. */
function awsInternalDomain(region: string): DomainName | undefined {
  const parsed = parseName(region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`, ROOT, "unicode");
  return parsed.kind === "name" ? parsed.name : undefined;
}

const GCP: PlatformProfile = {
  kind: "gcp",
  hasPlatformResolver: true,
  platformAddresses: PLATFORM_ADDRESSES.gcp.map(platformAddress),
  answersOutside: false,
  rules: TOGETHER,
  reservedDomains: [],
  reenter: { aliases: "all", isDocumented: false },
  aliasLimit: 16,
  redirect: { appliesTo: () => false },
  soa: zoneSoa({
    mname: "ns-gcp-private.googledomains.com",
    rname: "cloud-dns-hostmaster.google.com",
    serial: 1,
    refresh: 21_600,
    retry: 3600,
    expire: 259_200,
    minimum: 300,
    ttl: 21_600,
  }),
  recordTtl: 300,
  endpointTtl: 300,
  endpointZones: "hidden",
  endpointAddresses: { insideNetwork: false, reserved: { first: 2, last: 2 }, ipv6: false },
  internalNames: { rank: "last", origin: ({ gcp }) => gcpInternalDomain(gcp?.project), names: gcpNames },
  routes: PROVIDER_ROUTES.gcp.map(knownCidr),
};

/** A project in a domain, `example.com:shop`, is `shop.example.com` in names. */
function gcpInternalDomain(project: string | undefined): DomainName | undefined {
  if (project === undefined) return undefined;
  const [id = "", domain] = project.split(":").toReversed();
  const parsed = parseName(["c", id, ...(domain === undefined ? [] : [domain]), "internal"].join("."), ROOT);
  return parsed.kind === "name" ? parsed.name : undefined;
}

/** A machine runs in a zone, and a network spans many: where the zone is not said, there is no name by it. */
function gcpNames(
  { key, location: own }: Pick<Host, "key" | "location">,
  _address: Address,
  { location = "", gcp }: Pick<Network, "location" | "gcp">,
): readonly (readonly string[])[] {
  const zone = own ?? location;
  const hasZone = /^[a-z0-9-]+-[a-z]$/.test(zone);
  return (gcp?.names ?? []).flatMap((which) => {
    if (which === "global") return [[key]];
    return hasZone ? [[key, zone]] : [];
  });
}

const IBM: PlatformProfile = {
  kind: "ibm",
  hasPlatformResolver: true,
  platformAddresses: PLATFORM_ADDRESSES.ibm.map(platformAddress),
  answersOutside: true,
  rules: { ...ZONES_FIRST, aliasesAreDocumented: false },
  reservedDomains: [],
  reenter: { aliases: "all", isDocumented: false },
  aliasLimit: 5,
  redirect: { appliesTo: () => false },
  // The provider publishes no SOA of its private zones: ours is one that nobody takes for theirs.
  soa: zoneSoa({
    mname: "zones.privlink.internal",
    rname: "nobody.invalid",
    serial: 1,
    refresh: 3600,
    retry: 300,
    expire: 2_419_200,
    minimum: 900,
    ttl: 900,
  }),
  recordTtl: 900,
  endpointTtl: 900,
  endpointZones: "hidden",
  endpointAddresses: { insideNetwork: true, reserved: { first: 4, last: 1 }, ipv6: false },
  routes: PROVIDER_ROUTES.ibm.map(knownCidr),
};

/** The infrastructure from before the VPCs: public data alone, and private addresses of services once routing has them. */
const IBM_CLASSIC: PlatformProfile = {
  ...IBM,
  kind: "ibm-classic",
  platformAddresses: PLATFORM_ADDRESSES["ibm-classic"].map(platformAddress),
  endpointZones: "declared",
};

/** A cluster's own DNS, by name: what pods ask unless the topology says. Times and SOA are those of CoreDNS. */
const KUBERNETES: PlatformProfile = {
  ...GENERIC,
  kind: "kubernetes",
  soa: {
    ttl: 30,
    rdata: (origin) => {
      const timers = { serial: 1, refresh: 7200, retry: 1800, expire: 86_400, minimum: 30 };
      return makeSoa({ mname: below(["ns", "dns"], origin), rname: below(["hostmaster"], origin), ...timers });
    },
  },
  recordTtl: 30,
};

/** A network that somebody runs: its resolvers are the declared ones. */
const ON_PREMISES: PlatformProfile = { ...GENERIC, kind: "on-premises", hasPlatformResolver: false };

const PROFILES: Readonly<Record<NetworkKind, PlatformProfile>> = {
  generic: GENERIC,
  azure: AZURE,
  aws: AWS,
  gcp: GCP,
  ibm: IBM,
  "ibm-classic": IBM_CLASSIC,
  kubernetes: KUBERNETES,
  "on-premises": ON_PREMISES,
};

function platformAddress({ address, answers }: PlatformAddressFact): PlatformAddress {
  return { address: knownAddress(address), answers };
}

/** Labels before a zone's name; the zone's own name where that is too long. */
function below(labels: readonly string[], origin: DomainName): DomainName {
  return prepend(labels, origin) ?? origin;
}

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
