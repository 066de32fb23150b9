import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type Address, type AddressPort, formatAddressPort } from "../net/address.ts";
import { hasPlatformResolver, platformAddressesOf } from "../platform/platform-resolver.ts";
import { profileOf } from "../platform/profiles.ts";
import type { RRset } from "../record/rrset.ts";
import type { DeclaredResolver, Network, Target, Topology } from "../topology/model.ts";
import type { ZoneTree } from "../zone/zone-tree.ts";
import { forwarderView, platformView, publicOnlyView } from "./_views.ts";
import { compileAuthorities } from "./authorities.ts";
import { compileClients } from "./clients.ts";
import { compileZones } from "./compile-zones.ts";
import { compileEndpointNames } from "./endpoint-names.ts";
import { compilePublicView, type PublicZoneInput } from "./public-view.ts";
import { compileReachability, compileRouted } from "./reachability.ts";
import type { RuleAnswers } from "./rule-answers.ts";
import type { RealServers, SimulatedResolver, Snapshot, View } from "./snapshot.ts";

/** Everything that the config flow has read, parsed and packed. */
export interface CompileInput {
  readonly topology: Topology;
  /** The records of each private zone's files and text, by key; and the SOA that the topology gives it. */
  readonly zones: ReadonlyMap<string, { readonly tree: ZoneTree; readonly soa?: RRset }>;
  readonly publicZones: readonly PublicZoneInput[];
  /** `public.records`, at the root. */
  readonly publicRecords: ZoneTree;
  /** The records of rules that answer by themselves, by `answerKey`. */
  readonly ruleAnswers: RuleAnswers;
}

const DNS_PORT = 53;

/** The key of the resolver that answers the internet's clients. */
export const INTERNET = "internet";

/** The key of a network's platform resolver, as users may write it. */
export function platformKey(network: string): string {
  return `${network}/platform`;
}

/** The key of the resolver at a network's addresses that answer with public data alone. */
function publicKey(network: string): string {
  return `${network}/public`;
}

/**
 * Makes a snapshot: a pure function of its input. Work per zone is proportional to what endpoints write into it,
 * not to its records, whose trees are shared with every generation that has them.
 */
export function compile(input: CompileInput, diagnostics: Diagnostics): Snapshot {
  const { topology, ruleAnswers } = input;
  const zones = compileZones(input, diagnostics);
  const resolvers = new Map<string, SimulatedResolver>();
  const add = (resolver: SimulatedResolver): void => void resolvers.set(resolver.key, resolver);

  for (const network of topology.networks.values()) {
    if (!hasPlatformResolver(network)) continue;
    for (const one of platformResolvers(
      network,
      platformView(network, topology, zones.declared, zones.hidden, ruleAnswers),
    ))
      add(one);
  }
  for (const resolver of topology.resolvers.values()) {
    const platform = resolvers.get(platformKey(resolver.network));
    const kind = kindOf(resolver, platform);
    const inherited = kind === "inbound" ? platform?.view : undefined;
    const view = inherited ?? forwarderView(resolver, topology, zones.declared, ruleAnswers);
    const { key, network, addresses, span } = resolver;
    add({ key, kind, network, addresses, view, span });
  }
  const nothing = publicOnlyView(profileOf("generic"));
  const internetResolver: SimulatedResolver = { key: INTERNET, kind: "internet", addresses: [], view: nothing };
  add(internetResolver);

  const reachable = compileReachability(topology);
  const internet = compilePublicView(topology, input.publicZones, input.publicRecords, diagnostics);
  const viewOf = (network: string): View | undefined => resolvers.get(platformKey(network))?.view;
  return {
    topology,
    clients: compileClients(topology),
    resolvers,
    resolversAt: byAddress(resolvers.values()),
    realServers: realServers(topology),
    internet,
    internetResolver,
    zones: zones.declared,
    authorities: compileAuthorities({ topology, zones: zones.declared, internet, viewOf }, diagnostics),
    endpointNames: compileEndpointNames(topology),
    reachable,
    routed: compileRouted(topology, reachable, resolvers.values()),
  };
}

/** The platform resolver of a network, and the one at addresses of the platform that know public data alone. */
function platformResolvers(network: Network, view: View): SimulatedResolver[] {
  const { key, kind, span } = network;
  const at = (addresses: readonly Address[]): AddressPort[] =>
    addresses.map((address) => ({ address, port: DNS_PORT }));
  const known = platformAddressesOf(network);
  const platform = {
    key: platformKey(key),
    kind: "platform",
    network: key,
    addresses: at(known.view),
    view,
    span,
  } as const;
  if (known.public.length === 0) return [platform];
  const onlyPublic = publicOnlyView(profileOf(kind), key);
  return [
    platform,
    { key: publicKey(key), kind: "public", network: key, addresses: at(known.public), view: onlyPublic, span },
  ];
}

/** A resolver without zones and rules of its own is an inbound endpoint, where its network has something to answer with. */
function kindOf(resolver: DeclaredResolver, platform: SimulatedResolver | undefined): SimulatedResolver["kind"] {
  if (resolver.external) return "external";
  const hasNothing = resolver.forward.every(({ enabled }) => !enabled) && resolver.zones.length === 0;
  return hasNothing && platform !== undefined ? "inbound" : "forwarder";
}

/** The addresses of external resolvers, as targets that are asked over the wire. */
function realServers(topology: Topology): Map<string, RealServers> {
  const external = [...topology.resolvers.values()].filter((resolver) => resolver.external);
  const targetsOf = ({ key, addresses, span, tls }: DeclaredResolver): Target[] =>
    addresses.map((at) => {
      const place = at.port === DNS_PORT ? at.address.text : formatAddressPort(at);
      const name = key === place ? key : `${key} (${place})`;
      return { kind: "address", at, text: name, span, ...(tls === undefined ? {} : { tls }) };
    });
  return new Map(
    external.map((resolver) => {
      const { key, order = "listed", told } = resolver;
      return [key, { targets: targetsOf(resolver), order, ...(told === undefined ? {} : { told }) }];
    }),
  );
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
