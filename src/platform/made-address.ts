import { type Address, addressOf } from "../net/address.ts";

/** 198.18.0.0, the first of 198.18.0.0/15: for benchmarks, never routed (RFC 2544 §C.2.2). */
const FIRST = 0xc612_0000;
/** Host numbers of a /15, without the first and the last. */
const HOSTS = 2 ** 17 - 2;

/**
 * The public address of a member for whom nobody gave one: always the same for the same service key and member, whatever
 * else changes in the file. Two may fall on one address; a public front door has many names too.
 */
export function madeAddress(service: string, member: string): Address {
  const value = FIRST + 1 + (hash(`${service}\0${member}`) % HOSTS);
  return addressOf(Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff));
}

/** FNV-1a over UTF-16 units, mixed at the end so that short texts spread. */
function hash(text: string): number {
  let value = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x0100_0193);
  value = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2_ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
