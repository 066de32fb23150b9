import { isUtf8 } from "node:buffer";
import { readEscape } from "../../name/name-text.ts";

/**
 * What chars stand for. `octets`: one octet each, those above U+00FF their UTF-8 octets. `unicode`: ASCII for itself, all
 * others for their UTF-8 octets.
 */
export type TextEncoding = "octets" | "unicode";

/** What a string that cannot be read does wrong, in words that fit after the string. */
export type StringProblem = { readonly kind: "problem"; readonly problem: string };

/** The octets that a string's raw text stands for, one char each: `\X` and `\DDD` resolved (RFC 1035 §5.1). */
export function unescapeText(
  text: string,
  encoding: TextEncoding,
): { readonly kind: "octets"; readonly octets: string } | StringProblem {
  const firstWide = firstWideChar(encoding);
  if (isPlain(text, firstWide)) return { kind: "octets", octets: text };
  let octets = "";
  for (let at = 0; at < text.length; ) {
    if (text.charCodeAt(at) === 0x5c) {
      const escape = readEscape(text, at, encoding);
      if (typeof escape === "string") return { kind: "problem", problem: escape };
      octets += escape.octet;
      at = escape.next;
    } else {
      const point = text.codePointAt(at) ?? 0;
      octets += point < firstWide ? text.charAt(at) : utf8Octets(point);
      at += point > 0xffff ? 2 : 1;
    }
  }
  return { kind: "octets", octets };
}

/** The first char that does not stand for one octet. */
export function firstWideChar(encoding: TextEncoding): number {
  return encoding === "octets" ? 0x100 : 0x80;
}

function isPlain(text: string, firstWide: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c || code >= firstWide) return false;
  }
  return true;
}

function utf8Octets(point: number): string {
  return octetText(new TextEncoder().encode(String.fromCodePoint(point)));
}

/** Writes octets, one per char, as a quoted string: `"` and `\` escaped, what is not printable ASCII as `\DDD`. */
export function quoteOctets(octets: string): string {
  let text = '"';
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i);
    if (code < 0x20 || code >= 0x7f) text += `\\${String(code).padStart(3, "0")}`;
    else if (code === 0x22 || code === 0x5c) text += `\\${octets.charAt(i)}`;
    else text += octets.charAt(i);
  }
  return `${text}"`;
}

/** Octets as text of one char each. */
export function octetText(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

/** More chars of the user's text than this help nobody in a sentence. */
const MAX_SHOWN = 60;

/** Quotes what the user wrote for a sentence: cut when long, octets that are UTF-8 shown as the text they are. */
export function showText(text: string): string {
  const readable = escapeControls(utf8Text(text));
  return `"${readable.length > MAX_SHOWN ? `${readable.slice(0, MAX_SHOWN)}…` : readable}"`;
}

function escapeControls(text: string): string {
  let escaped = "";
  for (const char of text) {
    const code = char.charCodeAt(0);
    const isControl = code < 0x20 || (code >= 0x7f && code <= 0x9f);
    escaped += isControl ? `\\${String(code).padStart(3, "0")}` : char;
  }
  return escaped;
}

function utf8Text(text: string): string {
  const octets = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const isOctets = octetText(octets) === text; // Else there are chars above U+00FF: it is text already.
  return isOctets && isUtf8(octets) ? new TextDecoder().decode(octets) : text;
}
