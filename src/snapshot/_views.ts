import { ROOT } from "../name/domain-name.ts";
import { whyNoZones } from "../platform/platform-resolver.ts";
import type { PlatformProfile } from "../platform/profile.ts";
import { profileOf } from "../platform/profiles.ts";
import type { DeclaredResolver, Network, RuleOrder, Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import { compileRule, networkRules, type RuleTables, tableOf } from "./_rules.ts";
import type { HiddenZone } from "./compile-zones.ts";
import { hostZones } from "./host-zones.ts";
import { ancestorsOf } from "./public-view.ts";
import type { RuleAnswers } from "./rule-answers.ts";
import type { Layer, Phase, ReservedDomains, View, ViewZone } from "./snapshot.ts";

/** What resolvers have that no provider runs. */
const FORWARDER: Pick<View, "aliasLimit" | "reenter" | "failover"> = {
  failover: ["no-reply"],
  aliasLimit: profileOf("generic").aliasLimit,
  reenter: { aliases: "all", isAssumed: false },
};

/** The view of a network's platform resolver: linked zones, those its endpoints make, and its own rules. */
export function platformView(
  network: Network,
  topology: Topology,
  zones: ReadonlyMap<string, Zone>,
  hidden: readonly HiddenZone[],
  answers: RuleAnswers,
): View {
  const profile = profileOf(network.kind);
  const seen = new Map<string, ViewZone>();
  const blind = whyNoZones(network);
  if (blind === undefined) {
    for (const zone of linkedZones(network, topology, zones)) seen.set(zone.zone.origin.key, zone);
    for (const { key, zone, endpoint, span } of hidden.filter((one) => one.network === network.key)) {
      const madeBy = { endpoint, network: network.key };
      seen.set(zone.origin.key, { key, zone, span, madeBy, onMiss: "nxdomain" });
    }
  }
  const { aliases, isDocumented } = profile.reenter;
  const reenter = isDocumented ? { aliases, isAssumed: false } : { aliases: topology.assume.reenter, isAssumed: true };
  const tables = networkRules(network, topology, answers);
  const hosts = hostZones(network, topology);
  const phases = phasesOf(seen, tables, profile.rules.tie, {
    zones: hosts,
    rank: profile.internalNames?.rank ?? "last",
  });
  const { aliasLimit, rules } = profile;
  const ruleAliases = rules.aliasesAreDocumented ? "chase" : topology.assume.ruleAliases;
  return {
    ...viewOf(seen, phases, { ...FORWARDER, aliases: ruleAliases, aliasLimit, reenter }, network.key),
    hostZones: hosts,
    ...(rules.aliasesAreDocumented ? {} : assumedBehaviour(topology)),
    ...(blind === undefined ? {} : { blind }),
    ...(profile.reservedDomains.length === 0 ? {} : { reserved: reservedBy(profile, topology) }),
  };
}

function reservedBy({ reservedDomains }: PlatformProfile, { assume }: Topology): ReservedDomains {
  const domains = new Map(reservedDomains.map((domain) => [domain.key, domain]));
  return { domains, areLeftAlone: assume.reservedNames };
}

/** What comes before linked zones, with them, and after them. */
function phasesOf(
  zones: View["zones"],
  tables: RuleTables,
  tie: PlatformProfile["rules"]["tie"],
  hosts?: { readonly zones: View["hostZones"]; readonly rank: "with-zones" | "last" },
): Phase[] {
  const rules = (order: RuleOrder): Layer[] => {
    const table = tables.get(order);
    return table === undefined ? [] : [{ kind: "rules", rules: table }];
  };
  const linked: Layer = { kind: "zones", zones };
  const own: Layer[] = hosts === undefined || hosts.zones.size === 0 ? [] : [{ kind: "zones", zones: hosts.zones }];
  const beside = rules("with-zones");
  const together = tie === "rules" ? [...beside, linked] : [linked, ...beside];
  const phases =
    hosts?.rank === "with-zones"
      ? [[...together, ...own], rules("after-zones")]
      : [together, rules("after-zones"), own];
  return [rules("before-zones"), ...phases].filter((phase) => phase.length > 0);
}

/** Links in progress do not count yet. */
function linkedZones(network: Network, topology: Topology, zones: ReadonlyMap<string, Zone>): ViewZone[] {
  const { redirect } = profileOf(network.kind);
  const linked: ViewZone[] = [];
  for (const { key, links, span, name } of topology.zones.values()) {
    const link = links.find((one) => one.network === network.key && one.state === "completed");
    const zone = zones.get(key);
    if (link === undefined || zone === undefined) continue;
    const onMiss = redirect.appliesTo(name) ? link.onMiss : "nxdomain";
    const redirectTypes = redirect.types === undefined ? {} : { redirectTypes: redirect.types };
    linked.push({ key, zone, span, link: { network: network.key, span: link.span }, onMiss, ...redirectTypes });
  }
  return linked;
}

/**
 * A forwarder's own zones and its rules. A missing `.` rule means that it iterates itself: in a network without a way out
 * that is a rule as well, to a target that does not answer.
 */
export function forwarderView(
  resolver: DeclaredResolver,
  topology: Topology,
  zones: ReadonlyMap<string, Zone>,
  answers: RuleAnswers,
): View {
  const held = new Map<string, ViewZone>();
  for (const key of resolver.zones) {
    const zone = zones.get(key);
    const span = topology.zones.get(key)?.span;
    if (zone !== undefined && span !== undefined) held.set(zone.origin.key, { key, zone, span, onMiss: "nxdomain" });
  }
  const { span, aliases, failover } = resolver;
  const owner = `resolver ${resolver.key}`;
  const compiled = resolver.forward.map((rule) => compileRule(rule, { owner, topology, answers }));
  const rules = tableOf(compiled.filter((rule) => rule !== undefined));
  const hasWayOut = topology.networks.get(resolver.network)?.egress ?? true;
  if (!hasWayOut && !rules.has(ROOT.key))
    rules.set(ROOT.key, {
      kind: "to",
      domain: ROOT,
      targets: [{ kind: "internet", text: "internet", span }],
      span,
      leadsInside: false,
      isLocal: false,
    });
  const phases = phasesOf(held, new Map([["after-zones", rules]]), "zones");
  return viewOf(held, phases, { ...FORWARDER, aliases, failover }, resolver.network);
}

/** The view of somebody who sees public data alone. */
export function publicOnlyView(profile: Pick<PlatformProfile, "aliasLimit">, network?: string): View {
  return viewOf(new Map(), [], { ...FORWARDER, aliasLimit: profile.aliasLimit, aliases: "chase" }, network);
}

/** Switches of what a provider does and does not tell. */
function assumedBehaviour({ assume }: Topology): Pick<View, "aliasesAreAssumed" | "redirect"> {
  const redirect = { through: assume.redirectThrough, nodata: assume.redirectNodata, isAssumed: true };
  return { aliasesAreAssumed: true, redirect };
}

/** As the documents say it. */
const REDIRECT: View["redirect"] = { through: "internet", nodata: false, isAssumed: false };

function viewOf(
  zones: View["zones"],
  phases: readonly Phase[],
  { aliases, aliasLimit, failover, reenter }: Pick<View, "aliases" | "aliasLimit" | "failover" | "reenter">,
  network?: string,
): View {
  const layers = phases.flat();
  const rules = layers.flatMap((layer) => (layer.kind === "rules" ? [...layer.rules.values()] : []));
  const origins = layers.flatMap((layer) => (layer.kind === "zones" ? [...layer.zones.values()] : []));
  const names = [
    ...origins.map(({ zone }) => zone.origin),
    ...rules.filter((rule) => !rule.isLocal).map(({ domain }) => domain),
  ];
  const knownAncestors = ancestorsOf(names);
  const where = network === undefined ? {} : { network };
  return {
    zones,
    rules,
    hostZones: new Map(),
    redirect: REDIRECT,
    knownAncestors,
    aliases,
    aliasLimit,
    failover,
    phases,
    reenter,
    ...where,
  };
}
