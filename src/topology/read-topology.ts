import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import { checkNetworks } from "./_check-networks.ts";
import { checkServers } from "./_check-servers.ts";
import { checkResolvers, checkServedZones, checkZones } from "./_check-zones.ts";
import { collectDeclarations, networkKinds } from "./_declarations.ts";
import { loadDocuments, type TopologyDocument } from "./_documents.ts";
import { readEndpoint } from "./_endpoints.ts";
import { readExpectations } from "./_expectations.ts";
import { readListeners } from "./_listeners.ts";
import { withLoneResolver } from "./_lone-resolvers.ts";
import { readNetwork } from "./_networks.ts";
import { readAssume, readPublic } from "./_public.ts";
import type { Declaration, Reading, Section } from "./_reading.ts";
import { readResolver } from "./_resolvers.ts";
import { checkRulesets, readRuleset } from "./_rulesets.ts";
import { readService } from "./_services.ts";
import { readZone } from "./_zones.ts";
import type { Declared, DeclaredResolver, Listener, Network, Service, Target, Topology } from "./model.ts";
import type { TopologyPorts } from "./ports.ts";
import { namedZones } from "./served-zones.ts";

/**
 * Reads a topology and everything it includes. It always gives one: what is wrong is reported and left out, and every
 * reference in the result is to something that is there. Not to be served when there are errors. Files of `expectations`
 * stand for those that it has itself.
 */
export function readTopology(
  entry: SourceFile,
  ports: TopologyPorts,
  diagnostics: Diagnostics,
  expectations?: readonly SourceFile[],
): Topology {
  const { documents, complete } = loadDocuments(entry, ports, diagnostics);
  for (const { root } of documents) reportVersion(root.text("version"), diagnostics);
  const declarations = collectDeclarations(documents, ports, diagnostics);
  const kinds = networkKinds(declarations.networks);
  const assume = readAssume(documents, diagnostics);
  const reading: Reading = { declarations, diagnostics, ports, complete, kinds, assume };
  const networks = new Map([...declarations.networks.values()].map((one) => [one.key, readNetwork(one, reading)]));
  const zones = readSection(declarations.zones, (one) => readZone(one, reading));
  const services = readSection(declarations.services, (one) => readService(one, assume.publicAlias, reading));
  const endpoints = readSection(declarations.endpoints, (one) => readEndpoint(one, networks, services, reading));
  const rulesets = readSection(declarations.rulesets, (one) => readRuleset(one, reading));
  const resolvers = readSection(declarations.resolvers, (one) => readResolver(one, reading));
  readDefaults(documents, networks, services, assume, reading);
  const publicData = readPublic(documents, reading);
  const listeners = withLoneResolver(readListeners(entry, documents, reading), networks, resolvers, diagnostics);
  const expected = readExpectations(documents, networks, reading, expectations);
  checkNetworks(networks, diagnostics);
  checkZones(zones, resolvers, networks, listeners, diagnostics);
  checkResolvers(resolvers, zones, networks, diagnostics);
  checkServedZones(listeners, zones, diagnostics);
  checkRulesets(rulesets, networks, diagnostics);
  checkServers(resolvers, publicData, listeners, diagnostics);
  return withoutBroken({
    networks,
    zones,
    services,
    endpoints,
    rulesets,
    resolvers,
    publicData,
    listeners,
    expectations: expected,
    assume,
  });
}

function reportVersion(
  text: { readonly text: string; readonly span: Declared["span"] } | undefined,
  diagnostics: Diagnostics,
): void {
  if (text === undefined || text.text === "1") return;
  const message = `version ${text.text} of the format is not known, expected 1`;
  diagnostics.report("topology/bad-value", message, text.span);
}

/** Reads defaults for what is wrong with them; things that take them are told the same at the same places. */
function readDefaults(
  documents: readonly TopologyDocument[],
  networks: Topology["networks"],
  services: Map<string, Service>,
  assume: Topology["assume"],
  reading: Reading,
): void {
  for (const { file, defaults } of documents) {
    for (const [key, [own]] of defaults) {
      if (own === undefined || own.span.file !== file) continue;
      const partial: Declaration = { key, span: own.span, name: key, file, layers: [own], isPartial: true };
      switch (key) {
        case "network":
          readNetwork(partial, reading);
          break;
        case "zone":
          readZone(partial, reading);
          break;
        case "service":
          readService(partial, assume.publicAlias, reading);
          break;
        case "endpoint":
          readEndpoint(partial, networks, services, reading);
          break;
        case "ruleset":
          readRuleset(partial, reading);
          break;
        case "resolver":
          readResolver(partial, reading);
          break;
      }
    }
  }
}

function readSection<T extends Declared>(
  section: Section,
  read: (declaration: Declaration) => T | undefined,
): Map<string, T> {
  const found = new Map<string, T>();
  for (const declaration of section.values()) {
    // Reported where its keys were collected.
    if (declaration.isPartial === true) continue;
    const thing = read(declaration);
    if (thing !== undefined) found.set(thing.key, thing);
  }
  return found;
}

/** Leaves out references to zones and resolvers that were declared and could not be read. */
function withoutBroken(topology: Topology): Topology {
  const { zones, resolvers } = topology;
  const isThere = (target: Target): boolean => target.kind !== "resolver" || resolvers.has(target.key);
  const networkOf = (network: Network): Network => ({
    ...network,
    dns: network.dns.filter(isThere),
    forward: rulesOf(network, isThere),
    hosts: new Map([...network.hosts].map(([key, host]) => [key, { ...host, dns: host.dns.filter(isThere) }])),
  });
  const resolverOf = (resolver: DeclaredResolver): DeclaredResolver => ({
    ...resolver,
    forward: rulesOf(resolver, isThere),
    zones: resolver.zones.filter((key) => zones.has(key)),
  });
  return {
    ...topology,
    networks: mapValues(topology.networks, networkOf),
    rulesets: mapValues(topology.rulesets, (one) => ({ ...one, forward: rulesOf(one, isThere) })),
    resolvers: mapValues(resolvers, resolverOf),
    endpoints: mapValues(topology.endpoints, (endpoint) => ({
      ...endpoint,
      privateDns: endpoint.privateDns.filter((dns) => dns.kind === "auto" || zones.has(dns.key)),
    })),
    listeners: topology.listeners
      .filter(({ resolver }) => resolver === undefined || resolver === "platform" || resolvers.has(resolver))
      .map((listener) => withServed(listener, (key) => zones.has(key))),
  };
}

function withServed(listener: Listener, isThere: (zone: string) => boolean): Listener {
  const { serves } = listener;
  return serves?.kind === "named" ? { ...listener, serves: namedZones(serves.zones.filter(isThere)) } : listener;
}

function rulesOf({ forward }: Pick<Network, "forward">, isThere: (target: Target) => boolean): Network["forward"] {
  return forward.map((rule) => (rule.kind === "to" ? { ...rule, targets: rule.targets.filter(isThere) } : rule));
}

function mapValues<T>(map: ReadonlyMap<string, T>, change: (value: T) => T): ReadonlyMap<string, T> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
