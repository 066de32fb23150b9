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
import type { LintRule } from "../rule.ts";

/**
 * Privatelink zones by a name that the provider has for none of its services: those of older documents, and those that
 * somebody guessed. No public name ever leads there. Privatelink zones of somebody's own domain are their affair.
 */
export const zoneNamesRule: LintRule = {
  codes: ["zone/wrong-name"],
  check(estate, diagnostics) {
    for (const zone of estate.topology.zones.values()) {
      const right = replacedZone(zone.name) ?? guessed(zone.name);
      if (right !== undefined) report(estate, zone, right, diagnostics);
    }
  },
};

const PROVIDERS_DOMAINS: readonly DomainName[] = AZURE_RESERVED_DOMAINS.map(knownName);
const KNOWN: readonly (readonly string[])[] = privatelinkZones().map((zone) => zone.split("."));

/** The zone that was meant: the nearest the provider has. */
function guessed(name: DomainName): DomainName | undefined {
  const labels = name.labels.map(foldLabel);
  const isPrivatelink = labels.includes("privatelink");
  if (!isPrivatelink || !PROVIDERS_DOMAINS.some((domain) => isAtOrBelow(name, domain))) return undefined;
  if (KNOWN.some((template) => isOf(labels, template))) return undefined;
  const text = labels.join(".");
  const full = privatelinkZones().filter((zone) => !zone.includes("{"));
  const ranked = full.map((zone) => ({ zone, mistakes: countMistakes(text, zone) }));
  const [best] = ranked.toSorted((a, b) => a.mistakes - b.mistakes);
  return best === undefined || best.mistakes > MOST_MISTAKES ? undefined : knownName(best.zone);
}

/** Chars by which a guessed name differs from a right one: `vault` is `vaultcore` in four. */
const MOST_MISTAKES = 5;

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
