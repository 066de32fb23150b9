import type { DomainName } from "../name/domain-name.ts";
import { type AddressPort, formatAddressPort } from "../net/address.ts";
import { LOOPBACK_PREFIXES } from "../net/cidr.ts";
import { hasPlatformResolver } from "../platform/platform-resolver.ts";
import { INTERNET, platformKey } from "../snapshot/compile.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { DeclaredResolver, ForwardRule, Listener, Target, Topology } from "../topology/model.ts";
import { PUBLIC_ZONES, zonesOfNetwork } from "../topology/served-zones.ts";
import { beyondLoopback } from "./beyond-loopback.ts";

/** What the command line says instead of the topology. */
export interface Overrides {
  /** Listeners of the command line, instead of the topology's. */
  readonly listen: readonly ListenOverride[];
  /** Where real servers of the topology are asked, instead of where it says. */
  readonly resolvers?: readonly ResolverOverride[];
  /** Domains that a resolver of the command line's sends to real servers. */
  readonly forward?: readonly ForwardOverride[];
  /** Whether the topology's listeners at loopback addresses are opened at every address of the machine. */
  readonly beyondLoopback?: boolean;
  /** A cap on the TTLs of replies, instead of the listeners' own. */
  readonly maxTtl?: number;
}

/** `--listen ADDR:PORT[=WHO]`. */
export interface ListenOverride {
  readonly at: AddressPort;
  /** A network or a resolver of the model, or whose zones are served. */
  readonly who?: string;
}

/** `--resolver NAME=ADDR[:PORT]`. */
export interface ResolverOverride {
  readonly name: string;
  readonly at: AddressPort;
}

/** `--forward DOMAIN=ADDR[:PORT]`, or `DOMAIN=tls://NAME@ADDR[:PORT]`. */
export interface ForwardOverride {
  readonly domain: DomainName;
  readonly at: AddressPort;
  /** The name that the server's certificate must have. */
  readonly tls?: string;
}

/** The key of the resolver that `--forward` makes (SEMANTICS 24). */
const FORWARDER = "forwarder";

/** Who, at `--listen`, serves zones rather than resolves. */
const AUTHORITATIVE = "authoritative";

/** The topology with what the command line says instead; the sentence of what is wrong with that. `span` is the topology. */
export function overrideTopology(topology: Topology, overrides: Overrides, span: SourceSpan): Topology | string {
  const asked = overrideResolvers(topology, overrides);
  if (typeof asked === "string") return asked;
  const forwarding = addForwarder(asked, overrides.forward ?? [], span);
  return typeof forwarding === "string" ? forwarding : overrideListeners(forwarding, overrides, span);
}

/** Puts other addresses in place of those of real servers. */
function overrideResolvers(topology: Topology, overrides: Overrides): Topology | string {
  const resolvers = new Map(topology.resolvers);
  for (const { name, at } of overrides.resolvers ?? []) {
    const found = [...resolvers.values()].find(({ key }) => key.toLowerCase() === name.toLowerCase());
    const external = [...resolvers.values()].filter((one) => one.external).map(({ key }) => key);
    const there = external.length === 0 ? "no resolver of the topology is" : `there are ${external.join(", ")}`;
    if (found === undefined) return `--resolver: no resolver is called ${name}: of external ones ${there}`;
    if (!found.external) return `--resolver: ${found.key} is no real server: write external: true, ${there}`;
    resolvers.set(found.key, { ...found, addresses: [at] });
  }
  return { ...topology, resolvers };
}

/** A resolver that asks real servers for some domains and public data for the rest, on every listener that is nobody yet. */
function addForwarder(topology: Topology, forward: readonly ForwardOverride[], span: SourceSpan): Topology | string {
  if (forward.length === 0) return topology;
  if (topology.resolvers.has(FORWARDER)) return `--forward: the topology has a resolver ${FORWARDER} already`;
  const behaviour = { aliases: "trust", failover: ["no-reply"] } as const;
  const common = { network: INTERNET, zones: [], span, spans: new Map(), ...behaviour } as const;
  const resolvers = new Map(topology.resolvers);
  const rules = new Map<string, Extract<ForwardRule, { kind: "to" }>>();
  for (const { domain, at, tls } of forward) {
    const key = tls === undefined ? serverKey(at) : `tls://${tls}@${formatAddressPort(at)}`;
    const over = tls === undefined ? {} : { tls };
    const server: DeclaredResolver = { ...common, key, addresses: [at], forward: [], external: true, ...over };
    resolvers.set(key, server);
    const others = rules.get(domain.key)?.targets ?? [];
    const targets: Target[] = [...others, { kind: "resolver", key, text: key, span }];
    rules.set(domain.key, { kind: "to", domain, enabled: true, span, targets });
  }
  resolvers.set(FORWARDER, { ...common, key: FORWARDER, addresses: [], forward: [...rules.values()], external: false });
  const listeners = topology.listeners.map((listener) =>
    isNobody(listener) ? { ...listener, resolver: FORWARDER } : listener,
  );
  return { ...topology, resolvers, listeners };
}

function isNobody({ network, resolver, serves }: Listener): boolean {
  return network === undefined && resolver === undefined && serves === undefined;
}

function serverKey(at: AddressPort): string {
  return at.port === 53 ? at.address.text : formatAddressPort(at);
}

/** Puts the command line's listeners, and its cap, in place of the topology's. */
function overrideListeners(topology: Topology, overrides: Overrides, span: SourceSpan): Topology | string {
  const cap = overrides.maxTtl === undefined ? {} : { maxTtl: overrides.maxTtl };
  const listeners: Listener[] = topology.listeners.map((listener) => ({ ...listener, ...cap }));
  if (overrides.listen.length === 0 && overrides.beyondLoopback === true) {
    const moved = beyondLoopback(listeners);
    return typeof moved === "string" ? moved : { ...topology, listeners: moved };
  }
  if (overrides.listen.length > 0) listeners.length = 0;
  const forwarder = (overrides.forward ?? []).length === 0 ? {} : { resolver: FORWARDER };
  for (const { at, who } of overrides.listen) {
    const identity = who === undefined ? forwarder : identityOf(who, topology);
    if (typeof identity === "string") return identity;
    listeners.push({ at, trust: LOOPBACK_PREFIXES, span, ...cap, ...identity });
  }
  return { ...topology, listeners };
}

/**
 * Who a listener is that the command line calls `who`: a network, a resolver, `internet`, `platform`, `NETWORK/platform`;
 * `authoritative` for the public zones, `NETWORK/authoritative` for those of a network.
 */
function identityOf(who: string, topology: Topology): Pick<Listener, "network" | "resolver" | "serves"> | string {
  const named = (keys: Iterable<string>, text = who): string | undefined =>
    [...keys].find((key) => key.toLowerCase() === text.toLowerCase());
  if (who === "internet") return { network: who };
  if (who === "platform") return { resolver: who };
  const network = named(topology.networks.keys());
  if (network !== undefined) return { network };
  const platforms = [...topology.networks.values()].filter(hasPlatformResolver);
  const resolvers = [...topology.resolvers.keys(), ...platforms.map(({ key }) => platformKey(key))];
  const resolver = named(resolvers);
  if (resolver !== undefined) return { resolver };
  if (who === AUTHORITATIVE) return { serves: PUBLIC_ZONES };
  const [, holder] = /^(.+)\/authoritative$/.exec(who) ?? [];
  const served = holder === undefined ? undefined : named(topology.networks.keys(), holder);
  if (served !== undefined) return { serves: zonesOfNetwork(served) };
  const known = [...topology.networks.keys(), ...resolvers, "internet", "platform", AUTHORITATIVE].join(", ");
  return `--listen: ${who} is neither a network nor a resolver: there are ${known}`;
}
