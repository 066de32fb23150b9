import { ANSWER_COUNT_OFFSET, AUTHORITY_COUNT_OFFSET, HEADER_OCTETS, rcodeIn } from "../message/header.ts";
import { Rcodes } from "../message/rcodes.ts";
import { RecordTypes } from "../record/record-type.ts";

const FNV_PRIME = 0x01000193;
/** Behind the name of a question: type and class. */
const QUESTION_TAIL_OCTETS = 4;
/** Behind the owner of a record: type, class, TTL and the length of its data. */
const RECORD_HEAD_OCTETS = 10;
/** The two high bits of a compression pointer (RFC 1035 §4.1.4). */
const POINTER = 0b1100_0000;
/** A name has at most so many labels, and each pointer leads to one: where more are followed, the reply is none of ours. */
const MAX_LABELS = 128;
/** What is put in front of a hash, so that no name of one class is taken for the same name of another. */
const CLASS = { error: 1, denial: 2, referral: 3, empty: 4, answer: 5 } as const;

/**
 * Gives 32 bits for what a reply says, equal for replies that are alike to whoever gets them. Errors are all alike; denials are
 * where the SOA is the same, so that made-up names count as one; referrals where the zone cut is. An answer is its name and
 * type, one without data its name alone. `seed` is a hash of who gets it.
 */
export function replyClass(seed: number, reply: Uint8Array): number {
  const rcode = rcodeIn(reply);
  const questions = u16(reply, 4);
  if (questions !== 1 || (rcode !== Rcodes.NOERROR && rcode !== Rcodes.NXDOMAIN)) return mix(seed, CLASS.error);
  const nameEnd = endOfName(reply, HEADER_OCTETS);
  if (rcode === Rcodes.NXDOMAIN) return hashName(mix(seed, CLASS.denial), reply, firstAuthority(reply, nameEnd));
  if (u16(reply, ANSWER_COUNT_OFFSET) > 0) {
    const hash = hashName(mix(seed, CLASS.answer), reply, HEADER_OCTETS);
    return mix(mix(hash, reply[nameEnd] ?? 0), reply[nameEnd + 1] ?? 0);
  }
  const authority = firstAuthority(reply, nameEnd);
  const isReferral = authority > 0 && u16(reply, endOfName(reply, authority)) === RecordTypes.NS;
  if (isReferral) return hashName(mix(seed, CLASS.referral), reply, authority);
  return hashName(mix(seed, CLASS.empty), reply, HEADER_OCTETS);
}

/** A step of FNV-1a. */
export function mix(hash: number, octet: number): number {
  return Math.imul(hash ^ octet, FNV_PRIME);
}

/** Where the owner of the first record of the authority section stands, or 0 where there is none. */
function firstAuthority(reply: Uint8Array, nameEnd: number): number {
  if (u16(reply, AUTHORITY_COUNT_OFFSET) === 0) return 0;
  let at = nameEnd + QUESTION_TAIL_OCTETS;
  for (let left = u16(reply, ANSWER_COUNT_OFFSET); left > 0; left--) {
    const end = endOfName(reply, at);
    at = end + RECORD_HEAD_OCTETS + u16(reply, end + RECORD_HEAD_OCTETS - 2);
    if (at >= reply.length) return 0;
  }
  return at;
}

/** One past a name, its pointer included. */
function endOfName(reply: Uint8Array, start: number): number {
  for (let at = start; at < reply.length; ) {
    const length = reply[at] ?? 0;
    if (length === 0) return at + 1;
    if ((length & POINTER) === POINTER) return at + 2;
    at += 1 + length;
  }
  return reply.length;
}

/** Hashes the labels of a name, letters folded (RFC 4343), wherever its pointers lead. Nothing is hashed of a name at 0. */
function hashName(seed: number, reply: Uint8Array, start: number): number {
  let hash = seed;
  let at = start;
  for (let labels = 0; at > 0 && labels < MAX_LABELS; labels++) {
    const length = reply[at] ?? 0;
    if (length === 0) break;
    if ((length & POINTER) === POINTER) {
      at = ((length & ~POINTER) << 8) | (reply[at + 1] ?? 0);
      continue;
    }
    for (let i = 0; i <= length; i++) {
      const octet = reply[at + i] ?? 0;
      hash = mix(hash, octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet);
    }
    at += 1 + length;
  }
  return hash;
}

/** Two octets; what is behind the end counts as 0. */
function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}
