import { encodeReply, STREAM_LIMIT, udpLimit } from "../message/encode.ts";
import { HEADER_OCTETS, rcodeIn } from "../message/header.ts";
import { decodeQuery, type MalformedQuery, type Query } from "../message/query.ts";
import { type Question, readQuestion } from "../message/question.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { OctetReader } from "../octets/octet-reader.ts";
import { RecordClasses } from "../record/record-type.ts";
import { bareReply } from "../reply/bare-reply.ts";
import type { ReplyOptions } from "../reply/reply-options.ts";
import { rcodeOf, replyTo } from "../reply/reply-to.ts";
import { type Identity, replyToMalformed, replyToSpecial } from "../reply/special-questions.ts";
import type { Outcome, Resolution } from "../resolve/resolution.ts";
import { resolve as resolveInModel } from "../resolve/resolve.ts";
import type { AskUpstream } from "../resolve/upstream.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Asker, askerText, identify } from "./asker.ts";
import { KnownAskers } from "./known-askers.ts";
import { type CookieParts, isStranger, optFacts } from "./opt-facts.ts";
import type { QueryEvent } from "./query-event.ts";
import { ReadyAnswers } from "./ready-answers.ts";
import type { ReadyStore } from "./ready-store.ts";
import { type AnsweringListener, givenSubnet, kindOf, networkOf, replyTerms, wholeScope } from "./reply-terms.ts";
import { type Answer, type Peer, type Responder, tell } from "./responder.ts";
import type { ResponseRates } from "./response-rates.ts";
import { limitsRepliesTo, StrangerLimit } from "./stranger-limit.ts";

/** How long real servers have for one client's question: dig, glibc and Windows wait 5 s for a first reply. */
const PATIENCE_MS = 4500;

/** What a listener needs to answer. */
export interface AnswerParts extends CookieParts {
  readonly snapshots: SnapshotHolder;
  /** Who answers here, and how, asked for each query: a reload may change it. */
  readonly listener: () => AnsweringListener;
  /** What it says of itself in class CHAOS and, the id, as NSID; not to strangers. */
  readonly identity: Omit<Identity, "asker">;
  /** Counts what is noticed on the way. */
  readonly counts?: AnswerCounts;
  /** The port to real servers. */
  readonly ask?: AskUpstream;
  /** Told of a bug, and what was asked; its question gets SERVFAIL. */
  readonly onFault: (error: unknown, asked?: { readonly question: Question; readonly from: Peer }) => void;
  readonly onEvent?: (event: QueryEvent) => void;
  /** Whether anybody wants to be told at the moment; always, where absent. A question costs nothing more while nobody does. */
  readonly isWatched?: () => boolean;
  /** Told of a client subnet from a peer that is not trusted. */
  readonly onIgnoredSubnet?: (peer: Peer) => void;
  /** A sentence for the client when its answer is public although an endpoint exists. */
  readonly warningOf?: (snapshot: Snapshot, resolution: Resolution) => string | undefined;
  /** Ready replies, shared by the listeners of a server; without it each question is answered anew. */
  readonly ready?: ReadyStore;
  /** How many replies strangers have had, shared by the listeners of a server; without it nobody is limited. */
  readonly rates?: ResponseRates;
  /** The engine: `resolve` unless a test puts another in. */
  readonly resolve?: typeof resolveInModel;
  /** Milliseconds that only rise. */
  readonly now?: () => number;
}

/** What is noticed of queries. */
export interface AnswerCounts {
  /** Queries with octets behind their records, which are ignored (SEMANTICS 39). */
  trailing: number;
}

/**
 * The whole query flow, octets to octets: a ready reply, or decode, one read of the snapshot, who asks and who answers,
 * resolve, encode. At once, unless a real server must be asked.
 */
export function createAnswer(parts: AnswerParts): Responder {
  const { snapshots, listener, onEvent, isWatched, now = () => performance.now() } = parts;
  const ready = parts.ready === undefined ? undefined : new ReadyAnswers(parts.ready, snapshots, listener, parts);
  const limit = parts.rates === undefined ? undefined : new StrangerLimit(parts.rates, listener, parts);
  const flow: Flow = { parts, askers: new KnownAskers(listener), ready, limit, now };
  return (octets, from) => {
    const startedAt = onEvent === undefined || isWatched?.() === false ? undefined : now();
    const reply = ready?.find(octets, from);
    if (reply === undefined || ready === undefined) return answerAnew(flow, octets, from, startedAt);
    const sent =
      limit !== undefined && ready.isLimited ? limit.sentToPlain(reply, octets, from, ready.hasCookie) : reply;
    if (onEvent !== undefined && startedAt !== undefined)
      tell(onEvent, readyEvent(ready, octets, { reply, sent }, from, now() - startedAt));
    return sent;
  };
}

/** What is the same for all questions at a listener. */
interface Flow {
  readonly parts: AnswerParts;
  readonly askers: KnownAskers;
  readonly ready: ReadyAnswers | undefined;
  readonly limit: StrangerLimit | undefined;
  readonly now: () => number;
}

/** `startedAt` is absent where nobody is told of the question. */
function answerAnew(
  flow: Flow,
  octets: Uint8Array,
  from: Peer,
  startedAt: number | undefined,
): Answer | Promise<Answer> {
  const { parts } = flow;
  const decoded = decodeQuery(octets, from.transport);
  switch (decoded.kind) {
    case "ignored":
      return undefined;
    case "malformed":
      return answerMalformed(flow, decoded, from);
    case "query":
      if (decoded.query.trailingOctets > 0 && parts.counts !== undefined) parts.counts.trailing += 1;
      return answerQuery(flow, decoded.query, octets.length, from, startedAt);
  }
}

function answerQuery(
  flow: Flow,
  query: Query,
  querySize: number,
  from: Peer,
  startedAt: number | undefined,
): Answer | Promise<Answer> {
  const { onFault, onEvent } = flow.parts;
  const finish = (told: Told): Answer => {
    const octets = sentOf(flow, query, told, from);
    if (onEvent !== undefined && startedAt !== undefined)
      tell(onEvent, eventOf(query.question, querySize, { ...told, octets }, from, flow.now() - startedAt));
    return octets;
  };
  const fail = (error: unknown): Answer => {
    tell((thrown: unknown) => onFault(thrown, { question: query.question, from }), error);
    const terms = { transport: from.transport, ...kindOf(flow.parts.listener()) };
    return finish(toldOf(query, bareReply(query, Rcodes.SERVFAIL, terms), from, NOBODY));
  };
  try {
    const told = tellQuery(flow, query, from);
    return told instanceof Promise ? told.then(finish).catch(fail) : finish(told);
  } catch (error) {
    return fail(error);
  }
}

/** What the server says of itself, and of the one who asks; nothing to strangers. Only class CHAOS has a use for it. */
function identityFor({ identity }: AnswerParts, { question }: Query, asker: Asker, from: Peer): Identity | undefined {
  if (question.class !== RecordClasses.CH || isStranger(asker, from)) return undefined;
  return { ...identity, asker: askerText(asker) };
}

/** A reply with what the event of its question needs. */
interface Told extends Who {
  /** Absent where nobody answers the client and the listener stays as silent. */
  readonly octets?: Answer;
  readonly rcode: number;
  readonly resolution?: Resolution | undefined;
}

/** Who asked, for events and limits. */
interface Who {
  readonly network: string;
  readonly isLimited: boolean;
}

/** Who asked is not known where a bug was in the way. */
const NOBODY: Who = { network: "?", isLimited: false };

function toldOf(query: Query, reply: ReplyParts, from: Peer, who: Who): Told {
  return { octets: encode(query, reply, from), rcode: reply.rcode, ...who };
}

/** What is sent of a reply, which a limit may hold back. */
function sentOf({ limit }: Flow, query: Query, { octets, isLimited }: Told, from: Peer): Answer {
  return limit === undefined || octets === undefined || !isLimited ? octets : limit.sent(octets, query, from);
}

function answerMalformed({ parts, limit }: Flow, query: MalformedQuery, from: Peer): Answer {
  const reply = encode(query, replyToMalformed(query, plainTerms(parts, query, from)), from);
  if (limit === undefined) return reply;
  const listener = parts.listener();
  const asker = identify(parts.snapshots.current, listener, from, undefined);
  return limitsRepliesTo(listener, asker, from) ? limit.sent(reply, query, from) : reply;
}

function tellQuery({ parts, askers, ready, now }: Flow, query: Query, from: Peer): Told | Promise<Told> {
  const snapshot = parts.snapshots.current; // Read once: a query lives in one generation.
  const listener = parts.listener();
  const subnet = query.edns?.clientSubnet?.prefix;
  const asker = subnet === undefined ? askers.at(snapshot, from) : identify(snapshot, listener, from, subnet);
  if (asker.subnetIgnored && parts.onIgnoredSubnet !== undefined) tell(parts.onIgnoredSubnet, from);
  const who: Who = { network: networkOf(asker), isLimited: limitsRepliesTo(listener, asker, from) };
  const terms = replyTerms(parts, listener, asker, query.edns, from);
  const special = replyToSpecial(query, terms, identityFor(parts, query, asker, from));
  if (special !== undefined) return toldOf(query, special, from, who);

  const { name, type } = query.question;
  const reply = (resolution: Resolution): ReplyParts => {
    const warning = terms.warning ?? parts.warningOf?.(snapshot, resolution);
    const scoped =
      query.edns?.clientSubnet === undefined ? terms : { ...terms, ...wholeScope(terms, query.edns, resolution) };
    return replyTo(query, resolution, warning === undefined ? scoped : { ...scoped, warning });
  };
  const isSilent = ({ outcome }: Resolution): boolean => outcome.kind === "no-reply" && listener.unreachable === "drop"; // SEMANTICS 18
  const tellOf = (resolution: Resolution): Told => {
    if (isSilent(resolution)) return { rcode: rcodeOf(resolution.outcome), resolution, ...who };
    const made = reply(resolution);
    return { octets: encode(query, made, from), rcode: made.rcode, resolution, ...who };
  };
  if (asker.kind !== "addressee") {
    return tellOf({ question: { name, type }, aliases: [], outcome: asOutcome(asker), trace: [] });
  }
  const { resolve = resolveInModel, ask } = parts;
  const dnssecOk = query.edns?.dnssecOk ?? false;
  const told = {
    dnssecOk,
    checkingDisabled: query.cd,
    until: now() + PATIENCE_MS,
    client: from,
    ...givenSubnet(asker, query.edns),
  };
  const asking = { recursionDesired: query.rd, terms: told, ...(ask === undefined ? {} : { ask }) };
  const resolved = resolve(snapshot, asker.addressee, { name, type }, asking);
  if (resolved instanceof Promise) return resolved.then(tellOf);
  if (isSilent(resolved)) return tellOf(resolved);
  const made = reply(resolved);
  const octets = encode(query, made, from);
  ready?.keep(snapshot, made, octets, limitOf(query, made, from), resolved);
  return { octets, rcode: made.rcode, resolution: resolved, ...who };
}

function asOutcome(asker: Extract<Asker, { kind: "refused" | "no-reply" }>): Outcome {
  return asker.kind === "refused"
    ? { kind: "refused", reason: asker.reason }
    : { kind: "no-reply", reason: asker.reason };
}

/** What is decided of a reply to nobody's question, whoever asks. */
function plainTerms(parts: AnswerParts, { edns }: MalformedQuery, from: Peer): ReplyOptions {
  const listener = parts.listener();
  return { transport: from.transport, ...optFacts(parts, listener, from, edns), ...kindOf(listener) };
}

function encode(query: Query | MalformedQuery, reply: ReplyParts, from: Peer): Uint8Array {
  return encodeReply(reply, limitOf(query, reply, from));
}

/** How long a reply may be, whose OPT says how much this server sends and takes. */
function limitOf({ edns }: Query | MalformedQuery, reply: ReplyParts, from: Peer): number {
  return from.transport === "tcp" ? STREAM_LIMIT : udpLimit(edns, reply.edns?.udpSize);
}

/** The event of a question that was answered without a look at it. */
function readyEvent(
  ready: ReadyAnswers,
  octets: Uint8Array,
  { reply, sent }: { readonly reply: Uint8Array; readonly sent: Answer },
  from: Peer,
  ms: number,
): QueryEvent {
  const { network, resolution, isLimited } = ready;
  const told = { octets: sent, rcode: rcodeIn(reply), network, isLimited, resolution };
  // The very question that led to the reply needs no reading, and whoever writes it down knows it.
  const isSame = resolution !== undefined && ready.repeatsLetters(octets);
  const question = isSame ? resolution.question : readQuestion(new OctetReader(octets, HEADER_OCTETS));
  return eventOf(question, octets.length, told, from, ms);
}

function eventOf(
  { name, type }: Pick<Question, "name" | "type">,
  querySize: number,
  { octets, rcode, network, resolution }: Told,
  from: Peer,
  durationMs: number,
): QueryEvent {
  const { transport, address: client, port } = from;
  const replySize = octets?.length ?? 0;
  return { durationMs, transport, client, port, network, name, type, rcode, querySize, replySize, resolution };
}
