/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of few octets that nobody forges without the key. 64-bit words
 * are kept as two halves of 32 bits, low half first: integers of 64 bits would be objects, one for each step.
 */

/** Octets of a key, and of a hash. */
export const SIPHASH_KEY_OCTETS = 16;
export const SIPHASH_OCTETS = 8;

/** What the key is mixed with: `somepseudorandomlygeneratedbytes`, as words of 32 bits. */
const START = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462] as const;

/** The words v0 to v3, by where their low halves stand. */
const V0 = 0;
const V1 = 2;
const V2 = 4;
const V3 = 6;

/** Reused from call to call: nothing of one is left when the next begins. */
const state = new Uint32Array(START.length);

/** Writes the hash of `message` under a key of 16 octets into eight octets of `into`, from `at` on. */
export function writeSiphash(key: Uint8Array, message: Uint8Array, into: Uint8Array, at: number): void {
  for (let i = 0; i < START.length; i++) state[i] = (START[i] ?? 0) ^ word32(key, (i % 4) * 4);
  const whole = message.length - (message.length % 8);
  for (let offset = 0; offset < whole; offset += 8) compress(word32(message, offset), word32(message, offset + 4));
  // The last word holds what is left, and the length in its highest octet.
  compress(word32(message, whole), word32(message, whole + 4) | ((message.length & 0xff) << 24));
  state[V2] = half(V2) ^ 0xff;
  for (let rounds = 4; rounds > 0; rounds--) mix();
  const low = half(V0) ^ half(V1) ^ half(V2) ^ half(V3);
  const high = half(V0 + 1) ^ half(V1 + 1) ^ half(V2 + 1) ^ half(V3 + 1);
  for (let i = 0; i < 4; i++) {
    into[at + i] = low >>> (8 * i);
    into[at + 4 + i] = high >>> (8 * i);
  }
}

/** Four octets, the lowest first; those behind the end are 0. */
function word32(octets: Uint8Array, at: number): number {
  const octet = (i: number): number => octets[at + i] ?? 0;
  return octet(0) | (octet(1) << 8) | (octet(2) << 16) | (octet(3) << 24);
}

function half(at: number): number {
  return state[at] ?? 0;
}

/** Takes one word of the message in, with two rounds. */
function compress(low: number, high: number): void {
  state[V3] = half(V3) ^ low;
  state[V3 + 1] = half(V3 + 1) ^ high;
  mix();
  mix();
  state[V0] = half(V0) ^ low;
  state[V0 + 1] = half(V0 + 1) ^ high;
}

/** One round. */
function mix(): void {
  add(V0, V1);
  turnAndMix(V1, 13, V0);
  swapHalves(V0);
  add(V2, V3);
  turnAndMix(V3, 16, V2);
  add(V0, V3);
  turnAndMix(V3, 21, V0);
  add(V2, V1);
  turnAndMix(V1, 17, V2);
  swapHalves(V2);
}

/** Adds a word to another. */
function add(to: number, word: number): void {
  const low = half(to) + half(word);
  state[to] = low;
  state[to + 1] = half(to + 1) + half(word + 1) + (low > 0xffff_ffff ? 1 : 0);
}

/** Turns a word to the left by fewer than 32 bits, then mixes another into it. */
function turnAndMix(to: number, bits: number, word: number): void {
  const low = half(to);
  const high = half(to + 1);
  state[to] = ((low << bits) | (high >>> (32 - bits))) ^ half(word);
  state[to + 1] = ((high << bits) | (low >>> (32 - bits))) ^ half(word + 1);
}

/** Turns a word by 32 bits. */
function swapHalves(at: number): void {
  const low = half(at);
  state[at] = half(at + 1);
  state[at + 1] = low;
}
