import type { QueryEdns } from "../message/query.ts";
import type { CookieSecrets } from "../message/server-cookie.ts";
import { isLoopback } from "../net/address.ts";
import type { OptFacts } from "../reply/reply-edns.ts";
import type { Asker } from "./asker.ts";
import type { Peer } from "./responder.ts";

/** What a listener says of messages. */
export interface ListenerMessages {
  /** The largest UDP message that it sends, and says it takes; 1232 by default. */
  readonly maxUdpSize?: number;
  /** How much of why it tells at most; `full` by default, and strangers never get more than the code. */
  readonly ede?: "full" | "code" | "off";
}

/** What a server's cookies are made of. */
export interface CookieParts {
  /** Asked for each query that has a cookie: they change in time. Without it cookies are not answered. */
  readonly cookies?: () => CookieSecrets;
  /** Seconds since 1970. */
  readonly seconds?: () => number;
}

/** Seconds since 1970, by the clock of the machine. */
export function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}

/** What the OPT of every reply to this peer is made of, before it is known who asks. */
export function optFacts(
  { cookies, seconds = secondsNow }: CookieParts,
  { maxUdpSize, ede }: ListenerMessages,
  { address, idleMs }: Peer,
  edns: QueryEdns | undefined,
): OptFacts {
  return {
    ...(maxUdpSize === undefined ? {} : { udpSize: maxUdpSize }),
    ...(ede === undefined ? {} : { extendedErrors: ede }),
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(cookies === undefined || edns?.cookie === undefined
      ? {}
      : { cookies: { secrets: cookies(), address: address.octets, seconds: seconds() } }),
  };
}

/**
 * Whether a client belongs to no network and does not ask from loopback. Strangers get neither the words of an extended
 * error nor what the server calls itself (SEMANTICS 33, 62).
 */
export function isStranger({ client }: Asker, { address }: Peer): boolean {
  return client.kind === "internet" && !isLoopback(address);
}
