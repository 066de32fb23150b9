import { PROVIDER_ROUTES } from "../../catalogue/platform-addresses.ts";
import { hostsBelow, knownNamesBelow } from "../../catalogue/provider-names.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { prepend, sameName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import { addressOf } from "../../net/address.ts";
import { containsAddress, knownCidr } from "../../net/cidr.ts";
import { profileOf } from "../../platform/profiles.ts";
import { platformKey } from "../../snapshot/compile.ts";
import type { PrivateZone } from "../../topology/model.ts";
import { effectOf, namesListed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { askPlatform, linksOf, placeOf } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/** Zones of one's own over the names of a provider, and rules over zones. */
export const overridesRule: LintRule = {
  codes: ["zone/hides-provider-names", "zone/no-wildcard", "zone/mixed-addresses", "rule/hides-zone"],
  check(estate, diagnostics) {
    const locations = locationsOf(estate);
    for (const zone of estate.topology.zones.values()) {
      if (!reportNoWildcard(estate, zone, diagnostics)) reportHidden(estate, zone, locations, diagnostics);
      reportMixed(estate, zone, diagnostics);
    }
    reportRules(estate, diagnostics);
  },
};

/** Names that the provider has below the zone, and that the zone denies. */
function reportHidden(
  estate: Estate,
  zone: PrivateZone,
  locations: ReadonlySet<string>,
  diagnostics: Diagnostics,
): void {
  const names = knownNamesBelow(zone.name, locations);
  const [link] = names.length === 0 ? [] : linksOf(estate, zone);
  if (link === undefined) return;
  const hidden = names.filter((name) => {
    const { outcome, trace } = askPlatform(estate, link.network, name);
    const isZones = trace.some(
      (step) => step.kind === "zone" && step.source.key === zone.key && sameName(step.name, name),
    );
    return isZones && outcome.kind === "nxdomain";
  });
  const [first] = hidden;
  if (first === undefined) return;
  const message = `zone ${zone.key} hides names of the provider that it does not have: ${namesListed(hidden)}`;
  diagnostics.report("zone/hides-provider-names", message, zone.span, {
    related: [{ message: `it is linked to network ${link.network} here`, span: link.span }],
    effect: effectOf(askPlatform(estate, link.network, first), link.network),
    hint: "make a zone for each name that should be private, or add a wildcard",
  });
}

/** Where services of the model are, as far as anything says it. */
function locationsOf({ topology }: Estate): ReadonlySet<string> {
  const networks = [...topology.networks.values()].map(({ location }) => location);
  const services = [...topology.services.values()].map(({ location }) => location);
  return new Set([...networks, ...services].filter((location) => location !== undefined));
}

/** A zone with an address at its apex, for a service that gives everybody a host below it. */
function reportNoWildcard(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): boolean {
  const hosts = hostsBelow(zone.name);
  if (hosts === undefined) return false;
  const [link] = linksOf(estate, zone);
  const apex = estate.readings.get(zone.key)?.addresses.find(({ owner }) => sameName(owner, zone.name));
  const host = prepend(["any"], zone.name);
  if (link === undefined || apex === undefined || host === undefined) return false;
  const answer = askPlatform(estate, link.network, host);
  if (answer.outcome.kind !== "nxdomain") return false;
  const message = `zone ${zone.key} has an address and no wildcard, and clients of ${hosts} ask for hosts below it`;
  diagnostics.report("zone/no-wildcard", message, placeOf(apex, zone), {
    related: [{ message: `the zone is linked to network ${link.network} here`, span: link.span }],
    effect: effectOf(answer, link.network),
    hint: `add a wildcard: * CNAME ${displayName(zone.name)}.`,
  });
  return true;
}

const [RESTRICTED, PRIVATE] = PROVIDER_ROUTES.gcp.map(knownCidr);

/** One set with the addresses of both doors to Google's interfaces: half of the calls pass the perimeter by. */
function reportMixed(estate: Estate, zone: PrivateZone, diagnostics: Diagnostics): void {
  if (linksOf(estate, zone, "gcp").length === 0) return;
  for (const rrset of estate.readings.get(zone.key)?.addresses ?? []) {
    const within = (prefix: typeof RESTRICTED) =>
      rrset.rdatas.map(addressOf).find((one) => prefix !== undefined && containsAddress(prefix, one))?.text;
    const restricted = within(RESTRICTED);
    const open = within(PRIVATE);
    if (restricted === undefined || open === undefined) continue;
    const message = `${displayName(rrset.owner)} has ${restricted} of restricted.googleapis.com and ${open} of private.googleapis.com: clients get either`;
    const [, ...others] = rrset.places ?? [];
    diagnostics.report("zone/mixed-addresses", message, placeOf(rrset, zone), {
      related: others.map((span) => ({ message: "its other address is here", span })).slice(-1),
      hint: "keep the addresses of one of the two",
    });
  }
}

/** Where rules and zones are looked at together, a rule wins against the zone of its name, and nothing says so. */
function reportRules(estate: Estate, diagnostics: Diagnostics): void {
  const { topology, snapshot, readings } = estate;
  for (const { key, links, forward, order } of topology.rulesets.values()) {
    for (const rule of forward) {
      const leadsHere = rule.kind === "to" && rule.targets.every(({ kind }) => kind === "platform");
      if (!rule.enabled || leadsHere) continue;
      const link = links.find(({ network }) => {
        const { rules } = profileOf(topology.networks.get(network)?.kind ?? "generic");
        const hidden = snapshot.resolvers.get(platformKey(network))?.view.zones.get(rule.domain.key);
        return (order ?? rules.order) === "with-zones" && rules.tie === "rules" && hidden?.link !== undefined;
      });
      if (link === undefined) continue;
      const zone = snapshot.resolvers.get(platformKey(link.network))?.view.zones.get(rule.domain.key);
      if (zone === undefined) continue;
      const name = readings.get(zone.key)?.addresses[0]?.owner ?? rule.domain;
      const answer = estate.ask({ kind: "resolver", key: platformKey(link.network) }, name);
      const message = `the rule of ruleset ${key} for ${displayName(rule.domain)} hides zone ${zone.key} from network ${link.network}: of one name, the rule counts`;
      diagnostics.report("rule/hides-zone", message, rule.span, {
        related: [{ message: `zone ${zone.key} is linked here`, span: zone.link?.span ?? zone.span }],
        effect: effectOf(answer, link.network),
        hint: "remove the rule, or unlink the zone",
      });
    }
  }
}
