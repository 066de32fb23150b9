import type { Peer } from "../serve/responder.ts";

/** Peers remembered at most; beyond them nothing more is told, so that strangers cannot fill a log. */
const MAX_PEERS = 1000;

/** Tells of each peer once, by its address. */
export function oncePerPeer(tell: (peer: Peer) => void): (peer: Peer) => void {
  const told = new Set<string>();
  return (peer) => {
    const { text } = peer.address;
    if (told.has(text) || told.size >= MAX_PEERS) return;
    told.add(text);
    tell(peer);
  };
}
