import { isPrivatelinkZone } from "../../catalogue/privatelink-zones.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { ancestorOf, type DomainName, isAtOrBelow } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { hasPlatformResolver } from "../../platform/platform-resolver.ts";
import type { Rule, SimulatedResolver } from "../../snapshot/snapshot.ts";
import { spanAt } from "../../topology/model.ts";
import { effectOf, listed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { grouped } from "../grouped.ts";
import type { LintRule } from "../rule.ts";
import type { Miss } from "../survey.ts";

/**
 * Servers that take the names of an endpoint from the internet, although their clients reach it: a forwarder with a rule for the
 * private zone alone, which it never gets to; DNS servers of a cloud network that do not ask its platform. On premises the
 * second may be meant: nobody said that the office should use the endpoint.
 */
export const customDnsRule: LintRule = {
  codes: ["rule/privatelink-alone", "network/dns-past-links"],
  check(estate, diagnostics) {
    const outside = estate.survey.misses.flatMap((miss) => outsideOf(miss) ?? []);
    const alone = outside.flatMap((one) => (one.rule === undefined ? [] : [{ ...one, rule: one.rule }]));
    for (const same of grouped(alone, ({ rule }) => placeOf(rule))) reportAlone(same, diagnostics);
    const past = outside.filter(({ rule, miss }) => rule === undefined && isCloud(estate, miss));
    for (const same of grouped(past, ({ miss }) => miss.first)) reportPast(estate, same, diagnostics);
  },
};

/** The keys of resolvers that have a rule for a private zone which they never look at. */
export function resolversWithRuleAlone({ survey }: Estate): ReadonlySet<string> {
  const keys = survey.misses.map((miss) => outsideOf(miss)).filter((one) => one?.rule !== undefined);
  return new Set(keys.map((one) => one?.forwarder?.key ?? ""));
}

/** What the public name of an endpoint has in place of its private zone. */
function publicSuffix({ publicName, privateName, zone }: Miss["name"]): DomainName {
  return ancestorOf(publicName, privateName.labels.length - zone.labels.length);
}

interface Outside {
  readonly miss: Miss;
  /** The forwarder that asks the internet, or iterates itself; absent where the clients do. */
  readonly forwarder?: SimulatedResolver;
  /** Its rule for the private zone, which does not get a say. */
  readonly rule?: Rule;
}

function outsideOf(miss: Miss): Outside | undefined {
  const { deciders, plan, name } = miss;
  const decider = deciders.at(-1);
  if (decider === undefined || plan.group === undefined) return undefined;
  if (decider.kind === "platform" || decider.kind === "inbound" || decider.kind === "external") return undefined;
  const forwarder = deciders.findLast(({ kind }) => kind === "forwarder");
  if (forwarder === undefined) return { miss };
  const rule = forwarder.view.rules.find(
    ({ domain, leadsInside }) =>
      leadsInside &&
      isPrivatelinkZone(domain) &&
      isAtOrBelow(name.privateName, domain) &&
      !isAtOrBelow(name.publicName, domain),
  );
  return { miss, forwarder, ...(rule === undefined ? {} : { rule }) };
}

function placeOf({ span }: Rule): string {
  return `${span.file.path}:${span.start}`;
}

function isCloud({ topology }: Estate, { first }: Miss): boolean {
  const network = topology.networks.get(first);
  return network !== undefined && network.dns.length > 0 && hasPlatformResolver(network);
}

function reportAlone(same: readonly [Outside & { readonly rule: Rule }, ...Outside[]], diagnostics: Diagnostics): void {
  const [{ miss, forwarder, rule }] = same;
  const { name, plan } = miss;
  const suffix = displayName(publicSuffix(name));
  const message = `resolver ${forwarder?.key} has a rule for ${displayName(rule.domain)} and none for ${suffix}: what it is told of ${displayName(name.publicName)} is final, and the rule is never looked at`;
  diagnostics.report("rule/privatelink-alone", message, rule.span, {
    related: [{ message: `endpoint ${plan.endpoint.key} is here`, span: plan.endpoint.span }],
    effect: effectOf(miss.resolution, miss.first),
    hint: `add a rule for ${suffix} with the same targets`,
  });
}

function reportPast({ topology }: Estate, same: readonly [Outside, ...Outside[]], diagnostics: Diagnostics): void {
  const [{ miss, forwarder }] = same;
  const network = topology.networks.get(miss.first);
  if (network === undefined) return;
  const names = displayName(miss.name.publicName);
  const networks = miss.networks.filter((key) => (topology.networks.get(key)?.dns.length ?? 0) > 0);
  const who = networks.length === 1 ? `network ${network.key} uses` : `networks ${listed(networks)} use`;
  const what =
    forwarder === undefined
      ? `${who} a public DNS server, which knows nothing of private zones`
      : `${who} resolver ${forwarder.key}, which takes ${names} from the internet`;
  const there =
    forwarder?.span === undefined ? [] : [{ message: `resolver ${forwarder.key} is here`, span: forwarder.span }];
  diagnostics.report("network/dns-past-links", `${what}: links of zones do not count for it`, spanAt(network, "dns"), {
    related: [...there, { message: `endpoint ${miss.plan.endpoint.key} is here`, span: miss.plan.endpoint.span }],
    effect: effectOf(miss.resolution, miss.first),
    hint:
      forwarder === undefined
        ? "leave dns out, or name a resolver that asks the platform"
        : `let ${forwarder.key} forward to the platform, or give it a rule for ${displayName(publicSuffix(miss.name))}`,
  });
}
