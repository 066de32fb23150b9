import type { Query } from "../message/query.ts";
import type { ReplyOptions } from "../reply/reply-options.ts";
import type { Asker, ListenerIdentity } from "./asker.ts";
import { type CookieParts, isStranger, type ListenerMessages, optFacts } from "./opt-facts.ts";
import type { Peer } from "./responder.ts";

/** What a listener says of who answers and how. */
export interface AnsweringListener extends ListenerIdentity, ListenerMessages {
  readonly maxTtl?: number;
  /** What a client gets whose own server does not answer: `servfail` unless said. */
  readonly unreachable?: "servfail" | "drop";
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

function subnetWarning({ subnetIgnored, client }: Asker): string | undefined {
  if (subnetIgnored) return "client subnet ignored: this peer is not trusted";
  if (client.kind !== "internet" || client.spans === undefined) return undefined;
  return `client subnet is too short to choose among ${client.spans.join(", ")}`;
}

/** Which kind of server answers here. */
export function kindOf({ serves }: ListenerIdentity): Pick<ReplyOptions, "authoritative"> {
  return serves === undefined ? {} : { authoritative: true };
}
