import { SIPHASH_KEY_OCTETS, writeSiphash } from "./_siphash.ts";
import { type EdnsOption, OptionCodes } from "./edns.ts";

/** Octets of what a client makes up for each server (RFC 7873 §4). */
export const CLIENT_COOKIE_OCTETS = 8;
/** Octets of a server cookie as RFC 9018 §4 makes it; others make them of 8 to 32. */
const SERVER_COOKIE_OCTETS = 16;
const MIN_SERVER_COOKIE_OCTETS = 8;
const MAX_SERVER_COOKIE_OCTETS = 32;
/** Where things stand in a cookie, counted from the start of the option. */
const VERSION_OFFSET = CLIENT_COOKIE_OCTETS;
const TIMESTAMP_OFFSET = CLIENT_COOKIE_OCTETS + 4;
const HASH_OFFSET = CLIENT_COOKIE_OCTETS + 8;
/** The only version there is (RFC 9018 §4.1). */
const COOKIE_VERSION = 1;
/** Seconds, RFC 9018 §4.3: how old a cookie may be, how far ahead of our clock, and from when on it is renewed. */
const MAX_AGE = 3600;
const MAX_AHEAD = 300;
const RENEWED_FROM = 1800;

/**
 * What server cookies are made with. Plain data: threads that answer at one address share it, and so may servers.
 * A secret has 16 octets.
 */
export interface CookieSecrets {
  readonly current: Uint8Array;
  /** The one before, whose cookies are still known (RFC 9018 §5). */
  readonly previous?: Uint8Array;
}

/** Secrets with a new one, the former one being known a while longer. */
export function rotateSecrets({ current: previous }: CookieSecrets, current: Uint8Array): CookieSecrets {
  return { current, previous };
}

/** Octets of a secret. */
export const SECRET_OCTETS = SIPHASH_KEY_OCTETS;

/** What a server knows when it reads and makes cookies. */
export interface CookieMaker {
  readonly secrets: CookieSecrets;
  /** 4 or 16 octets of the address that the query came from: never those of a client subnet (RFC 9018 §4). */
  readonly address: Uint8Array;
  /** Seconds since 1970. */
  readonly seconds: number;
}

/** Whether octets may be a cookie: the client's alone, or with a server's behind it (RFC 7873 §5.2.2). */
export function isCookie({ length }: { readonly length: number }): boolean {
  const server = length - CLIENT_COOKIE_OCTETS;
  return server === 0 || (server >= MIN_SERVER_COOKIE_OCTETS && server <= MAX_SERVER_COOKIE_OCTETS);
}

/**
 * Whose the server cookie is that a client sent: there is none, we made it for this client a while ago, or it is none of
 * ours: too old, forged, made for another address, or by another server.
 */
export type CookieStanding = "client-alone" | "ours" | "foreign";

/** Judges a cookie. Only one that is `ours` proves that the client gets what is sent to its address. */
export function judgeCookie(cookie: Uint8Array, maker: CookieMaker): CookieStanding {
  if (cookie.length === CLIENT_COOKIE_OCTETS) return "client-alone";
  const { current, previous } = maker.secrets;
  const isOurs = isMadeWith(current, cookie, maker) || (previous !== undefined && isMadeWith(previous, cookie, maker));
  return isOurs ? "ours" : "foreign";
}

/**
 * The cookie of a reply: the client's part as it came, and a server cookie. That is the client's own while it is good for
 * another half an hour, else a new one (RFC 9018 §4.3).
 */
export function cookieOption(cookie: Uint8Array, maker: CookieMaker): EdnsOption {
  const { secrets, seconds } = maker;
  const isGood = isMadeWith(secrets.current, cookie, maker) && ageOf(cookie, seconds) < RENEWED_FROM;
  return { code: OptionCodes.COOKIE, octets: isGood ? cookie : newCookie(cookie, maker) };
}

function newCookie(cookie: Uint8Array, { secrets, address, seconds }: CookieMaker): Uint8Array {
  const octets = new Uint8Array(CLIENT_COOKIE_OCTETS + SERVER_COOKIE_OCTETS);
  octets.set(cookie.subarray(0, CLIENT_COOKIE_OCTETS));
  octets[VERSION_OFFSET] = COOKIE_VERSION; // The three octets behind it are 0 (RFC 9018 §4.2).
  for (let i = 0; i < 4; i++) octets[TIMESTAMP_OFFSET + i] = seconds >>> (24 - 8 * i);
  writeHash(octets, secrets.current, address, octets);
  return octets;
}

/** Whether a cookie was made with the secret for the address, at a time that still counts. */
function isMadeWith(secret: Uint8Array, cookie: Uint8Array, { address, seconds }: CookieMaker): boolean {
  if (cookie.length !== CLIENT_COOKIE_OCTETS + SERVER_COOKIE_OCTETS) return false;
  if (cookie[VERSION_OFFSET] !== COOKIE_VERSION) return false;
  const age = ageOf(cookie, seconds);
  if (age > MAX_AGE || age < -MAX_AHEAD) return false;
  const expected = new Uint8Array(cookie); // `slice()` of a Buffer would be the cookie itself.
  writeHash(cookie, secret, address, expected);
  // As long for a hash that is nearly right as for one that is all wrong.
  let differences = 0;
  for (let i = HASH_OFFSET; i < cookie.length; i++) differences |= (cookie[i] ?? 0) ^ (expected[i] ?? 0);
  return differences === 0;
}

/** Seconds since a cookie was made, negative for one of the future: serial numbers of 32 bits (RFC 9018 §4.3, RFC 1982). */
function ageOf(cookie: Uint8Array, seconds: number): number {
  let timestamp = 0;
  for (let i = 0; i < 4; i++) timestamp = (timestamp << 8) | (cookie[TIMESTAMP_OFFSET + i] ?? 0);
  return (seconds - timestamp) | 0;
}

/** What is hashed: the cookie up to its hash, the three reserved octets as they are, then the address (RFC 9018 §4.4). */
const hashed = new Uint8Array(HASH_OFFSET + 16);

function writeHash(cookie: Uint8Array, secret: Uint8Array, address: Uint8Array, into: Uint8Array): void {
  hashed.set(cookie.subarray(0, HASH_OFFSET));
  hashed.set(address, HASH_OFFSET);
  writeSiphash(secret, hashed.subarray(0, HASH_OFFSET + address.length), into, HASH_OFFSET);
}
