import { recordTexts } from "../explain/explain.ts";
import { silenceSentence } from "../explain/sentences.ts";
import { describeResolver, whereTo } from "../explain/step-text.ts";
import { displayName } from "../name/name-text.ts";
import { findTarget, serversOf } from "../resolve/targets.ts";
import { INTERNET, platformKey } from "../snapshot/compile.ts";
import { type Rule, type SimulatedResolver, type Snapshot, targetsOf } from "../snapshot/snapshot.ts";
import { formatLine } from "../source/source-file.ts";
import type { Target } from "../topology/model.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import { recordCount } from "../zone/zone-tree.ts";
import { rulesOf } from "./model-entries.ts";

/** What the clients of a network see, as data: whom they ask, and what each resolver on the way looks at, in order. */
export interface NetworkView {
  readonly network: string;
  readonly kind: string;
  readonly prefixes: readonly string[];
  /** The DNS servers of its clients, in order. */
  readonly asks: readonly AskedServer[];
  /** Machines with DNS servers of their own. */
  readonly hosts: readonly { readonly host: string; readonly asks: readonly AskedServer[] }[];
  /** Zones linked to the network that its clients do not see, since they ask somebody else. */
  readonly unseen: readonly string[];
  /** First those that clients ask, then those that rules lead to. */
  readonly resolvers: readonly ResolverView[];
}

export interface AskedServer {
  /** As the topology has it. */
  readonly server: string;
  /** Who that is; `null` when nobody answers there. */
  readonly resolver: string | null;
  readonly text: string;
}

export interface ResolverView {
  readonly resolver: string;
  readonly text: string;
  readonly source: string | null;
  /** Whether zones and rules are compared with one another, the longest suffix of both; else zones come first. */
  readonly together: boolean;
  readonly zones: readonly SeenZone[];
  /** The longest domain first; without the rule for the root, which is `last`. */
  readonly rules: readonly SeenRule[];
  /** Domains that every resolver knows by itself. */
  readonly builtIns: readonly string[];
  readonly last: SeenRule | { readonly domain: "."; readonly to: string; readonly source: null };
}

export interface SeenZone {
  readonly zone: string;
  readonly records: number;
  /** The network it is linked to; `null`: the resolver holds it itself, or an endpoint makes it. */
  readonly link: string | null;
  /** The endpoint that the provider makes it for. */
  readonly madeBy: string | null;
  readonly onMiss: string;
  readonly source: string;
  /** Zone-file lines, when they were asked for. */
  readonly lines?: readonly string[];
}

export interface SeenRule {
  readonly domain: string;
  readonly to: string;
  readonly source: string;
}

/** The view of a network by key, or of `internet`. */
export function viewOfNetwork(snapshot: Snapshot, key: string | undefined, withRecords: boolean): NetworkView {
  const declared = key === undefined ? undefined : snapshot.topology.networks.get(key);
  const first = askedServers(snapshot, key, undefined);
  const hosts = [...(declared?.hosts.values() ?? [])].filter(({ dns }) => dns.length > 0);
  const resolvers = reachedFrom(
    snapshot,
    first.map(({ resolver }) => resolver),
  );
  const seen = new Set(resolvers.flatMap(({ view }) => [...view.zones.values()].map((zone) => zone.key)));
  const linked = [...snapshot.topology.zones.values()].filter(({ links }) =>
    links.some(({ network }) => network === key),
  );
  return {
    network: key ?? INTERNET,
    kind: declared?.kind ?? INTERNET,
    prefixes: (declared?.prefixes ?? []).map(({ text }) => text),
    asks: first.map(({ server }) => server),
    hosts: hosts.map((host) => ({
      host: `${host.key}@${key}`,
      asks: askedServers(snapshot, key, host.key).map(({ server }) => server),
    })),
    unseen: linked.filter((zone) => !seen.has(zone.key)).map((zone) => zone.key),
    resolvers: resolvers.map((resolver) => resolverView(snapshot, resolver, withRecords)),
  };
}

/** What one resolver looks at. */
export function viewOfResolver(snapshot: Snapshot, resolver: SimulatedResolver, withRecords: boolean): ResolverView[] {
  return reachedFrom(snapshot, [resolver]).map((one) => resolverView(snapshot, one, withRecords));
}

interface Found {
  readonly server: AskedServer;
  readonly resolver?: SimulatedResolver;
}

/** Whom the clients of a network, or a host in it, ask. */
function askedServers(snapshot: Snapshot, network: string | undefined, host: string | undefined): Found[] {
  const targets = serversOf(snapshot, network, host);
  if (targets.length > 0) return targets.map((target) => foundBehind(snapshot, target, network));
  const resolver = snapshot.resolvers.get(platformKey(network ?? "")) ?? snapshot.internetResolver;
  const server = resolver.kind === "platform" ? "platform" : resolver.key;
  return [{ server: { server, resolver: resolver.key, text: describeResolver(resolver) }, resolver }];
}

function foundBehind(snapshot: Snapshot, target: Target, network: string | undefined): Found {
  const found = findTarget(snapshot, target, network);
  const server = target.text;
  switch (found.kind) {
    case "resolver":
      return {
        server: { server, resolver: found.resolver.key, text: describeResolver(found.resolver) },
        resolver: found.resolver,
      };
    case "internet":
      return {
        server: { server, resolver: INTERNET, text: describeResolver(snapshot.internetResolver) },
        resolver: snapshot.internetResolver,
      };
    case "servers":
      return { server: { server, resolver: null, text: found.targets.map(({ text }) => text).join(", ") } };
    case "nobody":
      return { server: { server, resolver: null, text: `does not answer: ${silenceSentence(found.silence)}` } };
  }
}

/** The resolvers themselves and those that their rules lead to, each once. */
function reachedFrom(snapshot: Snapshot, first: readonly (SimulatedResolver | undefined)[]): SimulatedResolver[] {
  const reached = new Map<string, SimulatedResolver>();
  const waiting = first.filter((resolver) => resolver !== undefined);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (reached.has(next.key)) continue;
    reached.set(next.key, next);
    for (const rule of rulesOf(next)) waiting.push(...ledTo(snapshot, rule, next.network));
  }
  return [...reached.values()];
}

/** The resolvers that a rule leads to. */
function ledTo(snapshot: Snapshot, rule: Rule, from: string | undefined): SimulatedResolver[] {
  const found =
    rule.kind === "view"
      ? [snapshot.resolvers.get(platformKey(rule.network))]
      : targetsOf(rule).map((target) => foundBehind(snapshot, target, networkOf(rule) ?? from).resolver);
  return found.filter((resolver) => resolver !== undefined);
}

function networkOf(rule: Rule): string | undefined {
  return rule.kind === "to" ? rule.network : undefined;
}

function resolverView(snapshot: Snapshot, resolver: SimulatedResolver, withRecords: boolean): ResolverView {
  const rules = rulesOf(resolver).map((rule) => ({
    domain: displayName(rule.domain),
    to: whereTo(rule),
    source: formatLine(rule.span),
  }));
  const { internet } = snapshot;
  return {
    resolver: resolver.key,
    text: describeResolver(resolver),
    source: resolver.span === undefined ? null : formatLine(resolver.span),
    together: resolver.view.phases.some((phase) => phase.length > 1),
    zones: [...resolver.view.zones.values()].map((zone) => ({
      zone: zone.key,
      records: recordCount(zone.zone.tree),
      link: zone.link?.network ?? null,
      madeBy: zone.madeBy?.endpoint ?? null,
      onMiss: zone.onMiss,
      source: formatLine(zone.link?.span ?? zone.span),
      ...(withRecords ? { lines: [...zoneRecords(zone.zone.tree)].flatMap(recordTexts) } : {}),
    })),
    rules: rules.filter(({ domain }) => domain !== "."),
    builtIns: [...resolver.view.hostZones.values(), ...internet.builtins.values()].map(({ zone }) =>
      displayName(zone.origin),
    ),
    last: rules.find(({ domain }) => domain === ".") ?? { domain: ".", to: publicText(snapshot), source: null },
  };
}

/** What there is of public data, and what comes behind it. */
function publicText({ internet }: Snapshot): string {
  const zones = internet.zones.size;
  const data = `public data (${recordCount(internet.exact.tree)} records of services and the topology, ${zones} ${zones === 1 ? "zone" : "zones"})`;
  return internet.upstream.targets.length === 0
    ? `${data}, then the simulated root: nothing else exists`
    : `${data}, then ${internet.upstream.targets.map(({ text }) => text).join(", ")}`;
}
