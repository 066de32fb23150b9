import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { originOf } from "../../explain/verdict.ts";
import type { DomainName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { longestSuffix } from "../../name/suffix-map.ts";
import type { Step } from "../../resolve/resolution.ts";
import { knownNames } from "../../snapshot/known-names.ts";
import { type Rule, type SimulatedResolver, targetsOf, type ViewZone } from "../../snapshot/snapshot.ts";
import { resolversBehind } from "../askers.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { once } from "../once.ts";
import { comparable } from "../probes.ts";
import type { LintRule } from "../rule.ts";

/**
 * Rules that are not asked for names one would expect them to take: a linked zone comes before them, or a rule for everything
 * leaves the domains alone that a provider reserves, although its target knows private names there.
 */
export const silentRulesRule: LintRule = {
  codes: ["rule/behind-zone", "rule/reserved-not-taken"],
  check(estate, diagnostics) {
    const published = once(() => reservedAmong(estate));
    const behind = new Set<string>(); // Told: a ruleset's rule is obeyed in many networks.
    const dots = new Set<string>(); // Asked: what passes it by in one network does so in all.
    for (const resolver of estate.snapshot.resolvers.values()) {
      if (resolver.kind !== "platform") continue; // An inbound endpoint has the view of one.
      for (const rule of resolver.view.rules) {
        const place = placeOf(rule);
        if (rule.isLocal || behind.has(place)) continue;
        const zone = zoneInFront(estate, resolver, rule);
        if (zone !== undefined) reportBehind(estate, resolver, rule, zone, diagnostics);
        if (zone !== undefined) behind.add(place);
      }
      const dot = resolver.view.rules.find(({ domain, isLocal }) => domain.labels.length === 0 && !isLocal);
      if (dot === undefined || resolver.view.reserved?.areLeftAlone !== true || dots.has(placeOf(dot))) continue;
      dots.add(placeOf(dot));
      const passed = passedBy(estate, resolver, dot, published());
      if (passed !== undefined) reportPassed(resolver, passed, diagnostics);
    }
  },
};

function placeOf({ span }: Rule): string {
  return `${span.file.path}:${span.start}`;
}

/** The zone that answers for the domain of a rule, if there is one, the rule is not asked, and its target would say something else. */
function zoneInFront(estate: Estate, { key, view, network }: SimulatedResolver, rule: Rule): ViewZone | undefined {
  const zone = longestSuffix(view.zones, rule.domain);
  if (zone === undefined) return undefined;
  const { trace } = estate.ask({ kind: "resolver", key }, rule.domain);
  const decided = trace.find((step) => step.kind === "zone" || step.kind === "rule");
  if (decided?.kind !== "zone" || decided.source.key !== zone.key) return undefined;
  const [target] = targetsOf(rule);
  const behind = target === undefined ? [] : resolversBehind(estate.snapshot, target, network);
  return behind.some((one) => one.view.zones.get(zone.zone.origin.key)?.key === zone.key) ? undefined : zone;
}

function reportBehind(
  estate: Estate,
  { key, network = key }: SimulatedResolver,
  rule: Rule,
  zone: ViewZone,
  diagnostics: Diagnostics,
): void {
  const domain = displayName(rule.domain);
  const whose = rule.ruleset === undefined ? "a rule" : `a rule of ruleset ${rule.ruleset}`;
  const message = `${whose} for ${domain} is never asked in network ${network}: zone ${zone.key} is linked to it, and answers first`;
  diagnostics.report("rule/behind-zone", message, rule.span, {
    related: [{ message: `zone ${zone.key} is linked here`, span: zone.link?.span ?? zone.span }],
    effect: effectOf(estate.ask({ kind: "resolver", key }, rule.domain), network),
    hint: `keep one of the two for ${network}: the rule, or the link`,
  });
}

interface Passed {
  readonly rule: Rule;
  readonly name: DomainName;
  readonly domain: DomainName;
  readonly answer: ReturnType<Estate["ask"]>;
  readonly expected: ReturnType<Estate["ask"]>;
  readonly target: string;
}

/** Published names below domains that a provider reserves: enough of them to meet one that matters. */
const MOST_NAMES = 1000;

interface ReservedName {
  readonly name: DomainName;
  readonly domain: DomainName;
}

function reservedAmong({ snapshot }: Estate): readonly ReservedName[] {
  const domains = new Map<string, DomainName>();
  for (const { view } of snapshot.resolvers.values())
    for (const domain of view.reserved?.domains.values() ?? []) domains.set(domain.key, domain);
  return knownNames(snapshot.internet.exact)
    .flatMap(({ owner: name }) => {
      const domain = longestSuffix(domains, name);
      return domain === undefined ? [] : [{ name, domain }];
    })
    .slice(0, MOST_NAMES);
}

/** A published name that a `.` rule does not take, and that its target has private data for. */
function passedBy(
  estate: Estate,
  { key, network }: SimulatedResolver,
  rule: Rule,
  published: readonly ReservedName[],
): Passed | undefined {
  const [target] = targetsOf(rule);
  const behind = target === undefined ? undefined : resolversBehind(estate.snapshot, target, network)[0];
  if (behind === undefined || target === undefined) return undefined;
  for (const { name, domain } of published) {
    const answer = estate.ask({ kind: "resolver", key }, name);
    if (!answer.trace.some(isLeftAlone) || originOf(answer) !== "public") continue;
    const expected = estate.ask({ kind: "resolver", key: behind.key }, name);
    if (originOf(expected) !== "private" || expected.outcome.kind !== "answer") continue;
    if (comparable(expected) === comparable(answer)) continue;
    return { rule, name, domain, answer, expected, target: target.text };
  }
  return undefined;
}

function isLeftAlone(step: Step): boolean {
  return step.kind === "assumed" && step.assumption.kind === "reservedNames" && step.assumption.isLeftAlone;
}

function reportPassed(
  { key, network = key }: SimulatedResolver,
  { rule, name, domain, answer, expected, target }: Passed,
  diagnostics: Diagnostics,
): void {
  const message = `the rule for . does not take ${displayName(name)} to ${target}: the provider of network ${network} reserves ${displayName(domain)}`;
  diagnostics.report("rule/reserved-not-taken", message, rule.span, {
    effect: `${effectOf(answer, network)}; ${effectOf(expected, target)}`,
    hint: `add a rule for ${displayName(domain)} beside it`,
  });
}
