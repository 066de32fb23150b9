import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type EndpointPlan, planEndpoints } from "../platform/allocate.ts";
import { platformKey } from "../snapshot/compile.ts";
import type { Rule, SimulatedResolver, Snapshot, ViewZone } from "../snapshot/snapshot.ts";
import type { Endpoint, Network, Topology } from "../topology/model.ts";
import { drawIdleLinks, drawMissingLinks } from "./_broken-links.ts";
import { clientsNode, domainWords, zoneNode } from "./_nodes.ts";
import { drawAsking, drawTargets } from "./_targets.ts";
import { Easel, type Picture } from "./picture.ts";

/**
 * The whole model: networks with what stands in them, zones, and who asks whom. A link is drawn from the platform resolver
 * that it makes the zone visible to: nobody else has anything of it.
 */
export function estatePicture(snapshot: Snapshot): Picture {
  const easel = new Easel();
  const { networks, zones, endpoints } = snapshot.topology;
  for (const network of networks.values()) drawNetwork(easel, network);
  for (const resolver of snapshot.resolvers.values()) {
    if (resolver.network !== undefined || resolver.kind === "external") drawResolver(easel, resolver);
  }
  for (const zone of zones.values()) zoneNode(easel, zone.key, zone.name, zone.span);
  const plans = planEndpoints(snapshot.topology, new Diagnostics()); // Loading has told what is wrong.
  for (const endpoint of endpoints.values()) drawEndpoint(easel, endpoint, plans.get(endpoint.key));
  for (const network of networks.values()) drawAskers(easel, snapshot, network);
  for (const resolver of snapshot.resolvers.values()) {
    if (resolver.kind === "inbound") {
      drawSharedView(easel, resolver);
      continue;
    }
    for (const zone of resolver.view.zones.values()) drawSeenZone(easel, snapshot, resolver, zone);
    for (const rule of resolver.view.rules) drawRule(easel, snapshot, resolver, rule);
  }
  drawIdleLinks(easel, snapshot);
  drawMissingLinks(easel, snapshot);
  return withoutBystanders(easel.picture("networks, zones, and who asks whom"));
}

/**
 * A platform resolver that nobody asks is there all the same, in every network: without a link it is left out, with one the
 * link is shown as what nobody uses, unless machines register by it.
 */
function withoutBystanders(picture: Picture): Picture {
  const asked = new Set(picture.edges.filter(({ kind }) => kind !== "broken").map(({ to }) => to));
  const isIdle = (id: string): boolean => !asked.has(id) && id.startsWith("resolver_") && id.endsWith("_platform");
  const leading = new Set(picture.edges.map(({ from }) => from));
  return {
    ...picture,
    nodes: picture.nodes.filter(({ id }) => !isIdle(id) || leading.has(id)),
    edges: picture.edges.map((edge) =>
      edge.kind === "link" && isIdle(edge.from) && !edge.lines.includes("machines register")
        ? { ...edge, kind: "unused", lines: [...edge.lines, "nobody asks there"] }
        : edge,
    ),
  };
}

function drawNetwork(easel: Easel, network: Network): void {
  const { key, kind, prefixes, hosts, peers } = network;
  // Peering shares no DNS: it is told, not drawn.
  const reached = peers.length === 0 ? [] : [`peers: ${peers.join(", ")}`];
  const group = easel.group(key, [key, [kind, ...prefixes.map(({ text }) => text)].join(" "), ...reached]);
  clientsNode(easel, network);
  for (const host of hosts.values()) {
    if (host.dns.length === 0) continue;
    easel.node("clients", `${host.key}@${key}`, [`host ${host.key}`], { group, span: host.span });
  }
}

/** A resolver as a box in its network. Those of a platform are there even where nobody asks them: links end at them. */
function drawResolver(easel: Easel, { key, kind, addresses, network, span }: SimulatedResolver): void {
  const lines = [RESOLVER_WORDS[kind] ?? key];
  if (kind === "inbound") lines.push("inbound endpoint");
  if (kind === "external") lines.push("real server");
  const where = addresses.map(({ address }) => address.text).join(", ");
  if (where !== "") lines.push(where);
  const group = network === undefined || network === "internet" ? undefined : easel.groupOf(network);
  easel.node("resolver", key, lines, {
    ...(group === undefined ? {} : { group }),
    ...(span === undefined ? {} : { span }),
  });
}

/** What resolvers that nobody declares are called inside the frame of their network. */
const RESOLVER_WORDS: Partial<Readonly<Record<SimulatedResolver["kind"], string>>> = {
  platform: "platform resolver",
  public: "public data alone",
};

function drawAskers(easel: Easel, snapshot: Snapshot, network: Network): void {
  drawAsking(easel, snapshot, clientsNode(easel, network), network.key);
  for (const host of network.hosts.values()) {
    if (host.dns.length === 0) continue;
    const node = easel.idFor("clients", `${host.key}@${network.key}`);
    drawAsking(easel, snapshot, node, network.key, host.key);
  }
}

/** An inbound endpoint answers as the platform resolver of its network does. */
function drawSharedView(easel: Easel, { key, network = "" }: SimulatedResolver): void {
  easel.edge("asks", easel.idFor("resolver", key), easel.idFor("resolver", platformKey(network)), ["its view"]);
}

function drawSeenZone(
  easel: Easel,
  { topology }: Snapshot,
  resolver: SimulatedResolver,
  { key, zone, link, madeBy, onMiss, span }: ViewZone,
): void {
  const to = zoneNode(easel, key, zone.origin, span);
  const from = easel.idFor("resolver", resolver.key);
  if (madeBy?.endpoint !== undefined) {
    easel.edge("writes", easel.idFor("endpoint", madeBy.endpoint), to, ["makes it"]);
    easel.edge("link", from, to, [], span);
    return;
  }
  const lines = [link === undefined ? "holds it" : "link"];
  if (registers(topology, key, link?.network)) lines.push("machines register");
  if (onMiss === "internet") lines.push("missing names: in public");
  easel.edge("link", from, to, lines, link?.span ?? span);
}

function registers({ zones }: Topology, key: string, network: string | undefined): boolean {
  return zones.get(key)?.links.some((link) => link.network === network && link.registration) === true;
}

function drawRule(easel: Easel, snapshot: Snapshot, resolver: SimulatedResolver, rule: Rule): void {
  const own = easel.idFor("resolver", resolver.key);
  const domain = domainWords(rule.domain);
  let from = own;
  if (rule.ruleset !== undefined) {
    from = easel.node("ruleset", rule.ruleset, [`ruleset ${rule.ruleset}`]);
    easel.edge("rule", own, from, ["obeys"]);
  }
  switch (rule.kind) {
    case "to":
      return drawTargets(easel, snapshot, from, rule.targets, rule.network ?? resolver.network, [domain], rule.span);
    case "view":
      return easel.edge("rule", from, easel.idFor("resolver", `${rule.network}/platform`), [domain], rule.span);
    case "answer": {
      const answer = easel.node("zone", `rule ${resolver.key} ${domain}`, [`records of rule ${domain}`], {
        span: rule.span,
      });
      return easel.edge("rule", from, answer, [domain], rule.span);
    }
  }
}

function drawEndpoint(easel: Easel, endpoint: Endpoint, plan: EndpointPlan | undefined): void {
  const { key, network, service, connection, privateDns, span } = endpoint;
  const addresses = (plan?.members ?? []).flatMap((member) => member.addresses.map(({ text }) => text));
  const shown = [...new Set(addresses)];
  const lines = [key, `for ${service}`, ...(shown.length === 0 ? [] : [shown.join(", ")])];
  const node = easel.node("endpoint", key, lines, { group: easel.groupOf(network), span });
  for (const dns of privateDns) {
    if (dns.kind === "auto") continue;
    const to = easel.idFor("zone", dns.key);
    if (connection === "approved") easel.edge("writes", node, to, ["records"], dns.span);
    else easel.edge("broken", node, to, [`${connection}: no records`], dns.span);
  }
}
