import type { Query } from "../message/query.ts";
import { isLoopback } from "../net/address.ts";
import type { ReplyOptions } from "../reply/reply-options.ts";
import type { Asker, ListenerIdentity } from "./asker.ts";
import type { Peer } from "./responder.ts";

/**
 * What the asker decides of the reply: how much a stranger is told, and for how much of its subnet the answer holds.
 * `maxTtl` is the listener's cap.
 */
export function replyTerms(asker: Asker, edns: Query["edns"], from: Peer, maxTtl: number | undefined): ReplyOptions {
  const warning = subnetWarning(asker);
  const scope = subnetScope(asker, edns);
  const isStranger = asker.client.kind === "internet" && !isLoopback(from.address);
  return {
    transport: from.transport,
    extendedErrors: isStranger ? "code" : "full",
    ...(asker.kind === "addressee" && asker.addressee.kind === "authority" ? { authoritative: true as const } : {}),
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

/** What is known of the reply to something that is no good question. */
export function bareTerms({ serves }: ListenerIdentity, { transport }: Peer): ReplyOptions {
  return { transport, ...(serves === undefined ? {} : { authoritative: true }) };
}
