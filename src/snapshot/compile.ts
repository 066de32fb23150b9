import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { formatName } from "../name/name-text.ts";
import type { AddressPort } from "../net/address.ts";
import { type PrivateWrite, privateWrites } from "../platform/endpoint-records.ts";
import { type PlatformProfile, profileOf } from "../platform/profiles.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { DeclaredResolver, ForwardRule, Network, PrivateZone, Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import { findNode, layerZone, rrsetAt, rrsetsAt, type ZoneChange, type ZoneTree } from "../zone/zone-tree.ts";
import { compileAuthorities } from "./authorities.ts";
import { compileClients } from "./clients.ts";
import { compileEndpointNames } from "./endpoint-names.ts";
import { ancestorsOf, compilePublicView, type PublicZoneInput } from "./public-view.ts";
import { compileReachability } from "./reachability.ts";
import type { Rule, SimulatedResolver, Snapshot, View, ViewZone } from "./snapshot.ts";

/** Everything that the config flow has read, parsed and packed. */
export interface CompileInput {
  readonly topology: Topology;
  /** The records of each private zone's files and text, by key; and the SOA that the topology gives it. */
  readonly zones: ReadonlyMap<string, { readonly tree: ZoneTree; readonly soa?: RRset }>;
  readonly publicZones: readonly PublicZoneInput[];
  /** `public.records`, at the root. */
  readonly publicRecords: ZoneTree;
}

/** The key of the resolver that answers the internet's clients. */
export const INTERNET = "internet";

/** The key of a network's platform resolver, as users may write it. */
export function platformKey(network: string): string {
  return `${network}/platform`;
}

/**
 * Makes a snapshot: a pure function of its input. Work per zone is proportional to what endpoints write into it,
 * not to its records, whose trees are shared with every generation that has them.
 */
export function compile(input: CompileInput, diagnostics: Diagnostics): Snapshot {
  const { topology } = input;
  const zones = compileZones(input, diagnostics);
  const resolvers = new Map<string, SimulatedResolver>();
  const add = (resolver: SimulatedResolver): void => void resolvers.set(resolver.key, resolver);

  for (const network of topology.networks.values()) {
    if (!profileOf(network.kind).hasPlatformResolver) continue;
    add(platformResolver(network, platformView(network, topology, zones)));
  }
  for (const resolver of topology.resolvers.values()) {
    const { key, network, addresses, span } = resolver;
    const platform = resolvers.get(platformKey(network));
    const isInbound = resolver.forward.length === 0 && resolver.zones.length === 0 && platform !== undefined;
    const view = isInbound ? platform.view : forwarderView(resolver, topology, zones);
    add({ key, kind: isInbound ? "inbound" : "forwarder", network, addresses, view, span });
  }
  const nothing: View = makeView(new Map(), new Map(), "chase", profileOf("generic").aliasLimit);
  const internetResolver: SimulatedResolver = { key: INTERNET, kind: "internet", addresses: [], view: nothing };
  add(internetResolver);

  const internet = compilePublicView(topology, input.publicZones, input.publicRecords, diagnostics);
  const viewOf = (network: string): View | undefined => resolvers.get(platformKey(network))?.view;
  return {
    topology,
    clients: compileClients(topology),
    resolvers,
    resolversAt: byAddress(resolvers.values()),
    internet,
    internetResolver,
    authorities: compileAuthorities({ topology, zones, internet, viewOf }, diagnostics),
    endpointNames: compileEndpointNames(topology),
    reachable: compileReachability(topology),
  };
}

function platformResolver(network: Network, view: View): SimulatedResolver {
  const addresses: AddressPort[] = profileOf(network.kind).platformAddresses.map((address) => ({ address, port: 53 }));
  return { key: platformKey(network.key), kind: "platform", network: network.key, addresses, view, span: network.span };
}

/** The linked zones of a network, and its own rules. Links in progress do not count yet. */
function platformView(network: Network, topology: Topology, zones: ReadonlyMap<string, Zone>): View {
  const { redirect, aliasLimit } = profileOf(network.kind);
  const linked = new Map<string, ViewZone>();
  for (const { key, links, span, name } of topology.zones.values()) {
    const link = links.find((one) => one.network === network.key && one.state === "completed");
    const zone = zones.get(key);
    if (link === undefined || zone === undefined) continue;
    const onMiss = redirect.appliesTo(name) ? link.onMiss : "nxdomain";
    const redirectTypes = redirect.types === undefined ? {} : { redirectTypes: redirect.types };
    linked.set(name.key, {
      key,
      zone,
      span,
      link: { network: network.key, span: link.span },
      onMiss,
      ...redirectTypes,
    });
  }
  return makeView(linked, compileRules(network.forward), "chase", aliasLimit, network.key);
}

/** A forwarder's own zones and its rules. A missing `.` rule means that it iterates itself. */
function forwarderView(resolver: DeclaredResolver, topology: Topology, zones: ReadonlyMap<string, Zone>): View {
  const held = new Map<string, ViewZone>();
  for (const key of resolver.zones) {
    const zone = zones.get(key);
    const span = topology.zones.get(key)?.span;
    if (zone !== undefined && span !== undefined) held.set(zone.origin.key, { key, zone, span, onMiss: "nxdomain" });
  }
  const { aliasLimit } = profileOf("generic");
  return makeView(held, compileRules(resolver.forward), "trust", aliasLimit, resolver.network);
}

function makeView(
  zones: View["zones"],
  rules: View["rules"],
  aliases: View["aliases"],
  aliasLimit: number,
  network?: string,
): View {
  const names = [
    ...[...zones.values()].map(({ zone }) => zone.origin),
    ...[...rules.values()].map(({ domain }) => domain),
  ];
  const knownAncestors = ancestorsOf(names);
  return { zones, rules, knownAncestors, aliases, aliasLimit, ...(network === undefined ? {} : { network }) };
}

function compileRules(rules: readonly ForwardRule[]): Map<string, Rule> {
  return new Map(rules.map((rule) => [rule.domain.key, rule]));
}

function compileZones({ topology, zones }: CompileInput, diagnostics: Diagnostics): Map<string, Zone> {
  const writes = new Map<string, PrivateWrite[]>();
  for (const write of privateWrites(topology, diagnostics)) {
    const others = writes.get(write.zoneKey);
    if (others === undefined) writes.set(write.zoneKey, [write]);
    else others.push(write);
  }
  const compiled = new Map<string, Zone>();
  for (const declared of topology.zones.values()) {
    const input = zones.get(declared.key);
    if (input === undefined) continue;
    const changes = (writes.get(declared.key) ?? []).flatMap((write) => changesOf(write, input.tree, diagnostics));
    const tree = changes.length === 0 ? input.tree : layerZone(input.tree, changes);
    const soa = rrsetAt(tree, tree.root, RecordTypes.SOA) ?? input.soa ?? profileSoa(declared, topology);
    compiled.set(declared.key, { origin: declared.name, tree, soa });
  }
  return compiled;
}

/** What an endpoint does to a zone. A record that a person wrote at the same owner gives way, and is told (SEMANTICS 20). */
function changesOf(write: PrivateWrite, base: ZoneTree, diagnostics: Diagnostics): ZoneChange[] {
  const { owner, type, rdatas, ttl, span, endpoint } = write;
  const node = findNode(base, owner);
  const written = node === undefined ? [] : rrsetsAt(base, node, owner);
  const inTheWay = [type, RecordTypes.CNAME];
  const place = written.find((rrset) => write.kind === "delete" || inTheWay.includes(rrset.type))?.places?.[0];
  if (place !== undefined) {
    const what = write.kind === "replace" ? "replaced by" : "removed by";
    diagnostics.report(
      "endpoint/replaces-record",
      `the record at ${formatName(owner)} is ${what} endpoint ${endpoint}`,
      place,
      {
        related: [{ message: `endpoint ${endpoint} is here`, span }],
        hint: "remove the record, or set privateDns of the endpoint to none",
      },
    );
  }
  if (write.kind === "delete") return [{ kind: "delete", owner }];
  const replace: ZoneChange = { kind: "replace", rrset: { owner, type, ttl, rdatas, places: [span] } };
  // An alias beside it would be answered instead, and signatures of what stood there sign something else.
  return [{ kind: "delete", owner, types: [RecordTypes.CNAME, RecordTypes.RRSIG] }, replace];
}

/** The profile that a zone's own values come from: that of the first network it is linked to. */
export function zoneProfile(zone: PrivateZone, topology: Topology): PlatformProfile {
  return profileOf(topology.networks.get(zone.links[0]?.network ?? "")?.kind ?? "generic");
}

function profileSoa(zone: PrivateZone, topology: Topology): RRset {
  const { soa } = zoneProfile(zone, topology);
  return { owner: zone.name, type: RecordTypes.SOA, ttl: soa.ttl, rdatas: [soa.rdata(zone.name)] };
}

function byAddress(resolvers: Iterable<SimulatedResolver>): Map<string, SimulatedResolver[]> {
  const found = new Map<string, SimulatedResolver[]>();
  for (const resolver of resolvers) {
    for (const text of new Set(resolver.addresses.map(({ address }) => address.text))) {
      found.set(text, [...(found.get(text) ?? []), resolver]);
    }
  }
  return found;
}
