import type { Address } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import { buildPrefixMap, containing, longestPrefix, type PrefixMap, within } from "../net/prefix-map.ts";
import type { Network, Topology } from "../topology/model.ts";

/** Who asks, as far as an address or a client subnet tells. */
export type Client =
  | { readonly kind: "network"; readonly network: string; readonly host?: string }
  /** In no network of the model. `spans` names the networks that a client subnet was too short to choose from. */
  | { readonly kind: "internet"; readonly spans?: readonly string[] }
  /** In prefixes that several networks share (SEMANTICS 14). */
  | { readonly kind: "ambiguous"; readonly networks: readonly string[] };

/** Which client an address is: longest prefix over everything that networks and hosts declare. */
export type ClientMap = PrefixMap<Client>;

const INTERNET: Client = { kind: "internet" };

/** The client at a source address. */
export function clientAt(map: ClientMap, address: Address): Client {
  return longestPrefix(map, address)?.value ?? INTERNET;
}

/** The client that a client-subnet option names: the longest prefix that holds the whole subnet (RFC 7871 §7.2.1). */
export function clientInSubnet(map: ClientMap, subnet: Cidr): Client {
  const found = containing(map, subnet);
  if (found !== undefined) return found.value;
  const spans = new Set<string>();
  for (const { value } of within(map, subnet)) for (const network of networksOf(value)) spans.add(network);
  return spans.size === 0 ? INTERNET : { kind: "internet", spans: [...spans] };
}

function networksOf(client: Client): readonly string[] {
  switch (client.kind) {
    case "network":
      return [client.network];
    case "ambiguous":
      return client.networks;
    case "internet":
      return [];
  }
}

/** What decides between two claims on one prefix: stand-ins first, then machines, then networks' own prefixes. */
type Rank = 0 | 1 | 2;

interface Claim {
  readonly cidr: Cidr;
  readonly rank: Rank;
  readonly network: string;
  readonly host?: string;
}

export function compileClients(topology: Topology): ClientMap {
  const claims = new Map<string, Claim[]>();
  for (const network of topology.networks.values()) {
    for (const claim of claimsOf(network)) {
      const rivals = claims.get(claim.cidr.text);
      if (rivals === undefined) claims.set(claim.cidr.text, [claim]);
      else rivals.push(claim);
    }
  }
  return buildPrefixMap([...claims.values()].flatMap((rivals) => settle(rivals)));
}

function claimsOf(network: Network): Claim[] {
  const claims: Claim[] = [];
  for (const cidr of network.clients) claims.push({ cidr, rank: 0, network: network.key });
  for (const cidr of network.prefixes) claims.push({ cidr, rank: 2, network: network.key });
  for (const [host, { clients, addresses }] of network.hosts) {
    for (const cidr of clients) claims.push({ cidr, rank: 0, network: network.key, host });
    for (const cidr of addresses) claims.push({ cidr, rank: 1, network: network.key, host });
  }
  return claims;
}

function settle(rivals: readonly Claim[]): { cidr: Cidr; value: Client }[] {
  const best = Math.min(...rivals.map((claim) => claim.rank));
  const claims = rivals.filter((claim) => claim.rank === best);
  const [first] = claims;
  if (first === undefined) return [];
  const networks = [...new Set(claims.map((claim) => claim.network))];
  const value: Client =
    networks.length > 1
      ? { kind: "ambiguous", networks }
      : { kind: "network", network: first.network, ...(first.host === undefined ? {} : { host: first.host }) };
  return [{ cidr: first.cidr, value }];
}
