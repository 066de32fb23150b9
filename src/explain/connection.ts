import { addressOf } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Client } from "../snapshot/clients.ts";
import { type Unreached, unreached } from "../snapshot/connection-path.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
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
  if (originOf(resolution) !== "public") return undefined;
  const { services } = snapshot.topology;
  const closed = endpointsOf(snapshot, resolution)
    .map(({ service }) => services.get(service))
    .find((service) => service?.publicNetworkAccess === "disabled");
  return closed === undefined
    ? undefined
    : `service ${closed.key} has publicNetworkAccess disabled: it refuses connections to this address`;
}

function noWay(snapshot: Snapshot, { outcome }: Resolution, client: Client | undefined): string | undefined {
  if (client === undefined || client.kind === "ambiguous" || outcome.kind !== "answer") return undefined;
  const network = client.kind === "network" ? client.network : undefined;
  const who = network === undefined ? "the internet" : `network ${network}`;
  const { A, AAAA } = RecordTypes;
  for (const { type, rdatas } of outcome.rrsets) {
    if (type !== A && type !== AAAA) continue;
    for (const address of rdatas.map(addressOf)) {
      const why = unreached(snapshot, network, address);
      if (why !== undefined) return `${who} has no way to ${address.text}: ${reasonOf(why)}`;
    }
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
