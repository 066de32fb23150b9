import { isPrivatelinkZone } from "../../catalogue/privatelink-zones.ts";
import { ZONE_ROWS } from "../../catalogue/zone-rows.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { type DomainName, isAtOrBelow, prepend } from "../../name/domain-name.ts";
import { displayName, knownName } from "../../name/name-text.ts";
import { type PrivateZone, spanAt } from "../../topology/model.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import type { LintRule } from "../rule.ts";

/**
 * Private zones that stand where a provider's public one is, or above it: what they do not hold of the service no longer
 * exists for whoever sees them. A zone of one full name below the suffix takes that name alone, and is a good way.
 */
export const shadowingRule: LintRule = {
  codes: ["zone/shadows-public"],
  check(estate, diagnostics) {
    for (const zone of estate.topology.zones.values()) {
      if (isPrivatelinkZone(zone.name) || zone.name.labels.length === 0) continue;
      const suffix = SUFFIXES.find((one) => isAtOrBelow(one, zone.name));
      if (suffix !== undefined) report(estate, zone, suffix, diagnostics);
    }
  },
};

/** Public suffixes that have a private zone beside them; one with placeholders counts from behind the last. */
const SUFFIXES: readonly DomainName[] = [
  ...new Set(
    ZONE_ROWS.flatMap(({ doors }) => doors)
      .filter(({ suffix, zone }) => suffix !== zone)
      .map(({ suffix }) => suffix.slice(suffix.lastIndexOf("}") + 1).replace(/^\./, "")),
  ),
]
  .filter((suffix) => suffix.split(".").length > 1)
  .map(knownName);

/** Somebody else's resource, whose name nobody has: two labels, as services have at least one of their own. */
const SOMEBODY = ["somebody-else"];

function report(estate: Estate, zone: PrivateZone, suffix: DomainName, diagnostics: Diagnostics): void {
  const other = prepend(SOMEBODY, suffix);
  const seenBy = viewerOf(estate, zone);
  if (other === undefined || seenBy === undefined) return;
  const answer = estate.ask(seenBy.addressee, other);
  if (answer.outcome.kind !== "nxdomain" && answer.outcome.kind !== "nodata") return;
  const denied = answer.trace.findLast((step) => step.kind === "zone");
  if (denied?.kind !== "zone" || denied.source.key !== zone.key) return;
  const domain = displayName(suffix);
  const where =
    zone.name.key === suffix.key ? `the public zone ${domain}` : `the public zone ${domain} and all else below it`;
  const message = `zone ${zone.key} takes the place of ${where}: what it does not hold does not exist for who sees it`;
  diagnostics.report("zone/shadows-public", message, zone.spans.has("name") ? spanAt(zone, "name") : zone.span, {
    effect: effectOf(answer, seenBy.who),
    hint: `put the records into ${privateZoneOf(suffix)}, or into a zone for each full name`,
  });
}

/** Somebody who sees the zone: a linked network, else a resolver that holds it. */
function viewerOf(
  { topology }: Estate,
  zone: PrivateZone,
): { readonly addressee: Parameters<Estate["ask"]>[0]; readonly who: string } | undefined {
  const network = zone.links[0]?.network;
  if (network !== undefined) return { addressee: { kind: "resolver", key: `${network}/platform` }, who: network };
  const holder = [...topology.resolvers.values()].find(({ zones }) => zones.includes(zone.key));
  if (holder === undefined) return undefined;
  return { addressee: { kind: "resolver", key: holder.key }, who: `resolver ${holder.key}` };
}

function privateZoneOf(suffix: DomainName): string {
  const text = displayName(suffix);
  const door = ZONE_ROWS.flatMap(({ doors }) => doors).find((one) => one.suffix.endsWith(text));
  return door?.zone.replaceAll(/\{[^}]*\}\./g, "") ?? `privatelink.${text}`;
}
