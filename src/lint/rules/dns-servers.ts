import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import type { Resolution } from "../../resolve/resolution.ts";
import type { SimulatedResolver } from "../../snapshot/snapshot.ts";
import { type Host, type Network, spanAt } from "../../topology/model.ts";
import { resolversBehind } from "../askers.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { comparable, probeNames } from "../probes.ts";
import type { LintRule } from "../rule.ts";

/**
 * Lists of DNS servers whose members answer differently: who is asked first, or is silent for a moment, decides what a client
 * gets. And machines whose own servers answer differently from those of their network. Both are asked, not guessed.
 */
export const dnsServersRule: LintRule = {
  codes: ["network/dns-mixed", "network/host-dns-differs"],
  check(estate, diagnostics) {
    for (const network of estate.topology.networks.values()) {
      checkList(estate, network, diagnostics);
      for (const host of network.hosts.values()) if (host.dns.length > 0) checkHost(estate, network, host, diagnostics);
    }
  },
};

interface Difference {
  readonly one: Resolution;
  readonly other: Resolution;
}

function checkList(estate: Estate, network: Network, diagnostics: Diagnostics): void {
  const servers = network.dns.map((target) => ({
    target,
    resolvers: resolversBehind(estate.snapshot, target, network.key),
  }));
  const [first, ...others] = servers;
  const head = first?.resolvers[0];
  if (first === undefined || head === undefined) return;
  for (const { target, resolvers } of others) {
    const next = resolvers[0];
    if (next === undefined || next.key === head.key) continue;
    const names = probeNames(estate, network.key, [head, next]);
    const found = firstDifference(names, (name) => [askOf(estate, head, name), askOf(estate, next, name)]);
    if (found === undefined) continue;
    const message = `clients of network ${network.key} get different answers from ${first.target.text} and from ${target.text}: which of them answers is chance`;
    diagnostics.report("network/dns-mixed", message, target.span, {
      related: [{ message: `${first.target.text} is here`, span: first.target.span }],
      effect: bothWays(found, first.target.text, target.text),
      hint: "list servers that answer alike",
    });
    return;
  }
}

function checkHost(estate: Estate, network: Network, host: Host, diagnostics: Diagnostics): void {
  const own = host.dns.flatMap((target) => resolversBehind(estate.snapshot, target, network.key));
  const usual = estate.askerOf(network.key)?.resolvers ?? [];
  if (own[0]?.key === usual[0]?.key) return;
  const names = probeNames(estate, network.key, [...own, ...usual]);
  const asHost = `${host.key}@${network.key}`;
  const found = firstDifference(names, (name) => [
    estate.ask({ kind: "servers-of", network: network.key }, name),
    estate.ask({ kind: "servers-of", network: network.key, host: host.key }, name),
  ]);
  if (found === undefined) return;
  const message = `host ${host.key} has DNS servers of its own, and gets other answers than network ${network.key}`;
  diagnostics.report("network/host-dns-differs", message, spanAt(host, "dns"), {
    related: [{ message: `network ${network.key} is here`, span: network.span }],
    effect: bothWays(found, network.key, asHost),
    hint: `leave dns out of host ${host.key}, or name servers that answer as those of the network`,
  });
}

function askOf(estate: Estate, { key }: SimulatedResolver, name: Parameters<Estate["ask"]>[1]): Resolution {
  return estate.ask({ kind: "resolver", key }, name);
}

function firstDifference(
  names: ReturnType<typeof probeNames>,
  ask: (name: (typeof names)[number]) => readonly [Resolution, Resolution],
): Difference | undefined {
  for (const name of names) {
    const [one, other] = ask(name);
    const texts = [comparable(one), comparable(other)];
    if (texts[0] !== undefined && texts[1] !== undefined && texts[0] !== texts[1]) return { one, other };
  }
  return undefined;
}

function bothWays({ one, other }: Difference, first: string, second: string): string {
  return `${effectOf(one, first)}; ${effectOf(other, second)}`;
}
