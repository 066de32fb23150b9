import { encodeReply, STREAM_LIMIT, udpLimit } from "../message/encode.ts";
import { decodeQuery, type MalformedQuery, type Query } from "../message/query.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { isLoopback } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
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
import { type ReplyCache, readyFor } from "./reply-cache.ts";
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
  /** Ready replies, shared by the listeners of a server; without it each question is answered anew. */
  readonly cache?: ReplyCache;
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
        return answerQuery(parts, decoded.query, octets, from);
    }
  };
}

function answerQuery(parts: AnswerParts, query: Query, octets: Uint8Array, from: Peer): Answer | Promise<Answer> {
  const { onFault, now = () => performance.now() } = parts;
  const startedAt = now();
  const querySize = octets.length;
  const finish = (told: Told): Uint8Array => {
    if (parts.onEvent !== undefined) tell(parts.onEvent, eventOf(query, querySize, told, from, now() - startedAt));
    return told.octets;
  };
  const fail = (error: unknown): Uint8Array => {
    tell(onFault, error);
    return finish(toldOf(query, bareReply(query, Rcodes.SERVFAIL, { transport: from.transport }), from, "?"));
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
  readonly octets: Uint8Array;
  readonly rcode: number;
  /** Who asked. */
  readonly network: string;
  readonly resolution?: Resolution;
}

function toldOf(query: Query, reply: ReplyParts, from: Peer, network: string): Told {
  return { octets: encode(query, reply, from), rcode: reply.rcode, network };
}

function tellQuery(parts: AnswerParts, query: Query, from: Peer): Told | Promise<Told> {
  const snapshot = parts.snapshots.current; // Read once: a query lives in one generation.
  const listener = parts.listener();
  const asker = identify(snapshot, listener, from, query.edns?.clientSubnet?.prefix);
  if (asker.subnetIgnored && parts.onIgnoredSubnet !== undefined) tell(parts.onIgnoredSubnet, from);
  const network = networkOf(asker);
  const options = replyOptions(asker, query, from, listener.maxTtl);
  const special = replyToSpecial(query, options, parts.identity);
  if (special !== undefined) return toldOf(query, special, from, network);

  const { name, type } = query.question;
  const key = parts.cache === undefined ? undefined : cacheKey(asker, query, options);
  const ready = key === undefined ? undefined : parts.cache?.find(snapshot, key);
  if (ready !== undefined) {
    const { edns } = bareReply(query, ready.rcode, options);
    const { rcode, resolution } = ready;
    return { octets: readyFor(ready, query, edns, limitOf(query, from)), rcode, network, resolution };
  }
  const told = (resolution: Resolution): Told => {
    const warning = options.warning ?? parts.warningOf?.(snapshot, resolution);
    const reply = replyTo(query, resolution, warning === undefined ? options : { ...options, warning });
    if (key !== undefined) parts.cache?.keep(snapshot, key, reply, resolution);
    return { ...toldOf(query, reply, from, network), resolution };
  };
  if (asker.kind !== "addressee")
    return told({ question: { name, type }, aliases: [], outcome: asOutcome(asker), trace: [] });
  const { resolve = resolveInModel, ask } = parts;
  const asking = { recursionDesired: query.rd, ...(ask === undefined ? {} : { ask }) };
  const resolution = resolve(snapshot, asker.addressee, { name, type }, asking);
  return resolution instanceof Promise ? resolution.then(told) : told(resolution);
}

/**
 * What shapes a reply before OPT, and the extended error in it: who is asked for what, and how much the client is told.
 * Never who the client is. `undefined` where the reply is this client's own.
 */
function cacheKey(asker: Asker, { rd, edns, question }: Query, options: ReplyOptions): string | undefined {
  if (asker.kind !== "addressee" || options.warning !== undefined) return undefined;
  const { addressee } = asker;
  const asked = addressee.kind === "resolver" ? addressee.key : `@${addressee.network ?? ""}@${addressee.host ?? ""}`;
  const told = edns === undefined ? "" : options.extendedErrors;
  // The letters count too: an extended error and what a DNAME makes of a name repeat them.
  const { key, labels } = question.name;
  const transport = question.type === RecordTypes.ANY ? options.transport : "";
  return `${asked}\n${question.type} ${rd} ${told} ${transport} ${options.maxTtl ?? ""}\n${key}${labels.join("")}`;
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
  return encodeReply(reply, limitOf(query, from));
}

function limitOf({ edns }: Query | MalformedQuery, from: Peer): number {
  return from.transport === "tcp" ? STREAM_LIMIT : udpLimit(edns);
}

function eventOf(query: Query, querySize: number, told: Told, from: Peer, durationMs: number): QueryEvent {
  const { name, type } = query.question;
  const { octets, rcode, network, resolution } = told;
  return {
    durationMs,
    transport: from.transport,
    client: from.address,
    port: from.port,
    network,
    name,
    type,
    rcode,
    querySize,
    replySize: octets.length,
    ...(resolution === undefined ? {} : { resolution }),
  };
}
