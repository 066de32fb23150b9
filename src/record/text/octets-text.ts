/** Reads pairs of hexadecimal digits, in any case; `undefined` for other text. */
export function parseHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** Writes octets as hexadecimal digits, in capitals as tools print them. */
export function formatHex(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex").toUpperCase();
}

/** Reads base64 (RFC 4648 §4) strictly: padded, and no bits set that belong to no octet; `undefined` for other text. */
export function parseBase64(text: string): Uint8Array | undefined {
  const octets = Buffer.from(text, "base64");
  return octets.toString("base64") === text ? Uint8Array.from(octets) : undefined;
}

/** Writes octets as padded base64. */
export function formatBase64(octets: Uint8Array): string {
  return Buffer.from(octets).toString("base64");
}
