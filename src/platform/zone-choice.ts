import { replacedZone } from "../catalogue/privatelink-zones.ts";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, sameName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { Endpoint, PrivateZone, Topology } from "../topology/model.ts";

/**
 * The declared zones that an endpoint's record in the catalogue's zone `wanted` is written to: of the zones the endpoint
 * lists, those of that name; with `auto`, the declared one, or where several share the name the one linked to its network.
 * No zone is told; writing elsewhere would only hide the mistake.
 */
export function zonesFor(
  endpoint: Endpoint,
  wanted: DomainName,
  topology: Topology,
  diagnostics: Diagnostics,
): readonly PrivateZone[] {
  const chosen = new Map<string, PrivateZone>();
  let isAmbiguous = false;
  for (const privateDns of endpoint.privateDns) {
    if (privateDns.kind === "zone") {
      const zone = topology.zones.get(privateDns.key);
      if (zone !== undefined && sameName(zone.name, wanted)) chosen.set(zone.key, zone);
      continue;
    }
    const found = zonesNamed(wanted, topology);
    const linked = found.filter(({ links }) => links.some(({ network }) => network === endpoint.network));
    const best = found.length > 1 ? linked : found;
    if (best.length > 1 || (found.length > 1 && best.length === 0)) {
      reportAmbiguous(endpoint, found, best.length, privateDns.span, diagnostics);
      isAmbiguous = true;
      continue;
    }
    for (const zone of best) chosen.set(zone.key, zone);
  }
  if (chosen.size === 0 && !isAmbiguous) reportNoZone(endpoint, wanted, topology, diagnostics);
  return [...chosen.values()];
}

/** Zones an endpoint lists although none of its names lies in them. */
export function reportUnusedZones(
  endpoint: Endpoint,
  wanted: readonly DomainName[],
  topology: Topology,
  diagnostics: Diagnostics,
): void {
  for (const privateDns of endpoint.privateDns) {
    if (privateDns.kind === "auto") continue;
    const zone = topology.zones.get(privateDns.key);
    if (zone === undefined || wanted.some((name) => sameName(name, zone.name))) continue;
    const expected = unique(wanted).join(", ");
    diagnostics.report(
      "endpoint/zone-unused",
      `endpoint ${endpoint.key} writes nothing to zone ${zone.key}: its records belong in ${expected}`,
      privateDns.span,
      { related: [{ message: `zone ${zone.key} is here`, span: zone.span }] },
    );
  }
}

function zonesNamed(name: DomainName, topology: Topology): PrivateZone[] {
  return [...topology.zones.values()].filter((zone) => sameName(zone.name, name));
}

function unique(names: readonly DomainName[]): string[] {
  return [...new Map(names.map((name) => [name.key, displayName(name)])).values()];
}

function reportAmbiguous(
  endpoint: Endpoint,
  found: readonly PrivateZone[],
  linked: number,
  span: SourceSpan,
  diagnostics: Diagnostics,
): void {
  const keys = found.map(({ key }) => key).join(", ");
  const which = linked === 0 ? "none of them is" : "more than one of them is";
  diagnostics.report(
    "endpoint/ambiguous-zone",
    `endpoint ${endpoint.key} could write to ${keys}, and ${which} linked to network ${endpoint.network}`,
    span,
    {
      hint: "name the zone in privateDns",
      related: found.map((zone) => ({ message: `zone ${zone.key} is here`, span: zone.span })),
    },
  );
}

function reportNoZone(endpoint: Endpoint, wanted: DomainName, topology: Topology, diagnostics: Diagnostics): void {
  const zone = displayName(wanted);
  const listed = endpoint.privateDns.every(({ kind }) => kind === "zone");
  const outdated = [...topology.zones.values()].filter(({ name }) => {
    const replacement = replacedZone(name);
    return replacement !== undefined && sameName(replacement, wanted);
  });
  const why = listed && zonesNamed(wanted, topology).length > 0 ? "is not in its privateDns" : "is not declared";
  diagnostics.report(
    "endpoint/no-zone",
    `endpoint ${endpoint.key} writes no record in ${zone}: that zone ${why}`,
    endpoint.privateDns[0]?.span ?? endpoint.span,
    {
      hint: why === "is not declared" ? `declare zone ${zone}` : `add ${zone} to privateDns`,
      related: outdated.map((one) => ({ message: `${zone} took the place of this zone`, span: one.span })),
    },
  );
}
