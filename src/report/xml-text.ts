/** What XML 1.0 §2.2 lets no document hold, written as itself or as a reference: controls, halves of pairs, two that are no characters. */
const NO_CHARACTERS = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Text between tags. What XML cannot hold at all becomes U+FFFD: a report must be read, whatever is in a file. */
export function xmlText(text: string): string {
  return text
    .replace(NO_CHARACTERS, "\uFFFD")
    .replace(/[&<>]/g, (char) => (char === "&" ? "&amp;" : char === "<" ? "&lt;" : "&gt;"))
    .replaceAll("\r", "&#13;"); // A bare one would be read as a line feed (XML 1.0 §2.11).
}

/** Text between the double quotes of an attribute; line ends and tabs survive the normalization of values (XML 1.0 §3.3.3). */
export function xmlAttribute(text: string): string {
  return xmlText(text).replace(/["\n\t]/g, (char) => (char === '"' ? "&quot;" : char === "\n" ? "&#10;" : "&#9;"));
}
