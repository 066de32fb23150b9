import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type Cidr, containsCidr } from "../net/cidr.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { type Network, spanAt } from "./model.ts";

/** Looks for prefixes that networks must not share, and for subnets and hosts that are in each other's way. */
export function checkNetworks(networks: ReadonlyMap<string, Network>, diagnostics: Diagnostics): void {
  const all = [...networks.values()];
  checkClients(all, diagnostics);
  checkPrefixes(all, diagnostics);
  for (const network of all) {
    checkSubnets(network, diagnostics);
    checkHosts(network, diagnostics);
  }
}

interface Place {
  /** Who has the prefix: `network hub`, `host vm1 of network hub`. */
  readonly owner: string;
  readonly cidr: Cidr;
  readonly span: SourceSpan;
}

/** Stand-ins say only who asks: two who share them could not be told apart. */
function checkClients(networks: readonly Network[], diagnostics: Diagnostics): void {
  const first = new Map<string, Place>();
  for (const place of networks.flatMap(clientsOf)) {
    const other = first.get(place.cidr.text);
    if (other === undefined) {
      first.set(place.cidr.text, place);
      continue;
    }
    const message = `clients ${place.cidr.text} of ${place.owner} is also of ${other.owner}`;
    const related = [{ message: "the first one is here", span: other.span }];
    diagnostics.report("network/clients-shared", message, place.span, { related, hint: "give each its own" });
  }
}

function clientsOf(network: Network): Place[] {
  const places = network.clients.map((cidr, i) => ({
    owner: `network ${network.key}`,
    cidr,
    span: spanAt(network, `clients[${i}]`),
  }));
  for (const host of network.hosts.values()) {
    const owner = `host ${host.key} of network ${network.key}`;
    host.clients.forEach((cidr, i) => places.push({ owner, cidr, span: spanAt(host, `clients[${i}]`) }));
  }
  return places;
}

interface Prefix {
  readonly network: Network;
  readonly cidr: Cidr;
  readonly span: SourceSpan;
}

/**
 * Peered networks may not overlap; a network on premises may be a summary that holds others, where routing takes the
 * longest prefix. Networks that are not peered may share a prefix: then it does not say who asks.
 */
function checkPrefixes(networks: readonly Network[], diagnostics: Diagnostics): void {
  const seen: Prefix[] = [];
  for (const network of networks) {
    const own = network.prefixes.map((cidr, i) => ({ network, cidr, span: spanAt(network, `prefixes[${i}]`) }));
    for (const prefix of own) {
      const peered = seen.find((other) => isPeered(network, other.network) && conflict(prefix, other));
      const equal = seen.find((other) => other.cidr.text === prefix.cidr.text && other.network !== network);
      if (peered !== undefined) reportPeered(prefix, peered, diagnostics);
      else if (equal !== undefined) reportShared(prefix, equal, diagnostics);
    }
    seen.push(...own);
  }
}

function isPeered(a: Network, b: Network): boolean {
  return a.peers.includes(b.key) || b.peers.includes(a.key);
}

function conflict(a: Prefix, b: Prefix): boolean {
  if (a.cidr.text === b.cidr.text) return true;
  if (a.network.kind === "on-premises" || b.network.kind === "on-premises") return false;
  return containsCidr(a.cidr, b.cidr) || containsCidr(b.cidr, a.cidr);
}

function reportPeered(prefix: Prefix, other: Prefix, diagnostics: Diagnostics): void {
  const message = `${prefix.cidr.text} of network ${prefix.network.key} overlaps ${other.cidr.text} of ${other.network.key}, and the two are peered`;
  const related = [{ message: `${other.cidr.text} is here`, span: other.span }];
  diagnostics.report("network/prefixes-overlap", message, prefix.span, { related });
}

function reportShared(prefix: Prefix, other: Prefix, diagnostics: Diagnostics): void {
  const message = `${prefix.cidr.text} is a prefix of network ${prefix.network.key} and of ${other.network.key}: who asks from it is not known`;
  const related = [{ message: `${other.network.key} has it here`, span: other.span }];
  const hint = "give the networks clients, or listeners of their own";
  diagnostics.report("network/prefix-shared", message, prefix.span, { related, hint });
}

function checkSubnets(network: Network, diagnostics: Diagnostics): void {
  const seen: [string, Cidr][] = [];
  for (const [key, cidr] of network.subnets) {
    const span = spanAt(network, `subnets.${key}`);
    if (network.prefixes.length > 0 && !network.prefixes.some((prefix) => containsCidr(prefix, cidr))) {
      const prefixes = network.prefixes.map(({ text }) => text).join(", ");
      const message = `subnet ${key} (${cidr.text}) is outside the prefixes of network ${network.key}: ${prefixes}`;
      const related = [{ message: "the prefixes are here", span: spanAt(network, "prefixes") }];
      diagnostics.report("network/subnet-outside", message, span, { related });
    }
    const other = seen.find(([, one]) => containsCidr(one, cidr) || containsCidr(cidr, one));
    if (other !== undefined) {
      const related = [{ message: `subnet ${other[0]} is here`, span: spanAt(network, `subnets.${other[0]}`) }];
      const message = `subnet ${key} (${cidr.text}) overlaps subnet ${other[0]} (${other[1].text})`;
      diagnostics.report("network/subnets-overlap", message, span, { related });
    }
    seen.push([key, cidr]);
  }
}

function checkHosts(network: Network, diagnostics: Diagnostics): void {
  const seen = new Map<string, Place>();
  for (const host of network.hosts.values()) {
    host.addresses.forEach((cidr, i) => {
      const place = { owner: host.key, cidr, span: spanAt(host, `address[${i}]`) };
      const other = seen.get(cidr.text);
      if (other === undefined) {
        seen.set(cidr.text, place);
        return;
      }
      const related = [{ message: `host ${other.owner} is here`, span: other.span }];
      const message = `host ${host.key} has address ${cidr.address.text} of host ${other.owner}`;
      diagnostics.report("network/host-address-shared", message, place.span, { related });
    });
  }
}
