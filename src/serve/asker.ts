import type { Address, AddressPort } from "../net/address.ts";
import { isLoopback } from "../net/address.ts";
import { type Cidr, containsAddress } from "../net/cidr.ts";
import type { Refusal, Silence } from "../resolve/resolution.ts";
import type { Addressee } from "../resolve/resolve.ts";
import { type Client, clientAt, clientInSubnet } from "../snapshot/clients.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** What a listener says of those who ask at it. */
export interface ListenerIdentity {
  /** Everybody who asks here stands in this network. */
  readonly network?: string;
  /** This socket is that resolver; `platform`: the platform resolver of the client's, or the given, network. */
  readonly resolver?: string;
  /** Peers believed about the client's address; empty: loopback. */
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
  const believed = subnet !== undefined && isTrusted(listener, peer.address);
  const bySubnet = believed && listener.network === undefined;
  const client = clientOf(snapshot, listener, peer.address, bySubnet ? subnet : undefined);
  const known = { client, bySubnet, subnetIgnored: subnet !== undefined && !believed };
  if (listener.resolver !== undefined && listener.resolver !== "platform") {
    return { ...known, kind: "addressee", addressee: { kind: "resolver", key: listener.resolver } };
  }
  if (client.kind === "ambiguous")
    return { ...known, kind: "refused", reason: { kind: "ambiguous-client", networks: client.networks } };
  const network = client.kind === "network" ? client.network : undefined;
  if (listener.resolver === "platform") return { ...known, ...askPlatform(snapshot, network, "platform") };
  return { ...known, ...askedAt(snapshot, client, peer.local) };
}

function isTrusted({ trust }: ListenerIdentity, address: Address): boolean {
  return trust.length === 0 ? isLoopback(address) : trust.some((cidr) => containsAddress(cidr, address));
}

function clientOf(snapshot: Snapshot, listener: ListenerIdentity, address: Address, subnet: Cidr | undefined): Client {
  if (listener.network === "internet") return { kind: "internet" };
  if (listener.network !== undefined) return { kind: "network", network: listener.network };
  return subnet === undefined ? clientAt(snapshot.clients, address) : clientInSubnet(snapshot.clients, subnet);
}

type Addressed =
  | { readonly kind: "addressee"; readonly addressee: Addressee }
  | { readonly kind: "no-reply"; readonly reason: Silence };

/** A query that arrived at the address of a resolver of the model is for that resolver; any other, for the client's own. */
function askedAt(snapshot: Snapshot, client: Client, local: AddressPort): Addressed {
  const network = client.kind === "network" ? client.network : undefined;
  const there = snapshot.resolversAt.get(local.address.text) ?? [];
  const declared = there.filter(({ kind }) => kind !== "platform");
  const nearest = declared.find((resolver) => resolver.network === network) ?? declared[0];
  if (nearest !== undefined) return { kind: "addressee", addressee: { kind: "resolver", key: nearest.key } };
  if (there.length > 0) return askPlatform(snapshot, network, local.address.text);
  return { kind: "addressee", addressee: stubOf(client) };
}

function askPlatform(snapshot: Snapshot, network: string | undefined, target: string): Addressed {
  const key = platformKey(network ?? "");
  if (network !== undefined && snapshot.resolvers.has(key))
    return { kind: "addressee", addressee: { kind: "resolver", key } };
  return { kind: "no-reply", reason: { kind: "platform-outside", target, from: network ?? "internet" } };
}

/** Whatever the client is configured to ask. */
export function stubOf(client: Client): Addressee {
  if (client.kind !== "network") return { kind: "servers-of" };
  return { kind: "servers-of", network: client.network, ...(client.host === undefined ? {} : { host: client.host }) };
}
