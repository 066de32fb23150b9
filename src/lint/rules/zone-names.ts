import { privatelinkZones, replacedZone } from "../../catalogue/privatelink-zones.ts";
import { AZURE_RESERVED_DOMAINS } from "../../catalogue/reserved-domains.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { type DomainName, foldLabel, isAtOrBelow } from "../../name/domain-name.ts";
import { displayName, knownName } from "../../name/name-text.ts";
import { countMistakes } from "../../name/nearest.ts";
import { type PrivateZone, spanAt } from "../../topology/model.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { renameZone } from "../fixes/rename-zone.ts";
import { once } from "../once.ts";
import type { LintRule } from "../rule.ts";

/**
 * Privatelink zones by a name that the provider has for none of its services: those of older documents, and those that
 * somebody guessed. No public name ever leads there. Privatelink zones of somebody's own domain are their affair.
 */
export const zoneNamesRule: LintRule = {
  codes: ["zone/wrong-name"],
  check(estate, diagnostics) {
    const wanted = once(() => wantedZones(estate));
    for (const zone of estate.topology.zones.values()) {
      const right = replacedZone(zone.name) ?? guessed(zone.name, wanted());
      if (right !== undefined) report(estate, zone, right, diagnostics);
    }
  },
};

const PROVIDERS_DOMAINS: readonly DomainName[] = AZURE_RESERVED_DOMAINS.map(knownName);
const KNOWN: readonly (readonly string[])[] = privatelinkZones().map((zone) => zone.split("."));

/** Zones that endpoints belong in, and that nobody declares: what a zone by a wrong name was most likely meant to be. */
function wantedZones({ plans, topology }: Estate): readonly DomainName[] {
  const wanted = new Map<string, DomainName>();
  for (const { endpoint, members, group } of plans.values()) {
    if (group === undefined || endpoint.privateDns.length === 0) continue; // Whose records are written elsewhere, nobody knows.
    for (const { zone } of members.flatMap(({ names }) => names)) wanted.set(zone.key, zone);
  }
  for (const { name } of topology.zones.values()) wanted.delete(name.key);
  return [...wanted.values()];
}

/**
 * The zone that was meant. With an endpoint that lacks its zone, one that is written almost so, or one of the same domain of the
 * provider; without, only what is written almost so: a provider has services that no catalogue knows yet.
 */
function guessed(name: DomainName, wanted: readonly DomainName[]): DomainName | undefined {
  const labels = name.labels.map(foldLabel);
  if (KNOWN.some((template) => isOf(labels, template))) return undefined;
  const text = labels.join(".");
  const typo = nearestOf(text, wanted);
  if (typo !== undefined && typo.mistakes <= MOST_MISTAKES) return typo.zone;
  if (!labels.includes("privatelink") || !PROVIDERS_DOMAINS.some((domain) => isAtOrBelow(name, domain)))
    return undefined;
  const top = labels.slice(-2).join(".");
  const neighbour = nearestOf(
    text,
    wanted.filter((zone) => zone.labels.slice(-2).map(foldLabel).join(".") === top),
  );
  if (neighbour !== undefined) return neighbour.zone;
  const best = nearestOf(text, FULL);
  return best !== undefined && best.mistakes <= MOST_MISTAKES ? best.zone : undefined;
}

/** Chars by which what is written almost so differs. */
const MOST_MISTAKES = 2;

const FULL: readonly DomainName[] = privatelinkZones()
  .filter((zone) => !zone.includes("{"))
  .map(knownName);

function nearestOf(
  text: string,
  zones: readonly DomainName[],
): { readonly zone: DomainName; readonly mistakes: number } | undefined {
  const ranked = zones.map((zone) => ({ zone, mistakes: countMistakes(text, displayName(zone)) }));
  return ranked.toSorted((a, b) => a.mistakes - b.mistakes)[0];
}

/** Whether a name is one of a template, or lies below it: some services have zones per resource. */
function isOf(labels: readonly string[], template: readonly string[]): boolean {
  const extra = labels.length - template.length;
  return extra >= 0 && template.every((part, i) => part.includes("{") || part === labels[extra + i]);
}

function report(estate: Estate, zone: PrivateZone, right: DomainName, diagnostics: Diagnostics): void {
  const meant = displayName(right);
  const endpoints = [...estate.plans.values()].filter(({ members }) =>
    members.some(({ names }) => names.some((name) => name.zone.key === right.key)),
  );
  const [plan] = endpoints;
  const name = plan?.members[0]?.names.find((one) => one.zone.key === right.key);
  const network = zone.links[0]?.network;
  const effect =
    name === undefined || network === undefined
      ? {}
      : { effect: effectOf(estate.ask({ kind: "servers-of", network }, name.publicName), network) };
  const message = `zone ${zone.key} is never asked: public names lead to ${meant}, and none to ${displayName(zone.name)}`;
  const fix = estate.topology.zones.has(meant) ? undefined : renameZone(estate.topology, zone, right);
  diagnostics.report("zone/wrong-name", message, zone.spans.has("name") ? spanAt(zone, "name") : zone.span, {
    related: plan === undefined ? [] : [{ message: `endpoint ${plan.endpoint.key} is here`, span: plan.endpoint.span }],
    ...effect,
    hint: `call it ${meant}`,
    ...(fix === undefined ? {} : { fix }),
  });
}
