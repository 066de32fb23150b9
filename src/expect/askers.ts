import { parseAddress } from "../net/address.ts";
import { type AddresseeOf, addresseeOf } from "../resolve/addressee.ts";
import { type Client, clientAt } from "../snapshot/clients.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Asker, Target } from "../topology/model.ts";

const DNS_PORT = 53;

/** An asker as a user writes it. */
export function askerText(asker: Asker): string {
  switch (asker.kind) {
    case "network":
      return asker.network;
    case "host":
      return `${asker.host}@${asker.network}`;
    case "address":
      return asker.address.text;
  }
}

/** The client that an asker is. */
export function clientOf({ clients }: Snapshot, asker: Asker): Client {
  switch (asker.kind) {
    case "network":
      return asker.network === INTERNET ? { kind: "internet" } : { kind: "network", network: asker.network };
    case "host":
      return { kind: "network", network: asker.network, host: asker.host };
    case "address":
      return clientAt(clients, asker.address);
  }
}

/**
 * Whom an asker asks: the servers it is given, or the one that the expectation names, looked up from where the asker
 * stands as a rule's target would be.
 */
export function askedBy(snapshot: Snapshot, asker: Asker, ask: string | undefined): AddresseeOf {
  return addresseeOf(snapshot, clientOf(snapshot, asker), ask === undefined ? undefined : targetOf(ask));
}

const NOWHERE: SourceSpan = {
  file: { path: "expectations", encoding: "unicode", lineStarts: new Uint32Array(1) },
  start: 0,
  end: 0,
};

/** An `ask` as the topology keeps it, checked: a resolver's key, `platform`, `NETWORK/platform`, `internet`, an address. */
function targetOf(ask: string): Target {
  const place = { text: ask, span: NOWHERE } as const;
  if (ask === "platform") return { ...place, kind: "platform" };
  if (ask === INTERNET) return { ...place, kind: "internet" };
  const address = parseAddress(ask);
  if (address !== undefined) return { ...place, kind: "address", at: { address, port: DNS_PORT } };
  const network = /^(.+)\/platform$/.exec(ask)?.[1];
  return network === undefined ? { ...place, kind: "resolver", key: ask } : { ...place, kind: "platform", network };
}
