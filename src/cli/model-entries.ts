import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { whereTo } from "../explain/step-text.ts";
import { compareNames } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { formatAddressPort } from "../net/address.ts";
import { planEndpoints } from "../platform/allocate.ts";
import { typeName } from "../record/type-names.ts";
import { knownNames, namePlaces, seenZones } from "../snapshot/known-names.ts";
import type { Rule, SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";
import { formatLine } from "../source/source-file.ts";
import type { ForwardRule } from "../topology/model.ts";
import { recordCount } from "../zone/zone-tree.ts";
import type { Entry } from "./entries.ts";

/** A kind of thing that can be listed. */
export interface Topic {
  readonly name: "networks" | "zones" | "links" | "services" | "endpoints" | "rulesets" | "resolvers" | "names";
  /** The keys of its entries, in the order of the columns. */
  readonly keys: readonly string[];
  entries(snapshot: Snapshot): Entry[];
}

/** The version of the shape of `list -o json`. */
export const LIST_SCHEMA = "privlink/list/v1";

/** Everything that has a name to type, each in the order of the files. */
export const TOPICS: readonly Topic[] = [
  {
    name: "networks",
    keys: ["network", "kind", "prefixes", "clients", "dns", "zones", "hosts", "peers", "source"],
    entries: networkEntries,
  },
  { name: "zones", keys: ["zone", "name", "records", "links", "onMiss", "source"], entries: zoneEntries },
  { name: "links", keys: ["zone", "network", "onMiss", "state", "source"], entries: linkEntries },
  {
    name: "services",
    keys: ["service", "type", "location", "replicas", "publicAccess", "endpoints", "source"],
    entries: serviceEntries,
  },
  {
    name: "endpoints",
    keys: ["endpoint", "network", "service", "group", "connection", "addresses", "source"],
    entries: endpointEntries,
  },
  {
    name: "rulesets",
    keys: ["ruleset", "links", "network", "order", "forward", "source"],
    entries: rulesetEntries,
  },
  {
    name: "resolvers",
    keys: ["resolver", "kind", "network", "addresses", "zones", "forward", "source"],
    entries: resolverEntries,
  },
  { name: "names", keys: ["name", "types", "in", "endpoint"], entries: nameEntries },
];

function networkEntries({ topology, resolvers }: Snapshot): Entry[] {
  const zones = [...topology.zones.values()];
  return [...topology.networks.values()].map(({ key, kind, prefixes, clients, dns, hosts, peers, span }) => ({
    network: key,
    kind,
    prefixes: prefixes.map(({ text }) => text),
    clients: clients.map(({ text }) => text),
    dns: dns.length > 0 ? dns.map(({ text }) => text) : resolvers.has(`${key}/platform`) ? ["platform"] : [],
    zones: zones.filter(({ links }) => links.some(({ network }) => network === key)).length,
    hosts: [...hosts.keys()],
    peers,
    source: formatLine(span),
  }));
}

function zoneEntries(snapshot: Snapshot): Entry[] {
  return [...declaredZones(snapshot), ...madeZones(snapshot)];
}

/** Zones that nobody declares: a provider makes them for an endpoint, in its network. */
function madeZones({ resolvers }: Snapshot): Entry[] {
  const seen = [...resolvers.values()].filter(({ kind }) => kind === "platform");
  return seen.flatMap(({ view }) =>
    [...view.zones.values()]
      .filter(({ madeBy }) => madeBy !== undefined)
      .map(({ key, zone, madeBy, onMiss, span }) => ({
        zone: key,
        name: displayName(zone.origin),
        records: recordCount(zone.tree),
        links: madeBy === undefined ? [] : [madeBy.network],
        onMiss,
        source: formatLine(span),
      })),
  );
}

function declaredZones(snapshot: Snapshot): Entry[] {
  const compiled = seenZones(snapshot);
  return [...snapshot.topology.zones.values()].map(({ key, name, links, onMiss, span }) => {
    const zone = compiled.get(key);
    return {
      zone: key,
      name: displayName(name),
      records: zone === undefined ? null : recordCount(zone.tree),
      links: links.map(({ network }) => network),
      onMiss,
      source: formatLine(span),
    };
  });
}

function linkEntries({ topology }: Snapshot): Entry[] {
  return [...topology.zones.values()].flatMap(({ key, links }) =>
    links.map(({ network, onMiss, state, span }) => ({
      zone: key,
      network,
      onMiss,
      state,
      source: formatLine(span),
    })),
  );
}

function serviceEntries({ topology }: Snapshot): Entry[] {
  const endpoints = [...topology.endpoints.values()];
  return [...topology.services.values()].map(({ key, type, location, replicas, publicNetworkAccess, span }) => ({
    service: key,
    type,
    location: location ?? null,
    replicas,
    publicAccess: publicNetworkAccess,
    endpoints: endpoints.filter(({ service }) => service === key).map((endpoint) => endpoint.key),
    source: formatLine(span),
  }));
}

function endpointEntries({ topology }: Snapshot): Entry[] {
  const plans = planEndpoints(topology, new Diagnostics()); // Loading has told what is wrong.
  return [...topology.endpoints.values()].map(({ key, network, service, group, connection, span }) => {
    const plan = plans.get(key);
    return {
      endpoint: key,
      network,
      service,
      group: plan?.group?.name ?? group ?? null,
      connection,
      addresses: (plan?.members ?? []).flatMap(({ addresses }) => addresses.map(({ text }) => text)),
      source: formatLine(span),
    };
  });
}

function rulesetEntries({ topology }: Snapshot): Entry[] {
  return [...topology.rulesets.values()].map(({ key, links, network, order, forward, span }) => ({
    ruleset: key,
    links: links.map((link) => link.network),
    network: network ?? null,
    order: order ?? null,
    forward: forward.filter(({ enabled }) => enabled).map(ruleText),
    source: formatLine(span),
  }));
}

function resolverEntries({ resolvers }: Snapshot): Entry[] {
  return [...resolvers.values()].map((resolver) => ({
    resolver: resolver.key,
    kind: resolver.kind,
    network: resolver.network ?? null,
    addresses: resolver.addresses.map((at) => (at.port === 53 ? at.address.text : formatAddressPort(at))),
    zones: resolver.view.zones.size,
    forward: rulesOf(resolver).map(ruleText),
    source: resolver.span === undefined ? null : formatLine(resolver.span),
  }));
}

/** The rules of a resolver, the longest domain first: the order in which they count. */
export function rulesOf({ view }: SimulatedResolver): Rule[] {
  return view.rules.toSorted(
    (a, b) => b.domain.labels.length - a.domain.labels.length || compareNames(a.domain, b.domain),
  );
}

function ruleText(rule: Rule | ForwardRule): string {
  const to = rule.kind === "to" ? rule.targets.map(({ text }) => text).join("|") : whereTo(rule);
  return `${displayName(rule.domain)}=${to}`;
}

function nameEntries(snapshot: Snapshot): Entry[] {
  return namePlaces(snapshot).flatMap(({ where, zone }) =>
    knownNames(zone).map(({ owner, types }) => {
      const endpoints = (snapshot.endpointNames.get(owner.key) ?? []).map(({ endpoint }) => endpoint);
      return { name: displayName(owner), types: types.map(typeName), in: where, endpoint: [...new Set(endpoints)] };
    }),
  );
}
