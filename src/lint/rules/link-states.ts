import { isPrivatelinkZone } from "../../catalogue/privatelink-zones.ts";
import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { sameName } from "../../name/domain-name.ts";
import { platformKey } from "../../snapshot/compile.ts";
import { type Link, type PrivateZone, spanAt } from "../../topology/model.ts";
import { effectOf, listed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { addLinks } from "../fixes/add-links.ts";
import { mainName } from "../linked.ts";
import type { LintRule } from "../rule.ts";
import type { Miss } from "../survey.ts";

/** Links that do not do yet, or do too much; and those that people expect a peering to stand for. */
export const linkStatesRule: LintRule = {
  codes: ["link/in-progress", "link/registers-in-privatelink", "link/not-inherited"],
  check(estate, diagnostics) {
    for (const zone of estate.topology.zones.values()) {
      for (const link of zone.links) {
        if (link.state === "inProgress") reportInProgress(estate, zone, link, diagnostics);
        if (link.registration && isPrivatelinkZone(zone.name)) reportRegistering(zone, link, diagnostics);
      }
    }
    reportNotInherited(estate, diagnostics);
  },
};

function reportInProgress(estate: Estate, zone: PrivateZone, link: Link, diagnostics: Diagnostics): void {
  const names = [...estate.plans.values()].flatMap(({ members }) => members.flatMap((member) => member.names));
  const name = mainName(names.filter((one) => one.zone.key === zone.name.key));
  const answer = name === undefined ? undefined : estate.ask({ kind: "servers-of", network: link.network }, name);
  const message = `the link of zone ${zone.key} to network ${link.network} is in progress, and does not count yet`;
  diagnostics.report("link/in-progress", message, link.span, {
    hint: "wait for the link, then set its state to completed",
    ...(answer === undefined ? {} : { effect: effectOf(answer, link.network) }),
  });
}

function reportRegistering(zone: PrivateZone, link: Link, diagnostics: Diagnostics): void {
  const message = `machines of network ${link.network} register in zone ${zone.key}, which is for the names of endpoints`;
  diagnostics.report("link/registers-in-privatelink", message, link.span, {
    related: [{ message: `zone ${zone.key} is here`, span: zone.span }],
    hint: "set registration to false, and let machines register in a zone of their own",
  });
}

/** Zones that clients of peered networks do not see, each zone once. */
function reportNotInherited(estate: Estate, diagnostics: Diagnostics): void {
  const missed = new Map<PrivateZone, Miss[]>();
  const told = new Set(estate.survey.misses.flatMap(toldElsewhere));
  for (const miss of estate.survey.misses) {
    const zone = unlinkedZone(estate, miss);
    if (zone === undefined || told.has(`${miss.first}\n${miss.name.zone.key}`)) continue;
    missed.set(zone, [...(missed.get(zone) ?? []), miss]);
  }
  for (const [zone, misses] of missed) {
    const [miss] = misses;
    if (miss === undefined) continue;
    const linked = zone.links.find(({ network }) => estate.snapshot.reachable.get(miss.first)?.has(network) === true);
    const networks = [...new Set(misses.flatMap((one) => one.networks))];
    const many = networks.length > 1;
    const message = `${many ? "networks" : "network"} ${listed(networks)} ${many ? "are" : "is"} peered with ${linked?.network ?? miss.plan.endpoint.network}, and ${many ? "do" : "does"} not see its zone ${zone.key}: peering shares no DNS`;
    const network = estate.topology.networks.get(miss.first);
    const fix = addLinks(zone, networks);
    diagnostics.report("link/not-inherited", message, spanAt(zone, "links"), {
      related: network === undefined ? [] : [{ message: `network ${network.key} is here`, span: network.span }],
      effect: effectOf(miss.resolution, miss.first),
      hint: `add ${listed(networks)} to links of zone ${zone.key}, or let ${many ? "their" : "its"} dns be a resolver in ${linked?.network ?? "a linked network"}`,
      ...(fix === undefined ? {} : { fix }),
    });
  }
}

/** A network and the zone that it lacks, which is told already: others ask there through a resolver, or endpoints are there. */
function toldElsewhere({ deciders, name, networks, plan, first }: Miss): string[] {
  if (networks.includes(plan.endpoint.network)) return [`${first}\n${name.zone.key}`];
  const decider = deciders.at(-1);
  const isThrough = decider?.kind === "inbound" || deciders.length > 1;
  return decider?.network === undefined || !isThrough ? [] : [`${decider.network}\n${name.zone.key}`];
}

/** The zone that a client's own platform resolver would have to see, where peers see it; what nobody sees is told elsewhere. */
function unlinkedZone({ topology, snapshot }: Estate, miss: Miss): PrivateZone | undefined {
  const { deciders, first, networks, plan, name, deniedBy } = miss;
  const [decider] = deciders;
  const isPeered = [...topology.networks.values()].some(({ peers }) => peers.length > 0);
  if (!isPeered || plan.group === undefined || deniedBy !== undefined || networks.includes(plan.endpoint.network))
    return undefined;
  if (decider === undefined || deciders.length > 1 || decider.key !== platformKey(first)) return undefined;
  if (decider.view.blind !== undefined || decider.view.zones.has(name.zone.key)) return undefined;
  return [...topology.zones.values()].find(
    (zone) =>
      sameName(zone.name, name.zone) &&
      zone.links.some(({ network }) => snapshot.reachable.get(first)?.has(network) === true) &&
      zone.links.every(({ network }) => network !== first),
  );
}
