import { type DomainName, ROOT } from "../name/domain-name.ts";
import { knownName, parseName } from "../name/name-text.ts";
import { type Address, knownAddress } from "../net/address.ts";
import listed from "./data/provider-services.json" with { type: "json" };
import { fillTemplate } from "./parameters.ts";

/** A service that a provider runs for everybody, in each of its locations: nobody owns it, and its names are fixed. */
export interface ProviderService {
  /** `ibm/container-registry`. */
  readonly id: string;
  readonly title: string;
  /** Kinds of networks that its endpoints stand in, beside those of no cloud. */
  readonly kinds: readonly string[];
  /** Seconds that its public records live. */
  readonly ttl: number;
  /** What the internet says, with templates: `{location}`. */
  readonly published: readonly PublishedTemplate[];
  readonly endpoint: EndpointTemplates;
}

export interface PublishedTemplate {
  readonly name: string;
  /** The one location that has the name; empty: all. */
  readonly location: string;
  /** Empty: none is known. Addresses that only the provider's networks reach are public in DNS all the same. */
  readonly addresses: readonly string[];
}

/** What an endpoint adds: `{endpoint}` is its name, `{id}` its identifier, `{member}` an availability zone of it. */
export interface EndpointTemplates {
  /** In the endpoint's network, each with the zone that holds it. */
  readonly publishes: readonly { readonly name: string; readonly zone: string }[];
  /** In public: all addresses of the endpoint. */
  readonly withId: readonly string[];
  /** In public: the addresses of one member. */
  readonly withIdAndMember: readonly string[];
  /** Why there are no endpoints of it, as what to do instead; else empty. */
  readonly none: string;
}

/** A public name of a service. */
export interface PublishedName {
  readonly name: DomainName;
  readonly addresses: readonly Address[];
}

/** Every such service. */
export function providerServices(): readonly ProviderService[] {
  return SERVICES;
}

/** Finds one by its id; case does not count. */
export function findProviderService(text: string): ProviderService | undefined {
  return BY_ID.get(text.toLowerCase());
}

/** The locations a service has, when they are known one by one. */
export function locationsOf({ published }: ProviderService): readonly string[] | undefined {
  const locations = published.map(({ location }) => location);
  return locations.includes("") ? undefined : [...new Set(locations)];
}

/** Whether a service is in a location: in one of those it lists, or in whatever is written like one. */
export function hasLocation(service: ProviderService, location: string): boolean {
  const known = locationsOf(service);
  return known === undefined ? /^[a-z][a-z0-9-]*$/i.test(location) : known.includes(location.toLowerCase());
}

/** What the internet says of a service in one location. */
export function publishedIn(service: ProviderService, location: string): PublishedName[] {
  const folded = location.toLowerCase();
  return service.published
    .filter((one) => one.location === "" || one.location === folded)
    .map(({ name, addresses }) => ({
      name: knownName(filled(name, new Map([["location", folded]]))),
      addresses: addresses.map(knownAddress),
    }));
}

/** A name that an endpoint publishes in its network, and the zone it lies in. */
export interface EndpointName {
  readonly name: DomainName;
  readonly zone: DomainName;
}

/** What an endpoint of a service in a location publishes unless it says; `undefined` for a name that its own makes too long. */
export function endpointNames(
  { endpoint }: ProviderService,
  location: string,
  own: string,
): EndpointName[] | undefined {
  const values = new Map([
    ["location", location.toLowerCase()],
    ["endpoint", own],
  ]);
  const names = endpoint.publishes.flatMap(({ name, zone }) => {
    const parsed = parseName(filled(name, values), ROOT, "unicode");
    return parsed.kind === "name" ? [{ name: parsed.name, zone: knownName(filled(zone, values)) }] : [];
  });
  return names.length === endpoint.publishes.length ? names : undefined;
}

/** The public names that an endpoint's identifier makes: of all its addresses, or of a member's. */
export function namesWithId(
  { endpoint }: ProviderService,
  location: string,
  id: string,
  member: string | undefined,
): DomainName[] {
  const values = new Map([
    ["location", location.toLowerCase()],
    ["id", id],
    ["member", member ?? ""],
  ]);
  const templates = member === undefined ? endpoint.withId : endpoint.withIdAndMember;
  return templates.flatMap((template) => {
    const parsed = parseName(filled(template, values), ROOT, "unicode");
    return parsed.kind === "name" ? [parsed.name] : [];
  });
}

const SERVICES: readonly ProviderService[] = listed.map(({ type, ...rest }) => ({ id: type, ...rest }));
const BY_ID: ReadonlyMap<string, ProviderService> = new Map(SERVICES.map((one) => [one.id, one]));

/** @throws RangeError for a placeholder that the catalogue itself misspelt. */
function filled(template: string, values: ReadonlyMap<string, string>): string {
  const text = fillTemplate(template, values);
  if (text.kind === "missing") throw new RangeError(`a placeholder {${text.parameter}}`);
  return text.text;
}
