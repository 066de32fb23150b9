import { type DomainName, nameFromLabels, prepend, ROOT } from "../name/domain-name.ts";
import { displayName, knownName } from "../name/name-text.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { type Address, isLoopback, knownAddress } from "../net/address.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneOfRRsets } from "./zone-of-rrsets.ts";

/** A zone that every resolver has without being told (SEMANTICS 30). */
export interface BuiltinZone {
  readonly zone: Zone;
  /** Every name below the apex exists and has no data: resolver.arpa (RFC 9462 §6.4). */
  readonly everyNameExists: boolean;
  /** Whether people have private zones there: a `.` rule that leads on inside the model is then asked first. */
  readonly mayBePrivate: boolean;
}

/** Seconds that built-in data lives: short, so that records added to a model show. */
const BUILTIN_TTL = 10;

/** Domains that never exist in public (RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, RFC 9665, ICANN's internal). */
const EMPTY_DOMAINS = ["invalid", "test", "onion", "alt", "local", "internal", "home.arpa", "service.arpa"];

/** Those where people have private zones all the same, and the reverse zones of private addresses (RFC 1918, 4193, 6598). */
const MAY_BE_PRIVATE =
  /^(?:test|local|internal|home\.arpa)$|^(?:10|168\.192|(?:1[6-9]|2\d|3[01])\.172|\d+\.100)\.in-addr\.arpa$|^d\.f\.ip6\.arpa$/;

/** Reverse zones of addresses that are nobody's in public (RFC 6303 §4, RFC 7793 §2). */
const REVERSE_DOMAINS = [
  "10.in-addr.arpa",
  ...range(16, 31).map((octet) => `${octet}.172.in-addr.arpa`),
  "168.192.in-addr.arpa",
  ...range(64, 127).map((octet) => `${octet}.100.in-addr.arpa`),
  "0.in-addr.arpa",
  "127.in-addr.arpa",
  "254.169.in-addr.arpa",
  "2.0.192.in-addr.arpa",
  "100.51.198.in-addr.arpa",
  "113.0.203.in-addr.arpa",
  "255.255.255.255.in-addr.arpa",
  `${"0.".repeat(32)}ip6.arpa`,
  `1.${"0.".repeat(31)}ip6.arpa`,
  "d.f.ip6.arpa",
  "8.e.f.ip6.arpa",
  "9.e.f.ip6.arpa",
  "a.e.f.ip6.arpa",
  "b.e.f.ip6.arpa",
  "8.b.d.0.1.0.0.2.ip6.arpa",
];

const LOCALHOST = knownName("localhost");

/** The built-in zones, with PTR records for the addresses that the model itself answers at (SEMANTICS 31). */
export function compileBuiltins(topology: Topology): ReadonlyMap<string, BuiltinZone> {
  everyModel ??= builtinsOfEveryModel();
  const builtins = new Map(everyModel);
  const pointers = new Map<string, RRset[]>();
  for (const pointer of ownPointers(topology).values()) {
    const origin = longestSuffix(everyModel, pointer.owner)?.zone.origin ?? pointer.owner;
    pointers.set(origin.key, [...(pointers.get(origin.key) ?? []), pointer]);
  }
  for (const [key, own] of pointers) {
    const origin = everyModel.get(key)?.zone.origin ?? own[0]?.owner;
    if (origin !== undefined) builtins.set(key, reverseZone(origin, own));
  }
  return builtins;
}

/** Made at the first model and shared by all: they are a hundred, and a reload should not make them anew. */
let everyModel: ReadonlyMap<string, BuiltinZone> | undefined;

function builtinsOfEveryModel(): Map<string, BuiltinZone> {
  const builtins = new Map<string, BuiltinZone>();
  const add = (origin: DomainName, rrsets: readonly RRset[], everyNameExists = false): void => {
    builtins.set(origin.key, {
      zone: builtinZone(origin, rrsets),
      everyNameExists,
      mayBePrivate: mayBePrivate(origin),
    });
  };
  const loopback = [knownAddress("127.0.0.1"), knownAddress("::1")];
  const anyLocalhost = nameFromLabels(["*", "localhost"]);
  add(
    LOCALHOST,
    [LOCALHOST, anyLocalhost].flatMap((owner) => addressSets(owner, loopback)),
  );
  for (const domain of EMPTY_DOMAINS) add(knownName(domain), []);
  add(knownName("resolver.arpa"), [], true);
  const ipv4Only = knownName("ipv4only.arpa");
  add(ipv4Only, addressSets(ipv4Only, [knownAddress("192.0.0.170"), knownAddress("192.0.0.171")])); // RFC 8880 §7.1
  for (const domain of REVERSE_DOMAINS) builtins.set(knownName(domain).key, reverseZone(knownName(domain), []));
  return builtins;
}

/** PTR sets of the addresses of listeners and of declared resolvers, by owner. */
function ownPointers(topology: Topology): Map<string, RRset> {
  const pointers = new Map<string, RRset>();
  const add = (at: Address, target: DomainName): void => {
    const owner = reverseName(at);
    const name = isLoopback(at) ? LOCALHOST : target;
    pointers.set(owner.key, { owner, type: RecordTypes.PTR, ttl: BUILTIN_TTL, rdatas: [nameRdata(name)] });
  };
  for (const text of ["127.0.0.1", "::1"]) add(knownAddress(text), LOCALHOST);
  for (const { at, resolver, network } of topology.listeners) {
    add(at.address, resolverName(resolver ?? network ?? "dns"));
  }
  for (const { key, addresses } of topology.resolvers.values()) {
    for (const at of addresses) add(at.address, resolverName(key));
  }
  return pointers;
}

/** `KEY.privlink.internal.`, the key's octets that are no host-name characters replaced. */
function resolverName(key: string): DomainName {
  const label = key.replace(/[^A-Za-z0-9-]/g, "-").slice(0, 63);
  return prepend([label === "" ? "dns" : label], knownName("privlink.internal")) ?? ROOT;
}

/** The name whose PTR record belongs to an address (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName({ family, octets }: Address): DomainName {
  if (family === 4) return nameFromLabels([...[...octets].toReversed().map(String), "in-addr", "arpa"]);
  const nibbles = [...octets].toReversed().flatMap((octet) => [(octet & 15).toString(16), (octet >> 4).toString(16)]);
  return nameFromLabels([...nibbles, "ip6", "arpa"]);
}

/** Reverse zones alone have NS (RFC 6303 §3): of the others no such record is known anywhere. */
function reverseZone(origin: DomainName, pointers: readonly RRset[]): BuiltinZone {
  const ns: RRset = { owner: origin, type: RecordTypes.NS, ttl: BUILTIN_TTL, rdatas: [nameRdata(origin)] };
  return { zone: builtinZone(origin, [ns, ...pointers]), everyNameExists: false, mayBePrivate: mayBePrivate(origin) };
}

function mayBePrivate(origin: DomainName): boolean {
  return MAY_BE_PRIVATE.test(displayName(origin));
}

function builtinZone(origin: DomainName, rrsets: readonly RRset[]): Zone {
  const mname = origin;
  const soa: RRset = {
    owner: origin,
    type: RecordTypes.SOA,
    ttl: BUILTIN_TTL,
    // Differs from RFC 6303 §3: 10 seconds instead of 10800, so that records added to a model show.
    rdatas: [
      makeSoa({
        mname,
        rname: knownName("nobody.invalid"),
        serial: 1,
        refresh: 3600,
        retry: 1200,
        expire: 604800,
        minimum: BUILTIN_TTL,
      }),
    ],
  };
  return zoneOfRRsets(origin, soa, rrsets);
}

function addressSets(owner: DomainName, addresses: readonly Address[]): RRset[] {
  const set = (type: number, family: 4 | 6): RRset => ({
    owner,
    type,
    ttl: BUILTIN_TTL,
    rdatas: addresses.filter((one) => one.family === family).map((one) => one.octets),
  });
  return [set(RecordTypes.A, 4), set(RecordTypes.AAAA, 6)].filter(({ rdatas }) => rdatas.length > 0);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
