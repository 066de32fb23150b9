import { ANSWER_COUNT_OFFSET, AUTHORITY_COUNT_OFFSET } from "./header.ts";

const POINTER = 0b1100_0000;
/** Type and class stand before a TTL. */
const BEFORE_TTL = 4;
/** TTL and the length of the rdata. */
const TTL_AND_LENGTH = 6;

/**
 * Takes seconds from the TTLs of a reply's answers and authorities, in place, none below 0. The reply is one that we wrote;
 * `questionEnd` is where its records begin.
 */
export function countDown(reply: Uint8Array, questionEnd: number, seconds: number): void {
  if (seconds <= 0) return;
  let at = questionEnd;
  for (let left = u16(reply, ANSWER_COUNT_OFFSET) + u16(reply, AUTHORITY_COUNT_OFFSET); left > 0; left--) {
    at = endOfName(reply, at) + BEFORE_TTL;
    const ttl = u16(reply, at) * 0x1_0000 + u16(reply, at + 2);
    const rest = Math.max(0, ttl - seconds);
    reply[at] = rest >>> 24;
    reply[at + 1] = rest >>> 16;
    reply[at + 2] = rest >>> 8;
    reply[at + 3] = rest;
    at += TTL_AND_LENGTH + u16(reply, at + 4);
  }
}

/** One past a record of a reply that we wrote. */
export function recordEnd(reply: Uint8Array, start: number): number {
  const lengthAt = endOfName(reply, start) + BEFORE_TTL + TTL_AND_LENGTH - 2;
  return lengthAt + 2 + u16(reply, lengthAt);
}

function endOfName(octets: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = octets[at] ?? 0;
    if (length === 0) return at + 1;
    if (length >= POINTER) return at + 2;
    at += 1 + length;
  }
}

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}
