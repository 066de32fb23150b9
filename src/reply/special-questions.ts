import { type ExtendedError, ExtendedErrors } from "../message/extended-errors.ts";
import { opcodeName } from "../message/opcodes.ts";
import type { MalformedQuery, Query } from "../message/query.ts";
import type { Question } from "../message/question.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { type CookieMaker, judgeCookie } from "../message/server-cookie.ts";
import { knownName } from "../name/name-text.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { className, typeName } from "../record/type-names.ts";
import { bareReply } from "./bare-reply.ts";
import type { ReplyOptions } from "./reply-options.ts";

/** What the server says of itself in class CHAOS, in at most 255 octets each. */
export interface Identity {
  /** `version.bind`, `version.server`. */
  readonly version: string;
  /** `id.server`, `hostname.bind` (RFC 4892 §3), and NSID. */
  readonly id: string;
  /** `whoami.privlink`: as whom it takes the one who asks. */
  readonly asker: string;
}

/** Which text of the identity a CHAOS name asks for, by the name's key. */
const CHAOS_NAMES: ReadonlyMap<string, keyof Identity> = new Map([
  [knownName("version.bind").key, "version"],
  [knownName("version.server").key, "version"],
  [knownName("id.server").key, "id"],
  [knownName("hostname.bind").key, "id"],
  [knownName("whoami.privlink").key, "asker"],
]);

/**
 * Answers what no zone has to be asked for: classes other than IN, transfers, types that are none. `undefined` for every
 * ordinary question, whose type may well be unknown. Without an identity CHAOS is refused.
 */
export function replyToSpecial(query: Query, options: ReplyOptions, identity?: Identity): ReplyParts | undefined {
  const { question } = query;
  const { type } = question;
  switch (type) {
    case RecordTypes.OPT:
    case RecordTypes.TSIG:
    case RecordTypes.TKEY:
      return bareReply(query, Rcodes.FORMERR, options); // They belong to messages, not to names.
  }
  if (question.class !== RecordClasses.IN && question.class !== RecordClasses.CH) {
    return bareReply(query, Rcodes.REFUSED, options, unsupported(`class ${className(question.class)}`));
  }
  switch (type) {
    case RecordTypes.AXFR:
    case RecordTypes.IXFR:
      return bareReply(query, Rcodes.REFUSED, options, unsupported("zone transfer"));
    case RecordTypes.MAILA:
    case RecordTypes.MAILB:
      return bareReply(query, Rcodes.NOTIMP, options, unsupported(`type ${typeName(type)}`));
  }
  return question.class === RecordClasses.CH ? replyToChaos(query, question, options, identity) : undefined;
}

function replyToChaos(
  query: Query,
  question: Question,
  options: ReplyOptions,
  identity: Identity | undefined,
): ReplyParts {
  const { name, type } = question;
  const topic = CHAOS_NAMES.get(name.key);
  if (topic === undefined || identity === undefined) {
    return bareReply(query, Rcodes.REFUSED, options, unsupported("this name of class CH"));
  }
  const reply = bareReply(query, Rcodes.NOERROR, options);
  if (type !== RecordTypes.TXT && type !== RecordTypes.ANY) return reply;
  const answer: RRset = { owner: name, type: RecordTypes.TXT, ttl: 0, rdatas: [characterString(identity[topic])] };
  return { ...reply, answers: [answer] };
}

/** One character-string (RFC 1035 §3.3); what is over 255 octets is left out. */
function characterString(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text).subarray(0, 255);
  return Uint8Array.of(octets.length, ...octets);
}

/** Answers a message that is no question, as far as it can be answered. */
export function replyToMalformed(malformed: MalformedQuery, options: ReplyOptions): ReplyParts {
  const { problem, opcode, tsig, edns } = malformed;
  const asksForCookie = problem === "no-question" && edns?.cookie !== undefined && options.cookies !== undefined;
  const rcode = asksForCookie ? rcodeOfCookie(edns.cookie, options.cookies) : malformed.rcode;
  const error = rcode === Rcodes.NOTIMP ? unsupported(`opcode ${opcodeName(opcode)}`) : undefined;
  const reply = bareReply(malformed, rcode, options, error);
  return tsig === undefined || rcode !== Rcodes.NOTAUTH ? reply : { ...reply, tsig };
}

/** Without a question only the cookie was asked about: whether it still counts (RFC 7873 §5.4). */
function rcodeOfCookie(cookie: Uint8Array, cookies: CookieMaker): number {
  return judgeCookie(cookie, cookies) === "foreign" ? Rcodes.BADCOOKIE : Rcodes.NOERROR;
}

function unsupported(what: string): ExtendedError {
  return { code: ExtendedErrors.NOT_SUPPORTED, text: `${what} is not supported here` };
}
