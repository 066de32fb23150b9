import {
  hasLocation,
  locationsOf,
  namesWithId,
  type ProviderService,
  publishedIn,
} from "../catalogue/provider-services.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import type { Address } from "../net/address.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { keySpanAt, type Service, spanAt } from "../topology/model.ts";
import type { EndpointPlan } from "./allocate.ts";
import { addressSets } from "./endpoint-records.ts";
import { madeAddress } from "./made-address.ts";
import type { PublicRecord } from "./public-record.ts";
import { reportNoNames } from "./service-problems.ts";

/**
 * What the internet says of a service that a provider runs for everybody: its names in each location, and the names that
 * the identifiers of its endpoints make, which lead to private addresses from everywhere. Each list is what one name has.
 */
export function providerRecords(
  service: Service,
  type: ProviderService,
  plans: readonly EndpointPlan[],
  diagnostics: Diagnostics,
): readonly (readonly PublicRecord[])[] {
  reportWhatItDoesNotTake(service, type, diagnostics);
  const locations = locationsThere(service, type, diagnostics);
  const published = locations.flatMap((location) =>
    publishedIn(type, location).map(({ name, addresses }) => recordsOf(service, type, name, addresses)),
  );
  const own = plans.filter((plan) => plan.service.key === service.key);
  return [...published, ...own.flatMap((plan) => withId(plan, type))];
}

function locationsThere(service: Service, type: ProviderService, diagnostics: Diagnostics): string[] {
  const known = locationsOf(type)?.join(", ") ?? "written as its provider does";
  if (service.location === undefined) {
    reportNoNames(service, { problem: `${type.id} needs location: ${known}` }, diagnostics);
    return [];
  }
  const all = [service.location, ...service.replicas];
  for (const location of all.filter((one) => !hasLocation(type, one)))
    reportNoNames(service, { problem: `${type.id} has no location ${location}: there are ${known}` }, diagnostics);
  return [...new Set(all.filter((one) => hasLocation(type, one)).map((one) => one.toLowerCase()))];
}

/** Names and parameters are those of types that users own. */
function reportWhatItDoesNotTake(service: Service, type: ProviderService, diagnostics: Diagnostics): void {
  for (const key of service.parameters.keys()) {
    const message = `service ${service.key} has a parameter ${key} that ${type.id} does not take`;
    const span = keySpanAt(service, `parameters.${key}`);
    diagnostics.report("service/unknown-parameter", message, span, { hint: "it takes a location, and replicas" });
  }
  for (const member of service.names.keys()) {
    const message = `service ${service.key} has no member ${member}`;
    const span = keySpanAt(service, `names.${member}`);
    diagnostics.report("service/unknown-member", message, span, { hint: "its provider gives it its names" });
  }
}

/** A name with the addresses that are known, else with the user's, else with a made one; behind the user's aliases if any. */
function recordsOf(
  service: Service,
  type: ProviderService,
  name: DomainName,
  known: readonly Address[],
): readonly PublicRecord[] {
  const member = displayName(name);
  const common = { service: service.key, group: "", member } as const;
  const ttl = service.ttl ?? type.ttl;
  const places = [spanAt(service, "type")];
  const records: PublicRecord[] = [];
  let owner = name;
  // What the provider's own networks reach has no door of the user's before it.
  for (const next of known.length > 0 ? [] : service.chain) {
    const rrset = { owner, type: RecordTypes.CNAME, ttl, rdatas: [nameRdata(next)], places };
    records.push({ ...common, rrset, role: owner === name ? "alias" : "chain" });
    owner = next;
  }
  const given = service.addresses.length > 0 ? service.addresses : [madeAddress(type.id, member)];
  for (const set of addressSets(known.length > 0 ? known : given))
    records.push({ ...common, rrset: { owner, ttl, ...set, places }, role: "address" });
  return records;
}

/** The public names of an approved endpoint's identifier, and of its members. */
function withId({ endpoint, service, members }: EndpointPlan, type: ProviderService): PublicRecord[][] {
  const { id, connection, address } = endpoint;
  const location = service.location ?? "";
  if (id === undefined || connection !== "approved" || !hasLocation(type, location)) return [];
  const ttl = endpoint.ttl ?? type.ttl;
  const recordsAt = (name: DomainName, addresses: readonly Address[], place: SourceSpan): PublicRecord[] =>
    addressSets(addresses).map((set) => ({
      rrset: { owner: name, ttl, ...set, places: [place] },
      service: service.key,
      group: "",
      member: displayName(name),
      role: "address" as const,
    }));
  const all = members.flatMap(({ addresses }) => addresses);
  const place = spanAt(endpoint, "id");
  const whole = namesWithId(type, location, id, undefined).map((name) => recordsAt(name, all, place));
  const each = address.kind === "members" ? [...address.members] : [];
  const single = each.flatMap(([member, addresses]) =>
    namesWithId(type, location, id, member).map((name) =>
      recordsAt(name, addresses, spanAt(endpoint, `address.${member}`)),
    ),
  );
  return [...whole, ...single];
}
