import { zonesElsewhere } from "../../catalogue/zones-elsewhere.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { originOf } from "../../explain/verdict.ts";
import { type DomainName, isAtOrBelow, nameFromLabels, sameName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { longestSuffix } from "../../name/suffix-map.ts";
import { type Rule, type SimulatedResolver, targetsOf } from "../../snapshot/snapshot.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import type { LintRule } from "../rule.ts";

/**
 * A rule for the public domain of a service whose private zone is not below it, and none for where the zone is. Whoever
 * chases aliases, as BIND, Unbound and Windows do, asks somebody else for the private name.
 */
export const zoneElsewhereRule: LintRule = {
  codes: ["rule/zone-elsewhere"],
  check(estate, diagnostics) {
    for (const found of elsewhereIn(estate)) reportElsewhere(estate, found, diagnostics);
  },
};

/** The keys of resolvers that have such a rule. */
export function resolversWithZoneElsewhere(estate: Estate): ReadonlySet<string> {
  return new Set(elsewhereIn(estate).map(({ resolver }) => resolver.key));
}

function elsewhereIn({ snapshot, plans }: Estate): Elsewhere[] {
  const names = [...plans.values()].flatMap(({ members }) => members.flatMap((member) => member.names));
  const found: Elsewhere[] = [];
  for (const resolver of snapshot.resolvers.values()) {
    if (resolver.kind !== "forwarder") continue;
    const rules = new Map(resolver.view.rules.map((rule) => [rule.domain.key, rule]));
    for (const { suffix, zone } of zonesElsewhere()) {
      const rule = longestSuffix(rules, suffix);
      if (rule === undefined || !rule.leadsInside || rule.domain.labels.length === 0) continue;
      // A rule for a domain above is for many services: it is told of those that the model has.
      const isMeant = sameName(rule.domain, suffix) || names.some(({ publicName }) => isAtOrBelow(publicName, suffix));
      if (!isMeant) continue;
      if (!isLed(resolver, rules, zone, rule)) found.push({ resolver, rule, suffix, zone });
    }
  }
  return found;
}

interface Elsewhere {
  readonly resolver: SimulatedResolver;
  readonly rule: Rule;
  readonly suffix: DomainName;
  readonly zone: DomainName;
}

/** Whether the private name is asked of somebody inside as well, or the resolver has the zone itself. */
function isLed({ view }: SimulatedResolver, rules: ReadonlyMap<string, Rule>, zone: DomainName, rule: Rule): boolean {
  if (view.zones.has(zone.key)) return true;
  const other = longestSuffix(rules, zone);
  return other !== undefined && (other === rule || other.leadsInside);
}

function reportElsewhere(estate: Estate, { resolver, rule, suffix, zone }: Elsewhere, diagnostics: Diagnostics): void {
  const domain = displayName(rule.domain);
  const targets = targetsOf(rule)
    .map(({ text }) => text)
    .join(", ");
  const chases = resolver.view.aliases === "chase";
  const what = chases
    ? `resolver ${resolver.key}, which chases aliases, asks somebody else for them`
    : `a server that chases aliases, as BIND, Unbound and Windows do, asks somebody else for them`;
  const message = `the rule for ${domain} leads to ${targets}, and its private names lie in ${displayName(zone)}: ${what}`;
  diagnostics.report("rule/zone-elsewhere", message, rule.span, {
    hint: `add a rule for ${displayName(publicDomain(zone))} to ${targets}`,
    ...effectFrom(estate, resolver, suffix, chases),
  });
}

/** The domain that people write a rule for: the zone's name without its label `privatelink`. */
function publicDomain({ labels }: DomainName): DomainName {
  return nameFromLabels(labels.slice(1));
}

/** What the resolver says of the first endpoint's name there. */
function effectFrom(
  estate: Estate,
  resolver: SimulatedResolver,
  suffix: DomainName,
  chases: boolean,
): { readonly effect?: string } {
  const names = [...estate.plans.values()].flatMap(({ members }) => members.flatMap((member) => member.names));
  const name = names.find(({ publicName }) => isAtOrBelow(publicName, suffix))?.publicName;
  if (name === undefined || !chases) return {};
  const answer = estate.ask({ kind: "resolver", key: resolver.key }, name);
  return originOf(answer) === "public" ? { effect: effectOf(answer, `resolver ${resolver.key}`) } : {};
}
