import type { Query } from "../message/query.ts";
import type { Cidr } from "../net/cidr.ts";
import type { ReplyOptions } from "../reply/reply-options.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { Asker, ListenerIdentity } from "./asker.ts";
import { type CookieParts, isStranger, type ListenerMessages, optFacts } from "./opt-facts.ts";
import type { Peer } from "./responder.ts";
import type { RateLimit } from "./response-rates.ts";

/** What a listener says of who answers and how. */
export interface AnsweringListener extends ListenerIdentity, ListenerMessages {
  readonly maxTtl?: number;
  /** What a client gets whose own server does not answer: `servfail` unless said. */
  readonly unreachable?: "servfail" | "drop";
  /** How many replies strangers get over UDP; `false`: as many as they ask for. `RATE_LIMIT` unless said. */
  readonly rateLimit?: Partial<RateLimit> | false;
}

/** What a server says of itself in OPT. */
export interface OptParts extends CookieParts {
  readonly identity: { readonly id: string };
}

/**
 * What listener and asker decide of the reply: how much a stranger is told, what is in its OPT, and for how much of its
 * subnet the answer holds.
 */
export function replyTerms(
  parts: OptParts,
  listener: AnsweringListener,
  asker: Asker,
  edns: Query["edns"],
  from: Peer,
): ReplyOptions {
  const warning = subnetWarning(asker);
  const scope = subnetScope(asker, edns);
  const { maxTtl, ede = "full" } = listener;
  const stranger = isStranger(asker, from);
  return {
    transport: from.transport,
    ...optFacts(parts, listener, from, edns),
    ...kindOf(listener),
    extendedErrors: ede === "full" && stranger ? "code" : ede,
    ...(stranger ? {} : { serverId: parts.identity.id }),
    ...(maxTtl === undefined ? {} : { maxTtl }),
    ...(warning === undefined ? {} : { warning }),
    ...(scope === undefined ? {} : { subnetScope: scope }),
  };
}

/** The network that asks, for events: those that an address could stand for, or `internet`. */
export function networkOf({ client }: Asker): string {
  switch (client.kind) {
    case "network":
      return client.network;
    case "ambiguous":
      return client.networks.join("|");
    case "internet":
      return "internet";
  }
}

/** The whole prefix where it chose the network, none where it did not matter; no echo where it was not believed. */
function subnetScope(asker: Asker, edns: Query["edns"]): number | undefined {
  if (edns?.clientSubnet === undefined || asker.subnetIgnored) return undefined;
  return asker.bySubnet ? edns.clientSubnet.sourceLength : 0;
}

/**
 * The scope of a reply made of real servers' answers: for the most bits that any of them is for (RFC 7871 §7.2.2).
 * Nothing where the option is not echoed; for a client that gave no bits it stays 0.
 */
export function wholeScope(
  { subnetScope }: Pick<ReplyOptions, "subnetScope">,
  edns: Query["edns"],
  { trace }: Resolution,
): Pick<ReplyOptions, "subnetScope"> {
  const given = edns?.clientSubnet;
  if (subnetScope === undefined || given?.prefix === undefined) return {};
  const mapped = given.sourceLength - given.prefix.length; // Of an IPv4-mapped prefix real servers are told the IPv4 one.
  const scopes = trace.flatMap((step) => {
    const scope = step.kind === "upstream" ? step.marks?.scopeLength : undefined;
    return scope === undefined ? [] : [scope + mapped];
  });
  return { subnetScope: Math.max(subnetScope, ...scopes) };
}

/** What real servers may be told of the client's subnet: as much as it gave, and its words where the peer is believed. */
export function givenSubnet(
  { subnetIgnored }: Asker,
  edns: Query["edns"],
): { readonly clientSubnet?: { readonly sourceLength: number; readonly prefix?: Cidr } } {
  const given = edns?.clientSubnet;
  if (given === undefined) return {};
  const { sourceLength, prefix } = given;
  return { clientSubnet: { sourceLength, ...(prefix === undefined || subnetIgnored ? {} : { prefix }) } };
}

function subnetWarning({ subnetIgnored, client }: Asker): string | undefined {
  if (subnetIgnored) return "client subnet ignored: this peer is not trusted";
  if (client.kind !== "internet" || client.spans === undefined) return undefined;
  return `client subnet is too short to choose among ${client.spans.join(", ")}`;
}

/** Which kind of server answers here. */
export function kindOf({ serves }: ListenerIdentity): Pick<ReplyOptions, "authoritative"> {
  return serves === undefined ? {} : { authoritative: true };
}
