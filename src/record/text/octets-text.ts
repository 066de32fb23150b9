/** Reads pairs of hexadecimal digits, in any case; `undefined` for other text. */
export function parseHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, "hex"));
}

/** Writes octets as hexadecimal digits, in capitals as tools print them. */
export function formatHex(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex").toUpperCase();
}

/** Reads base64 (RFC 4648 §4) strictly: padded, and no bits set that belong to no octet; `undefined` for other text. */
export function parseBase64(text: string): Uint8Array | undefined {
  const octets = Buffer.from(text, "base64");
  return octets.toString("base64") === text ? new Uint8Array(octets) : undefined;
}

/** Writes octets as padded base64. */
export function formatBase64(octets: Uint8Array): string {
  return Buffer.from(octets).toString("base64");
}

/** More digits than tools write without a blank. */
const WORD_DIGITS = 56;

/** Cuts digits that may be words anywhere into words of as many as tools write. */
export function splitDigits(text: string): string {
  const words: string[] = [];
  for (let at = 0; at < text.length; at += WORD_DIGITS) words.push(text.slice(at, at + WORD_DIGITS));
  return words.join(" ");
}

const BASE32HEX_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

/** Reads base32hex without padding (RFC 4648 §7), in any case and strictly; `undefined` for other text. */
export function parseBase32Hex(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const char of text.toUpperCase()) {
    const digit = BASE32HEX_DIGITS.indexOf(char);
    if (digit === -1) return undefined;
    held = ((held << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    octets[at++] = held >>> bits;
  }
  // What is left belongs to no octet: fewer bits than a digit has, all of them clear.
  return bits < 5 && (held & ((1 << bits) - 1)) === 0 ? octets : undefined;
}

/** Writes octets as base32hex without padding, in capitals. */
export function formatBase32Hex(octets: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const octet of octets) {
    held = ((held << 8) | octet) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32HEX_DIGITS.charAt((held >>> (bits - 5)) & 0x1f);
  }
  return bits === 0 ? text : text + BASE32HEX_DIGITS.charAt((held << (5 - bits)) & 0x1f);
}
