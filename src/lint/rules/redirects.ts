import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { sameName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { profileOf } from "../../platform/profiles.ts";
import { type PrivateZone, spanAt } from "../../topology/model.ts";
import { effectOf, listed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import type { LintRule } from "../rule.ts";
import type { Miss } from "../survey.ts";

/** `onMiss: internet`: where it hides what is missing, and where it does nothing. */
export const redirectsRule: LintRule = {
  codes: ["link/redirect-hides-record", "link/redirect-unused"],
  check(estate, diagnostics) {
    for (const miss of estate.survey.misses) reportHidden(estate, miss, diagnostics);
    for (const zone of estate.topology.zones.values()) reportUnused(estate, zone, diagnostics);
  },
};

/** The zone lacks the record of an endpoint, and clients get a public answer where a denial would tell them. */
function reportHidden({ writes }: Estate, { plan, name, resolution, first }: Miss, diagnostics: Diagnostics): void {
  const { endpoint, service } = plan;
  // Where another zone of that name has the record, each has its part: that is told by itself, and this may be the cure.
  if (writes.some((write) => write.endpoint === endpoint.key && sameName(write.owner, name.privateName))) return;
  for (const step of resolution.trace) {
    if (step.kind !== "redirect" || !sameName(step.name, name.privateName)) continue;
    const door = service.publicNetworkAccess === "disabled" ? ", where the service refuses connections" : "";
    const message = `zone ${step.source.key} lacks the record of endpoint ${endpoint.key}, and onMiss: internet hides it: ${displayName(name.publicName)} is public${door}`;
    diagnostics.report("link/redirect-hides-record", message, step.source.link?.span ?? step.source.span, {
      related: [{ message: `endpoint ${endpoint.key} is here`, span: endpoint.span }],
      effect: effectOf(resolution, first),
      hint: `add the record to zone ${step.source.key}, or let the endpoint write it with privateDns`,
    });
    return;
  }
}

/** The networks whose platform does not know the redirect, or not for such a zone; resolvers that hold a zone never do. */
function reportUnused({ topology }: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  const wanted = zone.links.filter(({ onMiss }) => onMiss === "internet");
  const useless = wanted.filter(({ network }) => {
    const kind = topology.networks.get(network)?.kind ?? "generic";
    return !profileOf(kind).redirect.appliesTo(zone.name);
  });
  const [link] = useless;
  if (link === undefined) return;
  const kinds = new Set(useless.map(({ network }) => topology.networks.get(network)?.kind ?? "generic"));
  const isAzure = kinds.size === 1 && kinds.has("azure");
  const networks = listed([...new Set(useless.map(({ network }) => network))]);
  const why = isAzure
    ? "Azure redirects names of privatelink zones alone"
    : `${listed([...kinds])} does not redirect names that such a zone lacks`;
  const message = `onMiss: internet does nothing for zone ${zone.key} in ${networks}: ${why}`;
  const isOfZone = zone.onMiss === "internet" && zone.spans.has("onMiss");
  diagnostics.report("link/redirect-unused", message, isOfZone ? spanAt(zone, "onMiss") : link.span, {
    related: isOfZone ? [{ message: "it is linked here", span: link.span }] : [],
    hint: "leave onMiss out, and write records for the names that clients need",
  });
}
