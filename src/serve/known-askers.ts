import type { AddressPort } from "../net/address.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Asker, identify, type ListenerIdentity } from "./asker.ts";
import type { Peer } from "./responder.ts";

/** Clients that are remembered: a flood of forged sources empties the memory and costs no more. */
const MAX_CLIENTS = 8192;

/**
 * Who stands behind each address at one listener, so that only a client's first question of a generation is looked up.
 * A client subnet may say otherwise: questions that have one are none of its business.
 */
export class KnownAskers {
  private readonly listener: () => ListenerIdentity;
  private generation: Snapshot | undefined;
  /** By the address that was asked and that of the client. */
  private askers = new Map<AddressPort, Map<string, Asker>>();
  private count = 0;

  constructor(listener: () => ListenerIdentity) {
    this.listener = listener;
  }

  /** What `identify` says of a peer whose question has no client subnet. */
  at(snapshot: Snapshot, { address, local }: Pick<Peer, "address" | "local">): Asker {
    if (snapshot !== this.generation || this.count >= MAX_CLIENTS) this.startAnew(snapshot);
    let here = this.askers.get(local);
    if (here === undefined) {
      here = new Map();
      this.askers.set(local, here);
    }
    const known = here.get(address.text);
    if (known !== undefined) return known;
    const asker = identify(snapshot, this.listener(), { address, local }, undefined);
    here.set(address.text, asker);
    this.count += 1;
    return asker;
  }

  private startAnew(snapshot: Snapshot): void {
    this.generation = snapshot;
    this.askers = new Map();
    this.count = 0;
  }
}
