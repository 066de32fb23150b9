import { type Cidr, cidrOf, knownCidr } from "../net/cidr.ts";
import { type Client, clientInSubnet } from "../snapshot/clients.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Asker } from "../topology/model.ts";
import { clientOf } from "./askers.ts";

/**
 * Prefixes of documentation (RFC 5737): nobody stands there, so a server of the model takes a client of one for the
 * internet's, and says that it did.
 */
const NOBODYS = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map(knownCidr);

/** The client subnet by which a server of the model knows an asker; `undefined` where none makes it that one. */
export function subnetOf(snapshot: Snapshot, asker: Asker): Cidr | undefined {
  if (asker.kind === "address") return cidrOf(asker.address, asker.address.octets.length * 8);
  const wanted = clientOf(snapshot, asker);
  return prefixesOf(snapshot, asker).find((cidr) => isSame(clientInSubnet(snapshot.clients, cidr), wanted));
}

function prefixesOf({ topology }: Snapshot, asker: Exclude<Asker, { kind: "address" }>): readonly Cidr[] {
  const network = topology.networks.get(asker.network);
  if (network === undefined) return NOBODYS;
  if (asker.kind === "network") return [...network.prefixes, ...network.clients];
  const host = network.hosts.get(asker.host);
  return [...(host?.addresses ?? []), ...(host?.clients ?? [])];
}

function isSame(found: Client, wanted: Client): boolean {
  switch (found.kind) {
    case "network":
      return wanted.kind === "network" && found.network === wanted.network && found.host === wanted.host;
    case "internet":
      return wanted.kind === "internet" && found.spans === undefined;
    case "ambiguous":
      return false;
  }
}
