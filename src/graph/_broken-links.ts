import { publicReason } from "../explain/public-reason.ts";
import { displayName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { SimulatedResolver, Snapshot } from "../snapshot/snapshot.ts";
import type { Link, PrivateZone } from "../topology/model.ts";
import { zoneNode } from "./_nodes.ts";
import type { Easel } from "./picture.ts";

/** Draws the links that make their zone visible to nobody. */
export function drawIdleLinks(easel: Easel, { topology, resolvers }: Snapshot): void {
  for (const zone of topology.zones.values()) {
    for (const link of zone.links) {
      const platform = resolvers.get(platformKey(link.network));
      const why = platform === undefined ? "no platform resolver there" : whyIdle(zone, link, platform);
      if (why === undefined) continue;
      const from =
        platform === undefined ? easel.idFor("clients", link.network) : easel.idFor("resolver", platform.key);
      easel.edge("broken", from, zoneNode(easel, zone.key, zone.name, zone.span), [why], link.span);
    }
  }
}

/** Why the platform resolver of a network does not see a zone that is linked to it. */
function whyIdle(zone: PrivateZone, link: Link, { view }: SimulatedResolver): string | undefined {
  if (link.state === "inProgress") return "link not finished";
  if (view.blind !== undefined) return view.blind;
  const seen = view.zones.get(zone.name.key);
  if (seen === undefined) return "not seen there";
  return seen.key === zone.key ? undefined : `hidden by zone ${seen.key}`;
}

/**
 * Draws the links that are not there and should be: where the clients of a network that reaches an endpoint get its public
 * address because the platform resolver that answers them does not see the zone.
 */
export function drawMissingLinks(easel: Easel, snapshot: Snapshot): void {
  const { topology, endpointNames, reachable } = snapshot;
  for (const endpointName of new Set([...endpointNames.values()].flat())) {
    const endpoint = topology.endpoints.get(endpointName.endpoint);
    for (const network of topology.networks.keys()) {
      if (endpoint === undefined || reachable.get(network)?.has(endpoint.network) !== true) continue;
      const question = { name: endpointName.publicName, type: RecordTypes.A };
      const reason = publicReason(snapshot, resolveOffline(snapshot, { kind: "servers-of", network }, question));
      const zone = topology.zones.get(reason?.missingLink?.zone ?? "");
      if (zone === undefined || reason?.missingLink === undefined) continue;
      const from = easel.idFor("resolver", platformKey(reason.missingLink.network));
      const lines = ["no link", `${displayName(question.name)} is public`];
      easel.edge("broken", from, zoneNode(easel, zone.key, zone.name, zone.span), lines, reason.places[0]);
    }
  }
}
