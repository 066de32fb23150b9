import { type Address, addressOf, isPrivateAddress } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Client } from "../snapshot/clients.ts";
import { isProvidersAlone, type Unreached, unreached } from "../snapshot/connection-path.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Service } from "../topology/model.ts";
import { endpointsOf } from "./public-reason.ts";
import { originOf } from "./verdict.ts";

/**
 * What a connection to the answer meets, which no name tells (SEMANTICS 49): a service that refuses it, or no way there.
 * A sentence without a full stop; without a `client` only the service is looked at.
 */
export function connectionOf(
  snapshot: Snapshot,
  resolution: Resolution,
  client: Client | undefined,
): string | undefined {
  if (resolution.outcome.kind !== "answer") return undefined;
  return closedDoor(snapshot, resolution) ?? noWay(snapshot, resolution, client);
}

/** Public access that is switched off changes what a connection gets, never what a name resolves to. */
function closedDoor(snapshot: Snapshot, resolution: Resolution): string | undefined {
  const isBehindIt = addressesOf(resolution).some((address) => isProvidersAlone(address) || isPrivateAddress(address));
  if (originOf(resolution) !== "public" || isBehindIt) return undefined;
  const closed = servicesOf(snapshot, resolution).find((service) => service.publicNetworkAccess === "disabled");
  return closed === undefined
    ? undefined
    : `service ${closed.key} has publicNetworkAccess disabled: it refuses connections to this address`;
}

/** The services that publish a name on the way, or that an endpoint of such a name leads to. */
function servicesOf(snapshot: Snapshot, resolution: Resolution): Service[] {
  const { publishers } = snapshot.internet;
  const owners = [resolution.question.name, ...resolution.aliases.map(({ owner }) => owner)];
  const publishing = owners.map(({ key }) => publishers.get(key));
  const behind = endpointsOf(snapshot, resolution).map(({ service }) => service);
  return [...publishing, ...behind]
    .map((key) => snapshot.topology.services.get(key ?? ""))
    .filter((service) => service !== undefined);
}

function addressesOf({ outcome }: Resolution): Address[] {
  if (outcome.kind !== "answer") return [];
  const { A, AAAA } = RecordTypes;
  const sets = outcome.rrsets.filter(({ type }) => type === A || type === AAAA);
  return sets.flatMap(({ rdatas }) => rdatas.map(addressOf));
}

function noWay(snapshot: Snapshot, resolution: Resolution, client: Client | undefined): string | undefined {
  if (client === undefined || client.kind === "ambiguous") return undefined;
  const network = client.kind === "network" ? client.network : undefined;
  const who = network === undefined ? "the internet" : `network ${network}`;
  for (const address of addressesOf(resolution)) {
    const why = unreached(snapshot, network, address);
    if (why !== undefined) return `${who} has no way to ${address.text}: ${reasonOf(why)}`;
  }
  return undefined;
}

function reasonOf(why: Unreached): string {
  switch (why.kind) {
    case "not-routed":
      return why.because ?? `${why.prefix.text} is routed inside the provider's network alone`;
    case "no-egress":
      return "its egress is false";
    case "not-a-peer":
      return `it is inside network ${why.network}, which is no peer`;
  }
}
