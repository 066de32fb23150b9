import { type DomainName, ROOT } from "../name/domain-name.ts";
import type { PlatformProfile } from "../platform/profile.ts";
import { platformAddressesOf, whyNoZones } from "../platform/platform-resolver.ts";
import { profileOf } from "../platform/profiles.ts";
import type { DeclaredResolver, ForwardRule, Network, Target, Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import type { HiddenZone } from "./compile-zones.ts";
import { ancestorsOf } from "./public-view.ts";
import type { Rule, View, ViewZone } from "./snapshot.ts";

/** What only forwarders have: rules that are asked after the zones they hold. */
const FORWARDER = profileOf("generic");

/** The view of a network's platform resolver: linked zones, those its endpoints make, and its own rules. */
export function platformView(
  network: Network,
  topology: Topology,
  zones: ReadonlyMap<string, Zone>,
  hidden: readonly HiddenZone[],
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
  const view = viewOf(
    seen,
    compileRules(network.forward, topology, network.key),
    { ...profile, aliases: "chase", reenter },
    network.key,
  );
  return blind === undefined ? view : { ...view, blind };
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
export function forwarderView(resolver: DeclaredResolver, topology: Topology, zones: ReadonlyMap<string, Zone>): View {
  const held = new Map<string, ViewZone>();
  for (const key of resolver.zones) {
    const zone = zones.get(key);
    const span = topology.zones.get(key)?.span;
    if (zone !== undefined && span !== undefined) held.set(zone.origin.key, { key, zone, span, onMiss: "nxdomain" });
  }
  const rules = compileRules(resolver.forward, topology);
  const { span } = resolver;
  const hasWayOut = topology.networks.get(resolver.network)?.egress ?? true;
  if (!hasWayOut && !rules.has(ROOT.key))
    rules.set(ROOT.key, {
      domain: ROOT,
      targets: [{ kind: "internet", text: "internet", span }],
      span,
      ...LEADS_OUT,
    });
  return viewOf(held, rules, { ...FORWARDER, aliases: "trust", reenter: REENTERS }, resolver.network);
}

/** The view of somebody who sees public data alone. */
export function publicOnlyView(profile: Pick<PlatformProfile, "aliasLimit">, network?: string): View {
  const behaviour = { ...FORWARDER, ...profile, aliases: "chase", reenter: REENTERS } as const;
  return viewOf(new Map(), new Map(), behaviour, network);
}

const REENTERS: View["reenter"] = { aliases: "all", isAssumed: false };

function viewOf(
  zones: View["zones"],
  rules: View["rules"],
  { aliases, aliasLimit, phases, reenter }: Pick<View, "aliases" | "aliasLimit" | "phases" | "reenter">,
  network?: string,
): View {
  const names: DomainName[] = [...zones.values()].map(({ zone }) => zone.origin);
  for (const { domain } of rules.values()) names.push(domain);
  const knownAncestors = ancestorsOf(names);
  const where = network === undefined ? {} : { network };
  return { zones, rules, knownAncestors, aliases, aliasLimit, phases, reenter, ...where };
}

const LEADS_OUT = { leadsInside: false, isLocal: false } as const;

/** `platform` among the rules of a network's platform resolver is that resolver itself. */
function compileRules(rules: readonly ForwardRule[], topology: Topology, own?: string): Map<string, Rule> {
  const isOwn = (target: Target | undefined): boolean =>
    own !== undefined && target?.kind === "platform" && (target.network ?? own) === own;
  return new Map(
    rules.map((rule) => {
      const leadsInside = rule.targets.some((target) => isInside(target, topology));
      return [rule.domain.key, { ...rule, leadsInside, isLocal: isOwn(rule.targets[0]) }];
    }),
  );
}

/** Whether a target is a resolver that the model answers as; a real server is none. */
function isInside(target: Target, { networks, resolvers }: Topology): boolean {
  switch (target.kind) {
    case "platform":
    case "network":
      return true;
    case "internet":
      return false;
    case "resolver":
      return resolvers.get(target.key)?.external === false;
    case "address": {
      const { text } = target.at.address;
      const there = [...resolvers.values()].find(({ addresses }) =>
        addresses.some(({ address }) => address.text === text),
      );
      if (there !== undefined) return !there.external;
      return [...networks.values()].some((network) =>
        platformAddressesOf(network).view.some((one) => one.text === text),
      );
    }
  }
}
