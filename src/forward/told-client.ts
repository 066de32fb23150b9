import { formatAddressPort } from "../net/address.ts";
import { type Cidr, cidrOf } from "../net/cidr.ts";
import type { AskingClient, AskTerms } from "../resolve/upstream.ts";
import type { SentSubnet, ToldOfClients } from "../topology/model.ts";
import type { ProxiedClient } from "../transport/proxy-header.ts";

/** What servers are told of the client behind one question. */
export interface ToldClient {
  /** Whom a PROXY header speaks for. */
  readonly proxied?: ProxiedClient | "nobody";
  /** Of how much of its address the EDNS client subnet speaks; of 0 bits where the client does not want it known. */
  readonly subnet?: Cidr;
}

/** What servers that are told something of clients are told of this one. */
export function toldClient({ proxy, subnet }: ToldOfClients, { client, clientSubnet }: AskTerms): ToldClient {
  const proxied = client === undefined ? "nobody" : { source: client, destination: client.local };
  return {
    ...(proxy === undefined ? {} : { proxied }),
    ...(subnet === undefined || client === undefined ? {} : { subnet: subnetOf(subnet, client, clientSubnet) }),
  };
}

/** Never more than the client itself gave (RFC 7871 §7.1.2). */
function subnetOf({ ipv4, ipv6 }: SentSubnet, { address }: AskingClient, given: AskTerms["clientSubnet"]): Cidr {
  const known = given?.prefix ?? cidrOf(address, address.octets.length * 8);
  const most = known.address.family === 4 ? ipv4 : ipv6;
  return cidrOf(known.address, Math.min(known.length, most, given?.sourceLength ?? most));
}

/** A text that differs where the clients that servers are told of do; "" where it is nobody in particular. */
export function textOfTold({ proxied, subnet }: ToldClient): string {
  return `${proxiedText(proxied)}${subnet === undefined ? "" : `;${subnet.text}`}`;
}

/**
 * The texts under which an answer may be kept that is good for a client: of those subnets that hold its own, of the
 * lengths that answers came with, the longest first; then of all subnets. What was told to nobody is for nobody else
 * (RFC 7871 §7.3.1).
 */
export function keptTexts({ proxied, subnet }: ToldClient, lengths: readonly number[]): readonly string[] {
  const all = proxiedText(proxied);
  if (subnet === undefined) return [all];
  const holding = lengths.filter((length) => length > 0 && length <= subnet.length);
  const own = subnet.length === 0 ? [0] : holding.toSorted((a, b) => b - a);
  return [...own.map((length) => `${all};${cidrOf(subnet.address, length).text}`), all];
}

/** For how many bits of its subnet an answer is kept; nothing where it is for all subnets (RFC 7871 §7.3.1). */
export function keptLength({ subnet }: ToldClient, scopeLength: number): number | undefined {
  if (subnet === undefined) return undefined;
  if (subnet.length === 0) return 0;
  return scopeLength === 0 ? undefined : Math.min(scopeLength, subnet.length);
}

/** The text under which an answer is kept. */
export function keptText(told: ToldClient, length: number | undefined): string {
  const { proxied, subnet } = told;
  const all = proxiedText(proxied);
  return subnet === undefined || length === undefined ? all : `${all};${cidrOf(subnet.address, length).text}`;
}

/** The port that a client asks from is a new one each time, and says nothing of who it is. */
function proxiedText(proxied: ToldClient["proxied"]): string {
  if (proxied === undefined) return "";
  return proxied === "nobody" ? proxied : `${proxied.source.address.text}>${formatAddressPort(proxied.destination)}`;
}
