/** Where reading goes on after a mistake that hides the end of its entry. */
import { parseSeconds } from "../record/text/number-text.ts";
import { classNumber, typeNumber } from "../record/type-names.ts";

/** The offset of the newline, CR or LF, that ends the line of `at`; the length of the text when it is the last line. */
export function endOfLine(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x0a || code === 0x0d) return end;
  }
  return text.length;
}

/** The start of the first line after the newline at `at` that begins an entry by the looks of it. */
export function nextEntry(text: string, at: number): number {
  let start = at + 1;
  while (start < text.length && !looksLikeEntry(text, start)) start = endOfLine(text, start) + 1;
  return Math.min(start, text.length);
}

/**
 * Where reading goes on after a line with a string that it did not close; `at` is the start of the next line.
 *
 * When the string was meant to go on over lines, they are skipped up to the one that closes it; a line that begins an
 * entry, or that has strings of its own, says that the quote was just forgotten. No line is looked at twice from here:
 * the search ends at the next line with a quote.
 */
export function endOfBrokenString(text: string, at: number): number {
  let start = at;
  while (start < text.length && !looksLikeEntry(text, start)) {
    const end = endOfLine(text, start);
    const quotes = countQuotes(text, start, end);
    if (quotes > 0) return quotes % 2 === 1 ? end : at;
    start = end + 1;
  }
  return at;
}

function countQuotes(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) count += 1;
  }
  return count;
}

/** More words than owner, TTL, class, type and one of rdata are not needed to know an entry. */
const WORDS = 5;

/** Whether the line at `start` is a directive, or has a type and rdata after what may stand before them. */
function looksLikeEntry(text: string, start: number): boolean {
  const words = firstWords(text, start);
  const first = text.charAt(start);
  if (words[0]?.startsWith("$") === true) return words.length > 1;
  let at = first === " " || first === "\t" ? 0 : 1;
  for (let word = words[at]; word !== undefined && isTtlOrClass(word); word = words[at]) at += 1;
  return typeNumber(words[at] ?? "") !== undefined && words.length > at + 1;
}

function isTtlOrClass(word: string): boolean {
  return parseSeconds(word) !== undefined || (classNumber(word) !== undefined && typeNumber(word) === undefined);
}

function firstWords(text: string, start: number): string[] {
  const words: string[] = [];
  let wordStart = -1;
  for (let at = start; at <= text.length && words.length < WORDS; at++) {
    const char = text.charAt(at); // Empty at the end of the text, which ends a word as a newline does.
    const ends = char === "" || char === "\n" || char === "\r" || char === ";";
    if (ends || char === " " || char === "\t") {
      if (wordStart !== -1) words.push(text.slice(wordStart, at));
      wordStart = -1;
      if (ends) break;
    } else if (wordStart === -1) {
      wordStart = at;
    }
  }
  return words;
}
