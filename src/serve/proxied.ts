import { type Address, type AddressPort, formatAddressPort } from "../net/address.ts";
import { type ProxiedClient, readProxyHeader } from "../transport/proxy-header.ts";
import type { Peer, Responder } from "./responder.ts";

/** Whether a peer is a proxy that is believed about its clients. */
export type IsProxy = (address: Address) => boolean;

/** Destinations that are kept apart; of more each is a new one. */
const MAX_DESTINATIONS = 1000;

/**
 * Peers as proxies tell them. The address that was asked is one object for each text, as it is for sockets: what is
 * remembered by it is found again.
 */
export class ProxiedPeers {
  private readonly destinations = new Map<string, AddressPort>();

  /** The peer that a header speaks for; without one the peer itself. */
  peerOf(from: Peer, client: ProxiedClient | undefined): Peer {
    if (client === undefined) return from;
    const { source, destination } = client;
    return { ...from, address: source.address, port: source.port, local: this.intern(destination) };
  }

  private intern(destination: AddressPort): AddressPort {
    const text = formatAddressPort(destination);
    const known = this.destinations.get(text);
    if (known !== undefined) return known;
    if (this.destinations.size >= MAX_DESTINATIONS) this.destinations.clear();
    this.destinations.set(text, destination);
    return destination;
  }
}

/**
 * Answers datagrams that begin with a PROXY header, and no others: each has one, from a proxy, or is dropped (the PROXY
 * protocol, §2: guessing is forbidden). Replies have none.
 */
export function behindProxy(respond: Responder, isProxy: IsProxy): Responder {
  const peers = new ProxiedPeers();
  return (octets, from) => {
    if (!isProxy(from.address)) return undefined;
    const header = readProxyHeader(octets);
    if (header.kind !== "header") return undefined;
    return respond(octets.subarray(header.length), peers.peerOf(from, header.client));
  };
}
