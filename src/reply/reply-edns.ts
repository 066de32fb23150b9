import { withScope } from "../message/client-subnet.ts";
import { DEFAULT_UDP_SIZE, type EdnsOption, OptionCodes } from "../message/edns.ts";
import type { ExtendedError } from "../message/extended-errors.ts";
import { keepaliveOption } from "../message/keepalive.ts";
import type { QueryEdns } from "../message/query.ts";
import type { ReplyEdns } from "../message/reply-parts.ts";
import { type CookieMaker, cookieOption } from "../message/server-cookie.ts";

/** What the OPT of a reply is made of, beside that of its query: this client's own, and no part of a ready reply. */
export interface OptFacts {
  /** The largest UDP message that this server takes; 1232 by default. */
  readonly udpSize?: number;
  /** Makes and knows server cookies; without it cookies are not answered. */
  readonly cookies?: CookieMaker;
  /** How long the client's connection may be idle; absent over UDP. */
  readonly idleMs?: number;
  /** Which server this is, for clients that may know. */
  readonly serverId?: string;
  /**
   * For how many bits of the client subnet the answer holds (RFC 7871 §7.2.1). Without it the option is not echoed: it was
   * not honoured.
   */
  readonly subnetScope?: number;
  /** How much of why the client is told: sentence and code, the code alone, nothing. `full` by default. */
  readonly extendedErrors?: "full" | "code" | "off";
}

/**
 * The OPT of a reply: options that answer those of the query, one for one, and why. A reply has OPT exactly when its query
 * had (RFC 6891 §7); options that the query did not have, and those nobody knows, have no answer.
 */
export function replyEdns(asked: QueryEdns, facts: OptFacts, error?: ExtendedError): ReplyEdns {
  const { udpSize = DEFAULT_UDP_SIZE, extendedErrors = "full", serverId } = facts;
  const told = error === undefined || extendedErrors === "off" ? undefined : error;
  return {
    udpSize,
    dnssecOk: asked.dnssecOk,
    options: answeredOptions(asked, facts),
    ...(serverId === undefined || asked.wantsServerId === undefined ? {} : { serverId: serverIdOption(serverId) }),
    ...(told === undefined ? {} : { extendedError: extendedErrors === "full" ? told : { ...told, text: "" } }),
  };
}

/** The options that a client needs to go on, in the order of their codes. */
function answeredOptions(asked: QueryEdns, { cookies, idleMs, subnetScope }: OptFacts): EdnsOption[] {
  const options: EdnsOption[] = [];
  if (asked.clientSubnet !== undefined && subnetScope !== undefined) {
    const subnet = asked.options.find(({ code }) => code === OptionCodes.CLIENT_SUBNET);
    if (subnet !== undefined) options.push(withScope(subnet, subnetScope));
  }
  if (asked.cookie !== undefined && cookies !== undefined) options.push(cookieOption(asked.cookie, cookies));
  if (asked.wantsKeepalive === true && idleMs !== undefined) options.push(keepaliveOption(idleMs));
  return options;
}

/** RFC 5001 §2.3: octets of the server's choice; ours are the text that `id.server` answers. */
function serverIdOption(serverId: string): EdnsOption {
  return { code: OptionCodes.NSID, octets: new TextEncoder().encode(serverId) };
}
