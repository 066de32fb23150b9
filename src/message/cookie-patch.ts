import { recordEnd } from "./count-down.ts";
import { type EdnsOption, OPT_OCTETS, OptionCodes } from "./edns.ts";
import { ADDITIONAL_COUNT_OFFSET, ANSWER_COUNT_OFFSET, AUTHORITY_COUNT_OFFSET } from "./header.ts";

/** An option's code and length. */
const OPTION_HEADER_OCTETS = 4;
/** Octets of OPT before the length of its options. */
const LENGTH_OFFSET = OPT_OCTETS - 2;

/** Where OPT, the last record of a reply that we wrote, starts; `questionEnd` is where its records begin. */
export function optStart(reply: Uint8Array, questionEnd: number): number {
  const counts = [ANSWER_COUNT_OFFSET, AUTHORITY_COUNT_OFFSET, ADDITIONAL_COUNT_OFFSET];
  const records = counts.reduce((sum, at) => sum + u16(reply, at), 0);
  let at = questionEnd;
  for (let left = records - 1; left > 0; left--) at = recordEnd(reply, at);
  return at;
}

/** A reply without the cookie in its OPT, which is the first of the options there; a copy where there is one. */
export function withoutCookie(reply: Uint8Array, optAt: number): Uint8Array {
  const optionsAt = optAt + OPT_OCTETS;
  if (u16(reply, optionsAt) !== OptionCodes.COOKIE) return reply;
  const gone = OPTION_HEADER_OCTETS + u16(reply, optionsAt + 2);
  const bare = new Uint8Array(reply.length - gone);
  bare.set(reply.subarray(0, optionsAt));
  bare.set(reply.subarray(optionsAt + gone), optionsAt);
  writeU16(bare, optAt + LENGTH_OFFSET, u16(reply, optAt + LENGTH_OFFSET) - gone);
  return bare;
}

/** Writes a reply with a cookie put in as the first option of its OPT; how many octets it has then. */
export function writeWithCookie(into: Uint8Array, reply: Uint8Array, optAt: number, cookie: EdnsOption): number {
  const optionsAt = optAt + OPT_OCTETS;
  const added = OPTION_HEADER_OCTETS + cookie.octets.length;
  into.set(reply);
  into.copyWithin(optionsAt + added, optionsAt, reply.length);
  writeU16(into, optAt + LENGTH_OFFSET, u16(reply, optAt + LENGTH_OFFSET) + added);
  writeU16(into, optionsAt, cookie.code);
  writeU16(into, optionsAt + 2, cookie.octets.length);
  into.set(cookie.octets, optionsAt + OPTION_HEADER_OCTETS);
  return reply.length + added;
}

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function writeU16(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 8;
  octets[at + 1] = value;
}
