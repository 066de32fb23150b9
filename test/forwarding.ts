import { randomInt } from "node:crypto";
import { CACHE_RULES, type CacheRules } from "../src/forward/cache-rules.ts";
import { Forwarder, type ForwarderParts } from "../src/forward/forwarder.ts";
import { knownName } from "../src/name/name-text.ts";
import { type AddressPort, formatAddressPort } from "../src/net/address.ts";
import { formatRdata } from "../src/record/rdata-text.ts";
import { RecordTypes } from "../src/record/record-type.ts";
import type { AskTerms, UpstreamQuestion, UpstreamReply } from "../src/resolve/upstream.ts";
import { sourceFile } from "../src/source/source-file.ts";
import type { ServerOrder, Target } from "../src/topology/model.ts";

const SPAN = { file: sourceFile("privlink.yaml", ""), start: 0, end: 0 };

/** A forwarder as `serve` makes it, but for what a test says. */
export function forwarderOf(parts: Partial<ForwarderParts> = {}, rules: Partial<CacheRules> = {}): Forwarder {
  return new Forwarder({
    random: (below) => randomInt(below),
    now: () => performance.now(),
    rulesOf: () => ({ ...CACHE_RULES, ...rules }),
    ...parts,
  });
}

/** A real server as a target. */
export function realServer(at: AddressPort, tls?: string): Target {
  return { kind: "address", text: formatAddressPort(at), at, span: SPAN, ...(tls === undefined ? {} : { tls }) };
}

/** A question for A of a name, by a resolver `fwd`. */
export function wantedOf(
  targets: readonly Target[],
  name: string,
  terms: Partial<AskTerms> = {},
  order: ServerOrder = "listed",
): UpstreamQuestion {
  return {
    asker: "fwd",
    servers: { targets, order },
    question: { name: knownName(name), type: RecordTypes.A },
    terms: { dnssecOk: false, checkingDisabled: false, ...terms },
    alternatives: 0,
  };
}

/** A reply in a line: `10.0.0.1`, `nxdomain`, or who failed and why. */
export function said(reply: UpstreamReply): string {
  if (reply.kind === "failed") return reply.targets.map(({ why }) => why).join("; ");
  const { outcome } = reply;
  if (outcome.kind !== "answer") return outcome.kind;
  return outcome.rrsets.flatMap(({ type, rdatas }) => rdatas.map((rdata) => formatRdata(type, rdata))).join(" ");
}

/** Asks, and always promises: for many questions at once. */
export function promised(forwarder: Forwarder, wanted: UpstreamQuestion): Promise<UpstreamReply> {
  return Promise.resolve(forwarder.ask(wanted));
}
