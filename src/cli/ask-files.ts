import { endingOf } from "../explain/explain.ts";
import { publicReason } from "../explain/public-reason.ts";
import { originOf } from "../explain/verdict.ts";
import { decodeMessage } from "../message/decode.ts";
import { encodeReply, STREAM_LIMIT } from "../message/encode.ts";
import type { Message } from "../message/message.ts";
import { decodeQuery, encodeQuery, type Query } from "../message/query.ts";
import { formatAddressPort } from "../net/address.ts";
import { RecordClasses } from "../record/record-type.ts";
import type { ReplyOptions } from "../reply/reply-options.ts";
import { replyTo } from "../reply/reply-to.ts";
import { replyToSpecial } from "../reply/special-questions.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution, Step } from "../resolve/resolution.ts";
import { resolve } from "../resolve/resolve.ts";
import { askerText } from "../serve/asker.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Answered, Facts } from "./answered.ts";
import type { DigQuestion } from "./dig-words.ts";
import { type Asked, askedBy, type Who } from "./who.ts";

/** What the files call themselves; a server has a name of its own. */
const SERVER_ID = "privlink";

export type FileAnswer =
  | { readonly kind: "answered"; readonly answered: Answered }
  | Extract<Asked, { kind: "problem" }>;

/**
 * Asks the files: the same resolution, and the same octets of a reply, that a server of this snapshot gives. Nothing is
 * sent: where a real server would have to be asked there is no reply.
 */
export function askFiles(
  snapshot: Snapshot,
  who: Who,
  ask: string | undefined,
  question: DigQuestion,
  version: string,
): FileAnswer {
  const asked = askedBy(snapshot, who, ask);
  if (asked.kind === "problem") return asked;
  return { kind: "answered", answered: answerOf(snapshot, who, asked, queryOf(question), version) };
}

function answerOf(
  snapshot: Snapshot,
  who: Who,
  asked: Exclude<Asked, { kind: "problem" }>,
  query: Query,
  version: string,
): Answered {
  const resolution = resolutionOf(snapshot, asked, query);
  const [first] = resolution.trace;
  const server = resolution.resolver?.key ?? (first?.kind === "authority" ? first.authority.key : "");
  const base = { from: who.text, server, serverLine: serverLineOf(resolution, server), ms: 0 };
  const asking = optionsOf(who, query, asked);
  const special = replyToSpecial(query, asking, {
    version: `privlink ${version}`,
    id: SERVER_ID,
    asker: askerText(who),
  });
  if (special !== undefined) return { ...base, reply: messageOf(special) };
  const facts = factsOf(snapshot, resolution);
  const { outcome } = resolution;
  if (outcome.kind === "no-reply" || outcome.kind === "upstream")
    return { ...base, reply: { kind: "none", why: endingOf(outcome) }, facts };
  // As the server has it: what is wrong with the client subnet is told before why the answer is public.
  const options = {
    ...(facts.reason === undefined ? {} : { warning: facts.reason.sentence }),
    ...asking,
  };
  return { ...base, reply: messageOf(replyTo(query, resolution, options)), facts };
}

function resolutionOf(
  snapshot: Snapshot,
  asked: Exclude<Asked, { kind: "problem" }>,
  { question, rd }: Query,
): Resolution {
  const { name, type } = question;
  if (asked.kind === "ended") return { question: { name, type }, aliases: [], outcome: asked.outcome, trace: [] };
  // A class of its own is answered before any view is asked: what the name is in class IN says nothing there.
  if (question.class !== RecordClasses.IN)
    return { question: { name, type }, aliases: [], outcome: { kind: "not-implemented" }, trace: [] };
  const resolution = resolve(snapshot, asked.addressee, { name, type }, { recursionDesired: rd });
  if (resolution instanceof Promise) throw new Error("a question asked of the files had to wait");
  return resolution;
}

/** The question as a server reads it. */
function queryOf({ name, type, class: recordClass, rd, cd, ad, edns }: DigQuestion): Query {
  const decoded = decodeQuery(
    encodeQuery({ id: 0, name, type, class: recordClass, rd, cd, ad, ...(edns === undefined ? {} : { edns }) }),
  );
  if (decoded.kind !== "query") throw new Error("privlink could not read its own question");
  return decoded.query;
}

function optionsOf({ client }: Who, { edns }: Query, asked: Exclude<Asked, { kind: "problem" }>): ReplyOptions {
  if (asked.kind === "addressee" && asked.addressee.kind === "authority")
    return {
      transport: "tcp",
      authoritative: true,
      serverId: SERVER_ID,
      ...(edns?.clientSubnet === undefined ? {} : { subnetScope: 0 }),
    };
  const scope = edns?.clientSubnet?.sourceLength;
  const spans = client.kind === "internet" ? client.spans : undefined;
  return {
    transport: "tcp",
    serverId: SERVER_ID,
    ...(scope === undefined ? {} : { subnetScope: scope }),
    ...(spans === undefined ? {} : { warning: `client subnet is too short to choose among ${spans.join(", ")}` }),
  };
}

function messageOf(parts: Parameters<typeof encodeReply>[0]): Answered["reply"] {
  const octets = encodeReply(parts, STREAM_LIMIT);
  const message: Message = decodeMessage(octets);
  return { kind: "message", message, octets: octets.length };
}

function serverLineOf({ resolver }: Resolution, server: string): string {
  const at = resolver?.addresses[0];
  return at === undefined
    ? `${server === "" ? "nobody" : server} (offline)`
    : `${formatAddressPort(at).replace(/:(\d+)$/, "#$1")}(${server}) (offline)`;
}

function factsOf(snapshot: Snapshot, resolution: Resolution): Facts {
  const origin = originOf(resolution);
  const zone = lastZone(resolution.trace);
  const reason = publicReason(snapshot, resolution);
  return {
    outcome: resolution.outcome.kind,
    ...(origin === undefined ? {} : { origin }),
    ...(zone === undefined || origin === undefined ? {} : { zone }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function lastZone(trace: readonly Step[]): string | undefined {
  const step = lastSource(trace);
  switch (step?.kind) {
    case "zone":
      return step.source.key;
    case "public":
      return step.zone?.key.replace(/(.)\.$/, "$1");
    case "rule-answer":
    case "builtin":
    case "offline":
    case "upstream":
    case undefined:
      return undefined;
  }
}
