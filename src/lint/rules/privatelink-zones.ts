import { fixedNames } from "../../catalogue/fixed-names.ts";
import { isPublishedZone, isVirtualZone } from "../../catalogue/privatelink-zones.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { foldedLabels, isAtOrBelow, nameFromLabels, prepend } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import type { Link, PrivateZone } from "../../topology/model.ts";
import { findNode } from "../../zone/zone-tree.ts";
import { effectOf, namesListed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { askPlatform, isRedirected, linksOf } from "../linked.ts";
import type { LintRule } from "../rule.ts";
import type { Alias, ZoneReading } from "../zone-readings.ts";

/** Zones of endpoints that deny names of somebody else, because a zone that is seen answers for all names below it. */
export const privatelinkZonesRule: LintRule = {
  codes: ["zone/denies-others", "zone/shared-names-missing", "zone/belongs-above"],
  check(estate, diagnostics) {
    const aliases = publicAliasesInto(estate);
    for (const zone of estate.topology.zones.values()) {
      const reading = estate.readings.get(zone.key);
      const link = linksOf(estate, zone, "azure", "generic").find((one) => !isRedirected(estate, zone, one));
      if (reading === undefined || link === undefined) continue;
      if (isVirtualZone(zone.name)) reportVirtual(estate, zone, link, diagnostics);
      else if (fixedNames(zone.name).length > 0) reportShared(estate, zone, link, diagnostics);
      else reportDenied(estate, zone, reading, link, aliases.get(zone.name.key) ?? [], diagnostics);
    }
  },
};

/** Public aliases by the published zone that their target lies in, where no endpoint of the model has it. */
function publicAliasesInto({ publicReadings, topology, snapshot }: Estate): Map<string, Alias[]> {
  const origins = new Set(Array.from(topology.zones.values(), ({ name }) => name.key));
  const found = new Map<string, Alias[]>();
  for (const alias of publicReadings.flatMap(({ aliases }) => aliases)) {
    const { labels, key } = alias.target;
    if (snapshot.endpointNames.has(key)) continue;
    for (let skipped = 1; skipped < labels.length; skipped++) {
      const above = nameFromLabels(labels.slice(skipped));
      if (!origins.has(above.key)) continue;
      found.set(above.key, [...(found.get(above.key) ?? []), alias]);
      break;
    }
  }
  return found;
}

/** Names that the internet knows and the zone does not; of a zone without any record, whatever anybody has there. */
function reportDenied(
  estate: Estate,
  zone: PrivateZone,
  reading: ZoneReading,
  link: Link,
  aliases: readonly Alias[],
  diagnostics: Diagnostics,
): void {
  const denied = aliases.filter(
    ({ target, rrset }) =>
      findNode(reading.zone.tree, target) === undefined &&
      askPlatform(estate, link.network, rrset.owner).outcome.kind === "nxdomain",
  );
  const [first] = denied;
  const hint = `write onMiss: internet at the link to ${link.network}, or unlink the zone`;
  const related = [{ message: `it is linked to network ${link.network} here`, span: link.span }];
  if (first !== undefined) {
    const names = namesListed(denied.map(({ rrset }) => rrset.owner));
    const message = `zone ${zone.key} denies ${names}, which others have endpoints for`;
    const effect = effectOf(askPlatform(estate, link.network, first.rrset.owner), link.network);
    diagnostics.report("zone/denies-others", message, zone.span, { related, hint, effect });
    return;
  }
  if (reading.sets > 0 || !isPublishedZone(zone.name) || isWritten(estate, zone)) return;
  const example = prepend(["any-other"], zone.name);
  const message = `zone ${zone.key} has no records, and denies every name below it, those that others have endpoints for as well`;
  diagnostics.report("zone/denies-others", message, zone.span, {
    related,
    hint,
    ...(example === undefined ? {} : { effect: effectOf(askPlatform(estate, link.network, example), link.network) }),
  });
}

/** Whether an endpoint, whatever its state, has names in a zone of this name: why its records are missing is told elsewhere. */
function isWritten({ plans }: Estate, { name }: PrivateZone): boolean {
  return [...plans.values()].some(({ members }) =>
    members.some(({ names }) => names.some(({ zone }) => zone.key === name.key)),
  );
}

/** Names that the provider has for everybody: who has one of them in private needs all. */
function reportShared(estate: Estate, zone: PrivateZone, link: Link, diagnostics: Diagnostics): void {
  const tree = estate.zones.get(zone.key)?.tree;
  if (tree === undefined) return;
  const missing = fixedNames(zone.name).filter((name) => findNode(tree, name) === undefined);
  const [first] = missing;
  if (first === undefined) return;
  const answer = askPlatform(estate, link.network, first);
  if (answer.outcome.kind !== "nxdomain") return;
  const message = `zone ${zone.key} lacks ${namesListed(missing)}: the public names lead there for everybody, whoever has an endpoint`;
  diagnostics.report("zone/shared-names-missing", message, zone.span, {
    related: [{ message: `it is linked to network ${link.network} here`, span: link.span }],
    effect: effectOf(answer, link.network),
    hint: "let one endpoint write all of them, or write onMiss: internet at the link",
  });
}

/** A name that is printed beside zones and is none: the longer zone hides the records of the one above. */
function reportVirtual(estate: Estate, zone: PrivateZone, link: Link, diagnostics: Diagnostics): void {
  const start = foldedLabels(zone.name).indexOf("privatelink");
  const above = nameFromLabels(zone.name.labels.slice(start));
  const parent = [...estate.topology.zones.values()].find(({ name }) => name.key === above.key);
  const hidden = parent === undefined ? [] : hiddenBy(estate, zone, parent);
  const [first] = hidden;
  const hides = first === undefined ? "" : `, and hides ${namesListed(hidden)}`;
  const message = `zone ${zone.key} should not be there: its records belong in ${displayName(above)}${hides}`;
  diagnostics.report("zone/belongs-above", message, zone.span, {
    related: parent === undefined ? [] : [{ message: `zone ${parent.key} is here`, span: parent.span }],
    hint: `remove the zone, and let endpoints write to ${displayName(above)}`,
    ...(first === undefined ? {} : { effect: effectOf(askPlatform(estate, link.network, first), link.network) }),
  });
}

/** Names of the zone above that lie in this one. */
function hiddenBy({ readings }: Estate, zone: PrivateZone, parent: PrivateZone) {
  const addresses = readings.get(parent.key)?.addresses ?? [];
  return addresses.map(({ owner }) => owner).filter((owner) => isAtOrBelow(owner, zone.name));
}
