import { displayName } from "../name/name-text.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Snapshot, ViewZone } from "../snapshot/snapshot.ts";
import { type Endpoint, spanAt } from "../topology/model.ts";
import { endpointsOf, notApproved, type PublicReason } from "./public-reason.ts";

/**
 * Why a private zone denies a name that an endpoint of the model is there for, and what to change: the commonest trap, as
 * the zone hides the public name too. `undefined` for every other ending.
 */
export function denialReason(snapshot: Snapshot, resolution: Resolution): PublicReason | undefined {
  const { outcome, trace } = resolution;
  const denying = lastSource(trace);
  if (outcome.kind !== "nxdomain" || denying?.kind !== "zone") return undefined;
  const endpoints = endpointsOf(snapshot, resolution);
  const approved = endpoints.filter(({ connection }) => connection === "approved");
  const [first] = endpoints;
  if (first === undefined) return undefined;
  if (approved.length === 0) return notApproved(first);
  const writer = approved.find((endpoint) => mayWrite(endpoint, denying.source));
  if (writer === undefined) return writesNothing(approved[0] ?? first, denying.source);
  const remover = endpoints.find(({ connection }) => connection === "rejected" || connection === "disconnected");
  return remover === undefined ? undefined : removed(writer, remover, displayName(denying.name));
}

function mayWrite({ privateDns }: Endpoint, zone: ViewZone): boolean {
  return privateDns.some((where) => where.kind === "auto" || where.key === zone.key);
}

function writesNothing(endpoint: Endpoint, zone: ViewZone): PublicReason {
  return {
    sentence: `endpoint ${endpoint.key} writes no records into zone ${zone.key}: its privateDns does not name it`,
    change: `add ${zone.key} to privateDns of ${endpoint.key}, or add the records to the zone by hand`,
    places: [spanAt(endpoint, "privateDns"), zone.span],
  };
}

/** Records belong to names, not to endpoints: whoever goes takes them along. */
function removed(writer: Endpoint, remover: Endpoint, name: string): PublicReason {
  return {
    sentence: `endpoint ${remover.key} is ${remover.connection}, which removed ${name}, also for endpoint ${writer.key}`,
    change: `remove ${remover.key}, or keep its records out of the zone with privateDns: none`,
    places: [spanAt(remover, "connection"), writer.span],
  };
}
