import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { displayName } from "../../name/name-text.ts";
import { platformKey } from "../../snapshot/compile.ts";
import type { SimulatedResolver } from "../../snapshot/snapshot.ts";
import { type PrivateZone, spanAt } from "../../topology/model.ts";
import { effectOf, listed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { addLinks } from "../fixes/add-links.ts";
import { grouped } from "../grouped.ts";
import type { LintRule } from "../rule.ts";
import type { Miss } from "../survey.ts";

type LinkCode = "link/missing" | "link/missing-at-forwarder" | "link/missing-at-inbound";

/**
 * A zone that is not linked to the network whose platform resolver answers clients in the end: their own network's, that of
 * the forwarder they use, or that of an inbound endpoint. Each zone and network is told once, with the clients it concerns.
 */
export const linksRule: LintRule = {
  codes: ["link/missing", "link/missing-at-forwarder", "link/missing-at-inbound"],
  check(estate, diagnostics) {
    const gaps = new Map<string, Gap>();
    for (const miss of estate.survey.misses) {
      const gap = gapOf(estate, miss);
      if (gap === undefined) continue;
      const key = `${gap.zone.key}\n${gap.network}`;
      const known = gaps.get(key);
      // What somebody asks through another resolver says more than that the network itself misses it, too.
      if (known === undefined || (known.code === "link/missing" && gap.code !== "link/missing")) gaps.set(key, gap);
      else if (known.code === gap.code) gaps.set(key, { ...known, clients: [...known.clients, ...gap.clients] });
    }
    const forwarded = [...gaps.values()].filter(({ code }) => code !== "link/missing");
    for (const gap of forwarded) reportForwarded(gap, diagnostics);
    const own = [...gaps.values()].filter(({ code }) => code === "link/missing");
    for (const missing of grouped(own, ({ zone }) => zone.key)) reportOwn(missing, diagnostics);
  },
};

/** A network that a zone should be linked to. */
interface Gap {
  readonly code: LinkCode;
  readonly zone: PrivateZone;
  readonly network: string;
  /** The resolver through which clients get there. */
  readonly through?: SimulatedResolver;
  readonly clients: readonly string[];
  readonly miss: Miss;
}

function gapOf(estate: Estate, miss: Miss): Gap | undefined {
  const { deciders, plan, networks, first } = miss;
  const decider = deciders.at(-1);
  const network = decider?.network;
  const isPlatform = decider?.kind === "platform" || decider?.kind === "inbound";
  if (!isPlatform || network === undefined || plan.group === undefined || miss.deniedBy !== undefined) return undefined;
  if (estate.topology.networks.get(network)?.kind !== plan.network.kind) return undefined; // Another provider's.
  if (decider.view.blind !== undefined || decider.view.zones.has(miss.name.zone.key)) return undefined;
  const zone = zoneFor(estate, miss);
  if (zone === undefined || zone.links.some((link) => link.network === network)) return undefined;
  if (decider.kind === "inbound")
    return { code: "link/missing-at-inbound", zone, network, through: decider, clients: networks, miss };
  const through = deciders.at(-2);
  if (through !== undefined)
    return { code: "link/missing-at-forwarder", zone, network, through, clients: networks, miss };
  if (network !== first || decider.key !== platformKey(network)) return undefined;
  const meant = hasPeers(estate) ? networks.filter((one) => one === plan.endpoint.network) : networks;
  // Networks of one class see the same; those that are merely peered are another rule's.
  return meant.includes(first) ? { code: "link/missing", zone, network, clients: meant, miss } : undefined;
}

/** Whether the model says who is peered with whom: where it does not, everybody reaches everybody. */
function hasPeers({ topology }: Estate): boolean {
  return [...topology.networks.values()].some(({ peers }) => peers.length > 0);
}

/** The zone that has the record, or should have it: where the endpoint writes, else the one of that name. */
function zoneFor({ topology, writes }: Estate, { plan, name }: Miss): PrivateZone | undefined {
  const named = [...topology.zones.values()].filter((zone) => zone.name.key === name.zone.key);
  const written = new Set(writes.filter((write) => write.endpoint === plan.endpoint.key).map((write) => write.zoneKey));
  const isNear = (zone: PrivateZone): boolean => zone.links.some(({ network }) => network === plan.endpoint.network);
  return named.find((zone) => written.has(zone.key)) ?? named.find(isNear) ?? named[0];
}

function reportOwn(gaps: readonly [Gap, ...Gap[]], diagnostics: Diagnostics): void {
  const [gap] = gaps;
  const { zone } = gap;
  const networks = [...new Set(gaps.flatMap(({ clients }) => clients))];
  const { endpoint } = gap.miss.plan;
  const where = networks[0] === endpoint.network ? `, where endpoint ${endpoint.key} stands` : "";
  const message =
    networks.length === 1
      ? `zone ${zone.key} is not linked to network ${networks[0]}${where}: its clients get public answers`
      : `zone ${zone.key} is not linked to networks ${listed(networks)}: their clients get public answers`;
  report("link/missing", message, gap, networks, diagnostics);
}

function reportForwarded(gap: Gap, diagnostics: Diagnostics): void {
  const { code, zone, network, through, clients } = gap;
  const who = `clients of ${listed([...new Set(clients)])}`;
  const how =
    code === "link/missing-at-inbound"
      ? `where inbound endpoint ${through?.key} answers ${who}`
      : `whose platform resolver answers ${who} through resolver ${through?.key}`;
  report(code, `zone ${zone.key} is not linked to network ${network}, ${how}`, gap, [network], diagnostics);
}

function report(
  code: LinkCode,
  message: string,
  { zone, miss, through }: Gap,
  networks: readonly string[],
  diagnostics: Diagnostics,
): void {
  const { endpoint } = miss.plan;
  const there = through?.span === undefined ? [] : [{ message: `resolver ${through.key} is here`, span: through.span }];
  const fix = addLinks(zone, networks);
  diagnostics.report(code, message, spanAt(zone, "links"), {
    related: [
      ...there,
      { message: `endpoint ${endpoint.key} for ${displayName(miss.name.publicName)} is here`, span: endpoint.span },
    ],
    effect: effectOf(miss.resolution, miss.first),
    hint: `add ${listed(networks)} to links of zone ${zone.key}`,
    ...(fix === undefined ? {} : { fix }),
  });
}
