import type { Random } from "../client/ask.ts";
import { HEADER_OCTETS, rcodeIn } from "../message/header.ts";
import { encodeQuery, type QueryToSend } from "../message/query.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { DomainName } from "../name/domain-name.ts";

/** QR and opcode of a reply to QUERY; the other bits of that octet may be anything. */
const REPLY_BITS = 0b1111_1000;
const IS_REPLY = 0b1000_0000;
const QUESTION_COUNT_AT = 4;
/** Type and class stand behind the name; only names have letters. */
const QUESTION_TAIL_OCTETS = 4;

/** A query as octets, its id still to be put in, and where its question ends. */
export interface SentQuery {
  readonly octets: Uint8Array;
  /** Its name, whose letters are chance in the octets. */
  readonly name: DomainName;
  readonly questionEnd: number;
  /** What stands in front of it in a datagram: a PROXY header. */
  readonly preface?: Uint8Array;
}

/** What octets are to a query, of those that have its id and came from whom it was sent to. */
export type Arrival =
  | "reply"
  /** The question is the same but for the case of its letters: from a server that does not keep it, or from somebody who guesses. */
  | "other-case"
  | "foreign";

/** Writes a query. With `scramble` the case of its letters is chance: a reply must repeat it. */
export function writeQuery(query: Omit<QueryToSend, "id">, scramble: Random | undefined): SentQuery {
  const octets = encodeQuery(query);
  const questionEnd = HEADER_OCTETS + query.name.key.length + QUESTION_TAIL_OCTETS;
  const nameEnd = questionEnd - QUESTION_TAIL_OCTETS;
  if (scramble !== undefined) scrambleCase(octets, nameEnd, scramble);
  return { octets, name: query.name, questionEnd };
}

/** Gives every letter of the name a random case: bits that somebody who forges a reply must guess, too. */
function scrambleCase(octets: Uint8Array, nameEnd: number, random: Random): void {
  let bits = 0;
  let left = 0;
  for (let i = HEADER_OCTETS; i < nameEnd; i++) {
    const folded = (octets[i] ?? 0) | 0x20;
    if (folded < 0x61 || folded > 0x7a || (octets[i] ?? 0) < 0x41) continue; // Lengths of labels are below the letters.
    if (left === 0) {
      bits = random(0x4000_0000);
      left = 30;
    }
    octets[i] = (bits & 1) === 1 ? folded & 0xdf : folded;
    bits >>>= 1;
    left -= 1;
  }
}

/** The query's octets with an id. They are written over when it is sent again under another. */
export function withId({ octets }: SentQuery, id: number): Uint8Array {
  octets[0] = id >>> 8;
  octets[1] = id & 0xff;
  return octets;
}

/**
 * Puts the name's own letters back into the question of a reply, and so into every name that is compressed against it:
 * nobody is to see the random ones. Changes the octets.
 */
export function restoreCase({ name }: SentQuery, reply: Uint8Array): void {
  if (reply[QUESTION_COUNT_AT + 1] !== 1) return;
  let at = HEADER_OCTETS;
  for (const label of name.labels) {
    at += 1; // Its length.
    for (let i = 0; i < label.length; i++) reply[at++] = label.charCodeAt(i);
  }
}

/**
 * What octets are to a query, by their header and question alone (RFC 5452 §9.1). Without a question they count only as an
 * error: servers that could not read the query have none to repeat, and no data comes in that way.
 */
export function recognise({ octets, questionEnd }: SentQuery, arrived: Uint8Array): Arrival {
  if (arrived.length < HEADER_OCTETS || ((arrived[2] ?? 0) & REPLY_BITS) !== IS_REPLY) return "foreign";
  if (arrived[QUESTION_COUNT_AT] !== 0) return "foreign";
  const questions = arrived[QUESTION_COUNT_AT + 1];
  if (questions === 0) {
    const rcode = rcodeIn(arrived);
    return rcode === Rcodes.NOERROR || rcode === Rcodes.NXDOMAIN ? "foreign" : "reply";
  }
  if (questions !== 1 || arrived.length < questionEnd) return "foreign";
  for (let i = questionEnd - QUESTION_TAIL_OCTETS; i < questionEnd; i++) if (octets[i] !== arrived[i]) return "foreign";
  let arrival: Arrival = "reply";
  for (let i = HEADER_OCTETS; i < questionEnd - QUESTION_TAIL_OCTETS; i++) {
    const [ours = 0, theirs = 0] = [octets[i], arrived[i]];
    if (ours === theirs) continue;
    const folded = ours | 0x20;
    if (folded !== (theirs | 0x20) || folded < 0x61 || folded > 0x7a) return "foreign";
    arrival = "other-case";
  }
  return arrival;
}
