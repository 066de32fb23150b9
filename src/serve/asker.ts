import type { Address, AddressPort } from "../net/address.ts";
import { type Cidr, containsAddress } from "../net/cidr.ts";
import { stubOf } from "../resolve/addressee.ts";
import type { Refusal, Silence } from "../resolve/resolution.ts";
import type { Addressee } from "../resolve/resolve.ts";
import { type Client, clientAt, clientInSubnet } from "../snapshot/clients.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";

const DNS_PORT = 53;

/** What a listener says of those who ask at it. */
export interface ListenerIdentity {
  /** Everybody who asks here stands in this network. */
  readonly network?: string;
  /** This socket is that resolver; `platform`: the platform resolver of the client's, or the given, network. */
  readonly resolver?: string;
  /** The zones of an authoritative listener, which has neither of the two. */
  readonly serves?: { readonly key: string };
  /** Peers believed about the client's address. */
  readonly trust: readonly Cidr[];
}

/** Who asks, and who answers: decided before the question is looked at. */
export type Asker = {
  readonly client: Client;
  /** Whether a client-subnet option chose the client: its scope is then the whole prefix. */
  readonly bySubnet: boolean;
  /** A client-subnet option was sent by a peer that is not believed. */
  readonly subnetIgnored: boolean;
} & (
  | { readonly kind: "addressee"; readonly addressee: Addressee }
  | { readonly kind: "refused"; readonly reason: Refusal }
  | { readonly kind: "no-reply"; readonly reason: Silence }
);

/** Decides by SEMANTICS 1 and 13. `subnet` is the query's client subnet, absent when it has none or one of length 0. */
export function identify(
  snapshot: Snapshot,
  listener: ListenerIdentity,
  peer: { readonly address: Address; readonly local: AddressPort },
  subnet: Cidr | undefined,
): Asker {
  if (listener.serves !== undefined) {
    // Everybody gets the same zones (SEMANTICS 16): who asks is for the log alone.
    const addressee: Addressee = { kind: "authority", key: listener.serves.key };
    const client = clientAt(snapshot.clients, peer.address);
    return { client, bySubnet: false, subnetIgnored: false, kind: "addressee", addressee };
  }
  const believed = subnet !== undefined && isTrusted(listener, peer.address);
  const decides = believed && listener.network === undefined;
  const client = clientOf(snapshot, listener, peer.address, decides ? subnet : undefined);
  const subnetIgnored = subnet !== undefined && !believed;
  // Who answers is decided before who asks: here the client, and so its subnet, does not matter.
  const fixed = fixedResolver(snapshot, listener, peer.local);
  if (fixed !== undefined) {
    const addressee: Addressee = { kind: "resolver", key: fixed };
    return { client, bySubnet: false, subnetIgnored, kind: "addressee", addressee };
  }
  const known = { client, bySubnet: decides, subnetIgnored };
  if (client.kind === "ambiguous")
    return { ...known, kind: "refused", reason: { kind: "ambiguous-client", networks: client.networks } };
  const network = client.kind === "network" ? client.network : undefined;
  if (listener.resolver === "platform") return { ...known, ...askPlatform(snapshot, network, "platform") };
  return { ...known, ...askedAt(snapshot, client, peer.local) };
}

/** The resolver that a listener is, or the only one at the address that was asked. */
function fixedResolver(snapshot: Snapshot, { resolver }: ListenerIdentity, local: AddressPort): string | undefined {
  if (resolver !== undefined) return resolver === "platform" ? undefined : resolver;
  const [first, second] = declaredAt(snapshot, local);
  return second === undefined ? first?.key : undefined;
}

/**
 * The declared resolvers at an address: those at its very port, else those at the port of DNS, for which the port of a
 * listener stands.
 */
function declaredAt(snapshot: Snapshot, { address, port }: AddressPort): readonly SimulatedResolver[] {
  const there = (snapshot.resolversAt.get(address.text) ?? []).filter((resolver) => !isPlatforms(resolver));
  const atPort = (wanted: number): SimulatedResolver[] =>
    there.filter((resolver) => resolver.addresses.some((at) => at.address.text === address.text && at.port === wanted));
  const exact = atPort(port);
  return exact.length > 0 ? exact : atPort(DNS_PORT);
}

function isTrusted({ trust }: ListenerIdentity, address: Address): boolean {
  return trust.some((cidr) => containsAddress(cidr, address));
}

function clientOf(snapshot: Snapshot, listener: ListenerIdentity, address: Address, subnet: Cidr | undefined): Client {
  if (listener.network === "internet") return { kind: "internet" };
  if (listener.network !== undefined) return { kind: "network", network: listener.network };
  return subnet === undefined ? clientAt(snapshot.clients, address) : clientInSubnet(snapshot.clients, subnet);
}

type Addressed =
  | { readonly kind: "addressee"; readonly addressee: Addressee }
  | { readonly kind: "no-reply"; readonly reason: Silence };

/**
 * A query at an address that several networks have a resolver at is for the one nearest to the client, one at a platform
 * address for its own platform resolver; any other is for whatever the client is configured to ask.
 */
function askedAt(snapshot: Snapshot, client: Client, local: AddressPort): Addressed {
  const network = client.kind === "network" ? client.network : undefined;
  const declared = declaredAt(snapshot, local);
  const reached = snapshot.reachable.get(network ?? "");
  const nearest =
    declared.find((resolver) => resolver.network === network) ??
    declared.find((resolver) => reached?.has(resolver.network ?? "") === true) ??
    declared[0];
  if (nearest !== undefined) return { kind: "addressee", addressee: { kind: "resolver", key: nearest.key } };
  const { address } = local;
  const platforms = (snapshot.resolversAt.get(address.text) ?? []).filter(isPlatforms);
  if (platforms.length === 0) return { kind: "addressee", addressee: stubOf(client) };
  const routed = snapshot.routed.get(network ?? "");
  const own =
    platforms.find((resolver) => resolver.network === network) ?? platforms.find(({ key }) => routed?.has(key));
  if (own !== undefined) return { kind: "addressee", addressee: { kind: "resolver", key: own.key } };
  return { kind: "no-reply", reason: { kind: "platform-outside", target: address.text, from: network ?? "internet" } };
}

/** Whether a resolver is one that a platform runs: nobody declared it. */
function isPlatforms({ kind }: SimulatedResolver): boolean {
  return kind === "platform" || kind === "public";
}

function askPlatform(snapshot: Snapshot, network: string | undefined, target: string): Addressed {
  const key = platformKey(network ?? "");
  if (network !== undefined && snapshot.resolvers.has(key))
    return { kind: "addressee", addressee: { kind: "resolver", key } };
  return { kind: "no-reply", reason: { kind: "platform-outside", target, from: network ?? "internet" } };
}

/** As whom somebody is taken, in words: `network hub`, `host legacy of network spoke`. */
export function askerText({ client }: Pick<Asker, "client">): string {
  switch (client.kind) {
    case "network":
      return client.host === undefined
        ? `network ${client.network}`
        : `host ${client.host} of network ${client.network}`;
    case "internet":
      return "the internet";
    case "ambiguous":
      return `networks ${client.networks.join(" and ")}: nobody can say which`;
  }
}
