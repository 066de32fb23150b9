import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { isHostLabel } from "../name/host-label.ts";
import { displayName } from "../name/name-text.ts";
import { formatAddressPort } from "../net/address.ts";
import { containsAddress } from "../net/cidr.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { type DeclaredResolver, type Listener, type Network, type PrivateZone, spanAt } from "./model.ts";

type Zones = ReadonlyMap<string, PrivateZone>;
type Resolvers = ReadonlyMap<string, DeclaredResolver>;

/** Looks for zones that hide one another, or that nobody sees. */
export function checkZones(
  zones: Zones,
  resolvers: Resolvers,
  networks: ReadonlyMap<string, Network>,
  listeners: readonly Listener[],
  diagnostics: Diagnostics,
): void {
  checkLinks(zones, diagnostics);
  checkRegistration(zones, networks, diagnostics);
  checkSight(zones, networks, diagnostics);
  const served = listeners.flatMap(({ serves }) => (serves?.kind === "named" ? serves.zones : []));
  const held = new Set([...[...resolvers.values()].flatMap((resolver) => resolver.zones), ...served]);
  const told = new Set<string>();
  for (const zone of zones.values()) {
    // A folder's zones have one place, and are one mistake.
    const declared = zone.folder ?? zone.key;
    if (zone.links.length > 0 || held.has(zone.key) || told.has(declared) || zone.spans.has("links")) continue;
    told.add(declared);
    const hint = "write links: and the networks that see it, or name it in zones of a resolver";
    diagnostics.report("link/none", `zone ${declared} has no links: nobody sees it`, zone.span, { hint });
  }
}

/** A network sees one zone of a name: with two, it is not said which. */
function checkLinks(zones: Zones, diagnostics: Diagnostics): void {
  const seen = new Map<string, { readonly zone: PrivateZone; readonly span: SourceSpan }>();
  for (const zone of zones.values()) {
    for (const { network, span } of zone.links) {
      const place = `${network}\0${zone.name.key}`;
      const other = seen.get(place);
      if (other === undefined) {
        seen.set(place, { zone, span });
        continue;
      }
      const message = `network ${network} is linked to two zones of the name ${displayName(zone.name)}: ${other.zone.key} and ${zone.key}`;
      const related = [{ message: `the link of ${other.zone.key} is here`, span: other.span }];
      diagnostics.report("link/two-zones-of-one-name", message, span, { related });
    }
  }
}

/** The machines of a network have one zone to appear in. */
function checkRegistration(zones: Zones, networks: ReadonlyMap<string, Network>, diagnostics: Diagnostics): void {
  const seen = new Map<string, { readonly zone: PrivateZone; readonly span: SourceSpan }>();
  for (const zone of zones.values()) {
    for (const { network, span } of zone.links.filter(({ registration }) => registration)) {
      const other = seen.get(network);
      if (other === undefined) {
        seen.set(network, { zone, span });
        checkHostNames(networks.get(network), zone, span, diagnostics);
        continue;
      }
      const message = `machines of network ${network} register in zone ${other.zone.key} already, expected one such zone`;
      const related = [{ message: `the link of ${other.zone.key} is here`, span: other.span }];
      const hint = "leave registration out of one of the links";
      diagnostics.report("link/second-registration", message, span, { related, hint });
    }
  }
}

/** A machine is called by its key, which may be no name. */
function checkHostNames(
  network: Network | undefined,
  zone: PrivateZone,
  link: SourceSpan,
  diagnostics: Diagnostics,
): void {
  for (const { key, registered, span } of network?.hosts.values() ?? []) {
    if (!registered || isHostLabel(key)) continue;
    const message = `host ${key} does not appear in zone ${zone.key}: its key is no host name`;
    const related = [{ message: "this link would register it", span: link }];
    const hint = "call it by letters, digits and hyphens, 63 at most, or write registered: false";
    diagnostics.report("network/host-without-name", message, span, { related, hint });
  }
}

/** A network of AWS sees private zones once both of its DNS attributes are on. */
function checkSight(zones: Zones, networks: ReadonlyMap<string, Network>, diagnostics: Diagnostics): void {
  for (const { key, links } of zones.values()) {
    for (const { network, span } of links) {
      const aws = networks.get(network)?.aws;
      if (aws === undefined || (aws.dnsSupport && aws.dnsHostnames)) continue;
      const attribute = aws.dnsSupport ? "dnsHostnames" : "dnsSupport";
      const message = `network ${network} does not see zone ${key}: its aws.${attribute} is false`;
      diagnostics.report("link/not-seen", message, span, { hint: "set it to true, or remove the link" });
    }
  }
}

/** Looks for resolvers that are in each other's way, or not where their network is. */
export function checkResolvers(
  resolvers: Resolvers,
  zones: Zones,
  networks: ReadonlyMap<string, Network>,
  diagnostics: Diagnostics,
): void {
  const seen = new Map<string, { readonly resolver: DeclaredResolver; readonly span: SourceSpan }>();
  for (const resolver of resolvers.values()) {
    checkHeldZones(resolver, zones, diagnostics);
    const prefixes = networks.get(resolver.network)?.prefixes ?? [];
    resolver.addresses.forEach((at, i) => {
      const span = spanAt(resolver, `address[${i}]`);
      const text = formatAddressPort(at);
      if (
        !resolver.external &&
        prefixes.length > 0 &&
        !prefixes.some((prefix) => containsAddress(prefix, at.address))
      ) {
        const message = `resolver ${resolver.key} at ${at.address.text} is outside the prefixes of network ${resolver.network}`;
        diagnostics.report("resolver/address-outside", message, span);
      }
      const other = seen.get(`${resolver.network}\0${text}`);
      if (other === undefined) {
        seen.set(`${resolver.network}\0${text}`, { resolver, span });
        return;
      }
      const message = `resolvers ${other.resolver.key} and ${resolver.key} of network ${resolver.network} are both at ${text}`;
      const related = [{ message: `${other.resolver.key} is here`, span: other.span }];
      diagnostics.report("resolver/address-shared", message, span, { related });
    });
  }
}

function checkHeldZones(resolver: DeclaredResolver, zones: Zones, diagnostics: Diagnostics): void {
  for (const { name, first, second } of twinsAmong(resolver.zones, zones)) {
    const message = `resolver ${resolver.key} holds two zones of the name ${name}: ${first} and ${second}`;
    diagnostics.report("resolver/two-zones-of-one-name", message, spanAt(resolver, "zones"));
  }
}

/** Looks for authoritative listeners of which it is not said what they answer. */
export function checkServedZones(listeners: readonly Listener[], zones: Zones, diagnostics: Diagnostics): void {
  for (const { serves, span } of listeners) {
    if (serves?.kind !== "named") continue;
    for (const { name, first, second } of twinsAmong(serves.zones, zones)) {
      const message = `the listener serves two zones of the name ${name}: ${first} and ${second}`;
      diagnostics.report("listener/two-zones-of-one-name", message, span, { hint: "give each a listener of its own" });
    }
  }
}

interface Twins {
  readonly name: string;
  /** The keys of the two zones. */
  readonly first: string;
  readonly second: string;
}

function twinsAmong(keys: readonly string[], zones: Zones): Twins[] {
  const seen = new Map<string, string>();
  const twins: Twins[] = [];
  for (const second of keys) {
    const name = zones.get(second)?.name;
    if (name === undefined) continue;
    const first = seen.get(name.key);
    if (first !== undefined) twins.push({ name: displayName(name), first, second });
    seen.set(name.key, second);
  }
  return twins;
}
