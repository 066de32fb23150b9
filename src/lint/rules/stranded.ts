import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { originOf } from "../../explain/verdict.ts";
import { sameName } from "../../name/domain-name.ts";
import type { PrivateWrite } from "../../platform/endpoint-records.ts";
import { unreached } from "../../snapshot/connection-path.ts";
import type { Link, PrivateZone } from "../../topology/model.ts";
import { addressesIn, effectOf, listed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { grouped } from "../grouped.ts";
import { linksOf, mainName } from "../linked.ts";
import type { LintRule } from "../rule.ts";

/**
 * Networks that see a zone of endpoints of which they reach not one: their clients are led to addresses that they have no way
 * to. Who reaches some and not others is silent: zones are shared, and not everybody uses every service in them.
 */
export const strandedRule: LintRule = {
  codes: ["endpoint/out-of-reach"],
  check(estate, diagnostics) {
    const approved = estate.writes.filter(({ kind }) => kind === "replace");
    for (const writes of grouped(approved, ({ zoneKey }) => zoneKey)) {
      const zone = estate.topology.zones.get(writes[0].zoneKey);
      if (zone !== undefined) checkZone(estate, zone, writes, diagnostics);
    }
  },
};

function checkZone(estate: Estate, zone: PrivateZone, writes: readonly PrivateWrite[], diagnostics: Diagnostics): void {
  const plans = [...new Set(writes.map(({ endpoint }) => endpoint))].flatMap((key) => estate.plans.get(key) ?? []);
  const places = new Set(plans.map(({ network }) => network.key));
  const [plan] = plans;
  const own = plan?.members.flatMap(({ names }) => names).filter((name) => sameName(name.zone, zone.name)) ?? [];
  const name = mainName(own);
  const member = plan?.members.find(({ names }) => names.some(({ publicName }) => publicName === name));
  const [address] = member?.addresses ?? [];
  if (plan === undefined || name === undefined || address === undefined) return;
  const isStranded = ({ network }: Link): boolean => {
    const reached = estate.snapshot.reachable.get(network);
    if ([...places].some((place) => reached?.has(place) === true)) return false;
    if (unreached(estate.snapshot, network, address) === undefined) return false;
    const answer = estate.ask({ kind: "servers-of", network }, name);
    return originOf(answer) === "private" && addressesIn(answer.outcome).includes(address.text);
  };
  const links = linksOf(estate, zone).filter(isStranded);
  const [link] = links;
  if (link === undefined) return;
  const networks = links.map(({ network }) => network);
  const message = `zone ${zone.key} leads clients of ${listed(networks)} to endpoints that they have no way to: ${listed(
    plans.map(({ endpoint }) => endpoint.key),
    3,
  )}`;
  const { endpoint } = plan;
  diagnostics.report("endpoint/out-of-reach", message, link.span, {
    related: [{ message: `endpoint ${endpoint.key} stands in network ${endpoint.network}`, span: endpoint.span }],
    effect: effectOf(estate.ask({ kind: "servers-of", network: link.network }, name), link.network),
    hint: `add ${endpoint.network} to peers of ${listed(networks)}, or unlink the zone from there`,
  });
}
