import { PUBLIC_TTLS } from "../catalogue/constants.ts";
import { publicNames, type ServiceName } from "../catalogue/expand.ts";
import { findProviderService } from "../catalogue/provider-services.ts";
import { findServiceType, type ServiceType } from "../catalogue/service-types.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, prepend, sameName } from "../name/domain-name.ts";
import { displayName, knownName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { type Endpoint, keySpanAt, type PublicAlias, type Service, type Topology } from "../topology/model.ts";
import { groupOf, planEndpoints } from "./allocate.ts";
import { addressSets } from "./endpoint-records.ts";
import { madeAddress } from "./made-address.ts";
import { providerRecords } from "./provider-records.ts";
import type { PublicRecord } from "./public-record.ts";
import { reportNoNames } from "./service-problems.ts";

/**
 * Where made names end: below a top-level domain that is reserved for documents and never delegated (RFC 2606 §2), and
 * that resolvers need not treat specially (RFC 6761 §6.5), unlike `invalid` or `test`: those would be denied on the way.
 */
const MADE_SUFFIX = knownName("edge.example");

/**
 * What the internet says of the declared services: name → alias into privatelink, if the endpoints' states make one →
 * chain → address. Each owner speaks once; where services differ, the first in the file.
 */
export function publicRecords(
  topology: Topology,
  diagnostics: Diagnostics = new Diagnostics(),
): readonly PublicRecord[] {
  const claims = new Map<string, Claim>();
  const plans = [...planEndpoints(topology, new Diagnostics()).values()]; // Whoever writes their records tells of them.
  for (const service of topology.services.values()) {
    const run = findProviderService(service.type);
    if (run !== undefined) {
      for (const records of providerRecords(service, run, plans, diagnostics))
        claim(claims, service, records, true, diagnostics);
    }
    const type = findServiceType(service.type);
    if (type === undefined) continue;
    const endpoints = [...topology.endpoints.values()].filter((endpoint) => endpoint.service === service.key);
    for (const name of namesOf(service, type, endpoints, diagnostics)) {
      const records = recordsOf(service, name, hasAlias(service, name, type, endpoints));
      claim(claims, service, records, name.shared, diagnostics);
    }
  }
  return [...claims.values()].flatMap(({ records }) => records);
}

function namesOf(
  service: Service,
  type: ServiceType,
  endpoints: readonly Endpoint[],
  diagnostics: Diagnostics,
): readonly ServiceName[] {
  reportUnknownParameters(service, type, diagnostics);
  const { names, problems } = publicNames(type, service);
  for (const problem of problems) {
    // A group that nobody uses may lack parameters, as long as others have names.
    const isUsed = endpoints.some((endpoint) => groupOf(type, endpoint) === problem.group);
    if (isUsed || names.length === 0 || problem.member !== undefined) reportNoNames(service, problem, diagnostics);
  }
  if (problems.length === 0) reportUnknownMembers(service, names, diagnostics);
  return names;
}

/** A misspelt optional parameter would only make names disappear. */
function reportUnknownParameters(service: Service, type: ServiceType, diagnostics: Diagnostics): void {
  const known = type.parameters.map(({ name }) => name);
  for (const key of service.parameters.keys()) {
    if (known.includes(key)) continue;
    const message = `service ${service.key} has a parameter ${key} that ${type.id} does not take`;
    const span = keySpanAt(service, `parameters.${key}`);
    diagnostics.report("service/unknown-parameter", message, span, { hint: `it takes ${known.join(", ")}` });
  }
}

function reportUnknownMembers(service: Service, names: readonly ServiceName[], diagnostics: Diagnostics): void {
  const members = [...new Set(names.map(({ member }) => member))];
  for (const key of service.names.keys()) {
    if (members.some((member) => member.toLowerCase() === key.toLowerCase())) continue;
    diagnostics.report(
      "service/unknown-member",
      `service ${service.key} has no member ${key}`,
      keySpanAt(service, `names.${key}`),
      { hint: `its members are ${members.join(", ")}` },
    );
  }
}

/**
 * Whether the public name is an alias into privatelink: by the states of the endpoints of its group. A name that the
 * provider has for everybody is one whoever has endpoints.
 */
function hasAlias(service: Service, name: ServiceName, type: ServiceType, endpoints: readonly Endpoint[]): boolean {
  if (name.shared) return service.publicAlias !== "never";
  const own = endpoints.filter((endpoint) => groupOf(type, endpoint) === name.group);
  const answers = {
    always: true,
    never: false,
    whenAny: own.length > 0,
    whenApproved: own.some(({ connection }) => connection === "approved"),
  } as const satisfies Record<PublicAlias, boolean>;
  return answers[service.publicAlias];
}

function recordsOf(service: Service, name: ServiceName, isAliased: boolean): PublicRecord[] {
  const { publicName, privateName, member, group } = name;
  // Clients use the private name itself: the internet knows nothing of it.
  if (sameName(publicName, privateName)) return [];
  const { ttl } = service;
  const places = [service.span];
  const records: PublicRecord[] = [];
  const put = (role: PublicRecord["role"], rrset: Omit<RRset, "places">): void => {
    records.push({ rrset: { ...rrset, places }, service: service.key, group: group.name, member, role });
  };
  const link = (role: PublicRecord["role"], owner: DomainName, target: DomainName, seconds: number): void => {
    put(role, { owner, type: RecordTypes.CNAME, ttl: ttl ?? seconds, rdatas: [nameRdata(target)] });
  };

  if (isAliased) link("alias", publicName, privateName, PUBLIC_TTLS.alias);
  let owner = isAliased ? privateName : publicName;
  let role: PublicRecord["role"] = isAliased ? "privatelink" : "alias";
  for (const next of chainOf(service, publicName)) {
    link(role, owner, next, role === "chain" ? PUBLIC_TTLS.chain : PUBLIC_TTLS.alias);
    owner = next;
    role = "chain";
  }
  const addresses = service.addresses.length > 0 ? service.addresses : [madeAddress(service.key, member)];
  for (const set of addressSets(addresses)) put("address", { owner, ttl: ttl ?? PUBLIC_TTLS.address, ...set });
  return records;
}

/** The aliases the user gives, else one made name, or none where it would be too long. */
function chainOf(service: Service, publicName: DomainName): readonly DomainName[] {
  if (service.chain.length > 0) return service.chain;
  const made = prepend(publicName.labels, MADE_SUFFIX);
  return made === undefined ? [] : [made];
}

/** Who speaks at an owner, and what is said there. */
interface Claim {
  readonly service: Service;
  readonly records: readonly PublicRecord[];
}

/**
 * Adds the records of one name, owner by owner: the first to speak at an owner is the only one. Names of one service may
 * share a chain, and services of one type share the provider's own names; other services should not meet.
 */
function claim(
  claims: Map<string, Claim>,
  service: Service,
  records: readonly PublicRecord[],
  isShared: boolean,
  diagnostics: Diagnostics,
): void {
  const publicName = records[0]?.rrset.owner;
  for (const [key, own] of byOwner(records)) {
    const earlier = claims.get(key);
    if (earlier === undefined) {
      claims.set(key, { service, records: own });
      continue;
    }
    const owner = own[0]?.rrset.owner;
    if (owner === undefined || isShared || earlier.service === service || isSame(earlier.records, own)) continue;
    // What lies behind one public name is made from it: the user knows the public name.
    const isBehindOne = publicName !== undefined && claims.get(publicName.key)?.service === earlier.service;
    const clash = isBehindOne ? publicName : owner;
    diagnostics.report(
      "service/name-clash",
      `services ${earlier.service.key} and ${service.key} both publish ${displayName(clash)}: the first one counts`,
      service.span,
      { related: [{ message: `service ${earlier.service.key} is here`, span: earlier.service.span }] },
    );
  }
}

function byOwner(records: readonly PublicRecord[]): Map<string, PublicRecord[]> {
  const owners = new Map<string, PublicRecord[]>();
  for (const record of records) {
    const own = owners.get(record.rrset.owner.key) ?? [];
    own.push(record);
    owners.set(record.rrset.owner.key, own);
  }
  return owners;
}

function isSame(left: readonly PublicRecord[], right: readonly PublicRecord[]): boolean {
  const text = (records: readonly PublicRecord[]): string =>
    records.map(({ rrset }) => `${rrset.type} ${rrset.rdatas.map((rdata) => rdata.join(".")).join(" ")}`).join("\n");
  return text(left) === text(right);
}
