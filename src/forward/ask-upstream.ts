import { type AskTransport, ask, type Random } from "../client/ask.ts";
import type { AskFailureKind } from "../client/exchange.ts";
import type { FailedTarget } from "../resolve/resolution.ts";
import type { AskUpstream } from "../resolve/upstream.ts";
import type { Target } from "../topology/model.ts";
import { readReply } from "./read-reply.ts";

/** How long and how often one real server is asked before the next one is. */
export interface UpstreamLimits {
  readonly timeoutMs: number;
  readonly tries: number;
}

const DEFAULT_LIMITS: UpstreamLimits = { timeoutMs: 1500, tries: 2 };

/** The most that a reply over UDP may have without fragments. */
const UDP_SIZE = 1232;

/**
 * Asks real servers in order: the first whose reply says something of the name is final. Other rcodes, silence and
 * replies of no use move on (SEMANTICS 19, 46). Never rejects.
 */
export function askUpstreamWith(random: Random, limits: UpstreamLimits = DEFAULT_LIMITS): AskUpstream {
  return async (targets, question) => {
    const failed: FailedTarget[] = [];
    for (const target of targets) {
      if (target.kind !== "address") {
        failed.push({ target: target.text, why: "not an address" });
        continue;
      }
      const { name, type } = question;
      const edns = { version: 0, udpSize: UDP_SIZE, dnssecOk: false, options: [] };
      const reply = await ask(
        { server: target.at, name, type, rd: true, edns, transport: transportTo(target), ...limits },
        random,
      );
      if (reply.kind === "failed") {
        failed.push({
          target: target.text,
          why: reply.text,
          ...(isNetworkError(reply.why) ? { isNetworkError: true } : {}),
        });
        continue;
      }
      const read = readReply(question, reply.message);
      if (read.kind === "reply") return read;
      failed.push({ target: target.text, why: read.why });
    }
    return { kind: "failed", targets: failed };
  };
}

/** Whether there was no way to a server, as RFC 8914 §4.24 means it. */
function isNetworkError(why: AskFailureKind): boolean {
  switch (why) {
    case "refused-connection":
    case "unreachable":
    case "closed-connection":
    case "tls":
      return true;
    case "timeout":
    case "malformed-reply":
    case "local-address":
    case "system":
      return false;
  }
}

function transportTo(target: Extract<Target, { kind: "address" }>): AskTransport {
  return target.tls === undefined ? { kind: "udp-then-tcp" } : { kind: "tls", serverName: target.tls };
}
