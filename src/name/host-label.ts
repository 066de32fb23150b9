/** One label of letters, digits and hyphens (RFC 1123 §2.1), at most 63 octets; people also write underscores. */
const HOST_LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** Whether a text can be the first label of a machine's name. */
export function isHostLabel(text: string): boolean {
  return HOST_LABEL.test(text);
}
