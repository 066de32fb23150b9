import { encodeReply, STREAM_LIMIT, udpLimit } from "../message/encode.ts";
import { decodeQuery, type MalformedQuery, type Query } from "../message/query.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { isLoopback } from "../net/address.ts";
import { bareReply } from "../reply/bare-reply.ts";
import type { ReplyOptions } from "../reply/reply-options.ts";
import { replyTo } from "../reply/reply-to.ts";
import { type Identity, replyToMalformed, replyToSpecial } from "../reply/special-questions.ts";
import type { Outcome, Resolution } from "../resolve/resolution.ts";
import { resolve as resolveInModel } from "../resolve/resolve.ts";
import type { AskUpstream } from "../resolve/upstream.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Asker, identify, type ListenerIdentity } from "./asker.ts";
import type { QueryEvent } from "./query-event.ts";
import { type Answer, type OnFault, type Peer, type Responder, tell } from "./responder.ts";

/** What a listener needs to answer. */
export interface AnswerParts {
  readonly snapshots: SnapshotHolder;
  /** Who answers here, asked for each query: a reload may change it. */
  readonly listener: () => ListenerIdentity & { readonly maxTtl?: number };
  /** What it says of itself in class CHAOS. */
  readonly identity: Identity;
  /** The port to real servers. */
  readonly ask?: AskUpstream;
  /** Told of a bug; its question gets SERVFAIL. */
  readonly onFault: OnFault;
  readonly onEvent?: (event: QueryEvent) => void;
  /** Told of a client subnet from a peer that is not trusted. */
  readonly onIgnoredSubnet?: (peer: Peer) => void;
  /** A sentence for the client when its answer is public although an endpoint exists. */
  readonly warningOf?: (snapshot: Snapshot, resolution: Resolution) => string | undefined;
  /** The engine: `resolve` unless a test puts another in. */
  readonly resolve?: typeof resolveInModel;
  /** Milliseconds that only rise. */
  readonly now?: () => number;
}

/**
 * The whole query flow, octets to octets: decode, one read of the snapshot, who asks and who answers, resolve, encode.
 * At once, unless a real server must be asked.
 */
export function createAnswer(parts: AnswerParts): Responder {
  return (octets, from) => {
    const decoded = decodeQuery(octets);
    switch (decoded.kind) {
      case "ignored":
        return undefined;
      case "malformed":
        return encode(decoded, replyToMalformed(decoded, { transport: from.transport }), from);
      case "query":
        return answerQuery(parts, decoded.query, octets.length, from);
    }
  };
}

function answerQuery(parts: AnswerParts, query: Query, querySize: number, from: Peer): Answer | Promise<Answer> {
  const { onFault, now = () => performance.now() } = parts;
  const startedAt = now();
  const finish = (told: Told): Uint8Array => {
    const reply = encode(query, told.reply, from);
    if (parts.onEvent !== undefined)
      tell(parts.onEvent, eventOf(query, querySize, reply, told, from, now() - startedAt));
    return reply;
  };
  const fail = (error: unknown): Uint8Array => {
    tell(onFault, error);
    return finish({ network: "?", reply: bareReply(query, Rcodes.SERVFAIL, { transport: from.transport }) });
  };
  try {
    const told = tellQuery(parts, query, from);
    return told instanceof Promise ? told.then(finish).catch(fail) : finish(told);
  } catch (error) {
    return fail(error);
  }
}

/** A reply with what the event of its question needs. */
interface Told {
  readonly reply: ReplyParts;
  /** Who asked. */
  readonly network: string;
  readonly resolution?: Resolution;
}

function tellQuery(parts: AnswerParts, query: Query, from: Peer): Told | Promise<Told> {
  const snapshot = parts.snapshots.current; // Read once: a query lives in one generation.
  const listener = parts.listener();
  const asker = identify(snapshot, listener, from, query.edns?.clientSubnet?.prefix);
  if (asker.subnetIgnored && parts.onIgnoredSubnet !== undefined) tell(parts.onIgnoredSubnet, from);
  const network = networkOf(asker);
  const options = replyOptions(asker, query, from, listener.maxTtl);
  const special = replyToSpecial(query, options, parts.identity);
  if (special !== undefined) return { reply: special, network };

  const { name, type } = query.question;
  const told = (resolution: Resolution): Told => {
    const warning = options.warning ?? parts.warningOf?.(snapshot, resolution);
    return {
      reply: replyTo(query, resolution, warning === undefined ? options : { ...options, warning }),
      network,
      resolution,
    };
  };
  if (asker.kind !== "addressee")
    return told({ question: { name, type }, aliases: [], outcome: asOutcome(asker), trace: [] });
  const { resolve = resolveInModel, ask } = parts;
  const asking = { recursionDesired: query.rd, ...(ask === undefined ? {} : { ask }) };
  const resolution = resolve(snapshot, asker.addressee, { name, type }, asking);
  return resolution instanceof Promise ? resolution.then(told) : told(resolution);
}

function asOutcome(asker: Extract<Asker, { kind: "refused" | "no-reply" }>): Outcome {
  return asker.kind === "refused"
    ? { kind: "refused", reason: asker.reason }
    : { kind: "no-reply", reason: asker.reason };
}

function networkOf({ client }: Asker): string {
  switch (client.kind) {
    case "network":
      return client.network;
    case "ambiguous":
      return client.networks.join("|");
    case "internet":
      return "internet";
  }
}

/** What the asker decides of the reply: how much a stranger is told, and for how much of its subnet the answer holds. */
function replyOptions(asker: Asker, query: Query, from: Peer, maxTtl: number | undefined): ReplyOptions {
  const warning = subnetWarning(asker);
  const scope = subnetScope(asker, query);
  const isStranger = asker.client.kind === "internet" && !isLoopback(from.address);
  return {
    transport: from.transport,
    extendedErrors: isStranger ? "code" : "full",
    ...(maxTtl === undefined ? {} : { maxTtl }),
    ...(warning === undefined ? {} : { warning }),
    ...(scope === undefined ? {} : { subnetScope: scope }),
  };
}

/** The whole prefix where it chose the network, none where it did not matter; no echo where it was not believed. */
function subnetScope(asker: Asker, { edns }: Query): number | undefined {
  if (edns?.clientSubnet === undefined || asker.subnetIgnored) return undefined;
  return asker.bySubnet ? edns.clientSubnet.sourceLength : 0;
}

function subnetWarning({ subnetIgnored, client }: Asker): string | undefined {
  if (subnetIgnored) return "client subnet ignored: this peer is not trusted";
  if (client.kind !== "internet" || client.spans === undefined) return undefined;
  return `client subnet is too short to choose among ${client.spans.join(", ")}`;
}

function encode(query: Query | MalformedQuery, reply: ReplyParts, from: Peer): Uint8Array {
  return encodeReply(reply, from.transport === "tcp" ? STREAM_LIMIT : udpLimit(query.edns));
}

function eventOf(
  query: Query,
  querySize: number,
  reply: Uint8Array,
  told: Told,
  from: Peer,
  durationMs: number,
): QueryEvent {
  const { name, type } = query.question;
  return {
    durationMs,
    transport: from.transport,
    client: from.address,
    port: from.port,
    network: told.network,
    name,
    type,
    rcode: told.reply.rcode,
    querySize,
    replySize: reply.length,
    ...(told.resolution === undefined ? {} : { resolution: told.resolution }),
  };
}
