import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { displayName } from "../../name/name-text.ts";
import { findTarget } from "../../resolve/targets.ts";
import { platformKey } from "../../snapshot/compile.ts";
import type { SourceSpan } from "../../source/source-file.ts";
import { type Host, type Network, spanAt, type Target } from "../../topology/model.ts";
import { givenResolvers } from "../askers.ts";
import { effectOf, listed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import type { LintRule } from "../rule.ts";

/** The servers that clients are given. */
export const serversRule: LintRule = {
  codes: ["network/too-many-servers", "network/public-only-server", "link/not-asked"],
  check(estate, diagnostics) {
    for (const network of estate.topology.networks.values()) {
      checkServers(estate, network, network, `network ${network.key}`, diagnostics);
      for (const host of network.hosts.values())
        checkServers(estate, network, host, `host ${host.key} of network ${network.key}`, diagnostics);
      reportNotAsked(estate, network, diagnostics);
    }
  },
};

/** What a stub resolver takes of its list: MAXNS of glibc, and of musl. */
const SERVERS_ASKED = 3;

function checkServers(estate: Estate, network: Network, owner: Network | Host, what: string, diagnostics: Diagnostics) {
  const { dns } = owner;
  if (dns.length > SERVERS_ASKED) {
    const rest = dns.slice(SERVERS_ASKED).map(({ text }) => text);
    const message = `${what} has ${dns.length} DNS servers, and stub resolvers ask the first three: ${listed(rest)} ${rest.length === 1 ? "is" : "are"} never asked`;
    const span = dns[SERVERS_ASKED]?.span ?? spanAt(owner, "dns");
    diagnostics.report("network/too-many-servers", message, span, { hint: "keep three" });
  }
  if (owner !== network) return; // Of a host it is told that its answers differ.
  for (const server of dns) reportPublicOnly(estate, network, server, what, diagnostics);
}

/** An address of the platform that knows public data alone, where its other addresses know the network's zones. */
function reportPublicOnly(
  { snapshot }: Estate,
  network: Network,
  server: Target,
  what: string,
  diagnostics: Diagnostics,
): void {
  const found = findTarget(snapshot, server, network.key);
  if (found.kind !== "resolver" || found.resolver.kind !== "public" || found.resolver.network !== network.key) return;
  const platform = snapshot.resolvers.get(platformKey(network.key));
  const [zone] = platform?.view.zones.values() ?? [];
  if (platform === undefined || zone === undefined) return;
  const addresses = listed(platform.addresses.map(({ address }) => address.text));
  const message = `${what} asks ${server.text}, which knows public data alone: zone ${zone.key} is not seen there`;
  diagnostics.report("network/public-only-server", message, server.span, {
    related: [{ message: `zone ${zone.key} comes from here`, span: zone.link?.span ?? zone.span }],
    hint: `ask ${addresses}`,
  });
}

/** On Google Cloud other servers for a whole network take the place of everything that is linked to it. */
function reportNotAsked(estate: Estate, network: Network, diagnostics: Diagnostics): void {
  if (network.kind !== "gcp" || network.dns.length === 0) return;
  const { snapshot, topology } = estate;
  const own = platformKey(network.key);
  const view = snapshot.resolvers.get(own)?.view;
  const zones = [...(view?.zones.values() ?? [])].filter(({ link }) => link !== undefined);
  const rulesets = [...topology.rulesets.values()].filter(({ links }) =>
    links.some((one) => one.network === network.key),
  );
  if (view === undefined || zones.length + rulesets.length === 0 || isAskedBy(estate, network)) return;
  const [first] = zones;
  const names = first === undefined ? [] : (estate.readings.get(first.key)?.addresses ?? []);
  const name = names.find(({ owner }) => owner.labels[0] !== "*")?.owner ?? first?.zone.origin;
  const servers = { kind: "servers-of", network: network.key } as const;
  const answer = name === undefined ? undefined : estate.ask(servers, name);
  if (answer?.trace.some((step) => step.kind === "resolver" && step.resolver.key === own) === true) return;
  const dead = [...zones.map(({ zone }) => displayName(zone.origin)), ...rulesets.map(({ key }) => `ruleset ${key}`)];
  const message = `clients of network ${network.key} ask ${listed(network.dns.map(({ text }) => text))}, so what is linked to it says nothing to them: ${listed(dead)}`;
  diagnostics.report("link/not-asked", message, spanAt(network, "dns"), {
    related: [
      linkPlace(first?.link?.span ?? rulesets[0]?.links.find((one) => one.network === network.key)?.span),
    ].flat(),
    hint: "leave dns out and write rules for the domains that others know, or let those servers ask the platform",
    ...(answer === undefined ? {} : { effect: effectOf(answer, network.key) }),
  });
}

function linkPlace(span: SourceSpan | undefined) {
  return span === undefined ? [] : [{ message: "this is linked to it", span }];
}

/** Whether somebody else looks at what the network sees: clients of its own servers, of inbound endpoints, of views. */
function isAskedBy({ snapshot, topology }: Estate, network: Network): boolean {
  const own = platformKey(network.key);
  const isInbound = [...snapshot.resolvers.values()].some(
    ({ kind, network: at }) => kind === "inbound" && at === network.key,
  );
  const isView = [...topology.rulesets.values()].some(({ forward }) =>
    forward.some((rule) => rule.kind === "view" && rule.network === network.key),
  );
  return isInbound || isView || givenResolvers(snapshot, network.key).some(({ key }) => key === own);
}
