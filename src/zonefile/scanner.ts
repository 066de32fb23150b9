import type { RdataToken } from "../record/rdata-token.ts";
import { endOfBrokenString, endOfLine, nextEntry } from "./_recovery.ts";

/** A word or a quoted string of an entry. Offsets count chars of the input, quotes included, `end` excluded. */
export interface Token extends RdataToken {
  readonly start: number;
  readonly end: number;
}

/** What is wrong with an entry before its words are looked at. */
export interface Fault {
  readonly kind: "stray-parenthesis" | "unclosed-parenthesis" | "unclosed-quote" | "nul" | "too-many-words";
  readonly start: number;
  readonly end: number;
}

/** The most words an entry keeps: rdata has at most 65535 octets, so no record needs as many. */
const MAX_WORDS = 70_000;

const ORDINARY = 0;
const BLANK = 1;
const NEWLINE = 2;
const COMMENT = 3;
const QUOTE = 4;
const OPEN = 5;
const CLOSE = 6;
const ESCAPE = 7;
const NUL = 8;

/** What each char up to U+00FF means to the scanner; those above are ordinary. */
const KINDS = kinds();

/**
 * A cursor over the entries of a zone file (RFC 1035 §5.1): lines, or more where parentheses hold them together.
 *
 * Any text is read to its end in linear time; what is wrong with an entry stands in `faults`, and the next entry is read
 * as if nothing had happened. Escapes are kept for whoever knows what a word stands for.
 */
export class Scanner {
  /** The words of the current entry; the array is used again for the next one. */
  readonly tokens: Token[] = [];
  /** At most one of each kind, in no order; used again like `tokens`. */
  readonly faults: Fault[] = [];
  /** Whether the current entry begins with a blank or tab, so that its owner is left out. */
  indented = false;

  private readonly text: string;
  private at: number;
  private readonly opens: number[] = [];
  /**
   * Parentheses that nothing closes up to the end of the text, known from the first entry that ran into it. Quotes and
   * comments end with their line, so which ones they are does not depend on where reading starts; without this memory
   * a file of opening parentheses would be read to its end once for each.
   */
  private unclosed: ReadonlySet<number> | undefined;

  constructor(text: string) {
    this.text = text;
    this.at = afterByteOrderMark(text);
  }

  /** Reads the next entry that has a word or a fault; `false` at the end of the text. */
  next(): boolean {
    this.tokens.length = 0;
    if (this.faults.length > 0) this.faults.length = 0;
    while (this.at < this.text.length) {
      this.indented = KINDS[this.text.charCodeAt(this.at)] === BLANK;
      this.readEntry();
      if (this.tokens.length > 0 || this.faults.length > 0) return true;
    }
    return false;
  }

  private readEntry(): void {
    const { text, opens } = this;
    let at = this.at;
    if (opens.length > 0) opens.length = 0;
    while (at < text.length) {
      switch (KINDS[text.charCodeAt(at)] ?? ORDINARY) {
        case BLANK:
          at += 1;
          break;
        case NEWLINE:
          if (opens.length === 0) {
            this.at = this.afterEntry(at);
            return;
          }
          at += 1;
          break;
        case COMMENT:
          at = endOfLine(text, at);
          break;
        case QUOTE:
          at = this.readQuoted(at);
          break;
        case OPEN:
          opens.push(at);
          at = this.unclosed?.has(at) === true ? text.length : at + 1;
          break;
        case CLOSE:
          if (opens.pop() === undefined) this.fault("stray-parenthesis", at, at + 1);
          at += 1;
          break;
        default:
          at = this.readWord(at);
      }
    }
    this.at = at;
    const [open] = opens;
    if (open !== undefined) this.recoverFrom(open);
  }

  /** Where the next entry starts, the newline at `at` being the end of this one. */
  private afterEntry(at: number): number {
    const next = this.text.startsWith("\r\n", at) ? at + 2 : at + 1;
    if (this.faults.length === 0 || !this.hasFault("unclosed-quote")) return next;
    return endOfBrokenString(this.text, next);
  }

  /** Gives back what was read after a parenthesis that nothing closes, from the next line that begins an entry. */
  private recoverFrom(open: number): void {
    this.unclosed ??= new Set(this.opens);
    this.at = nextEntry(this.text, endOfLine(this.text, open));
    const { at, tokens, faults } = this;
    tokens.splice(0, tokens.length, ...tokens.filter((token) => token.end <= open));
    faults.splice(0, faults.length, ...faults.filter((fault) => fault.end <= at && fault.kind !== "too-many-words"));
    // A string that lost its closing quote took the closing parenthesis with it: one mistake, one fault.
    if (!this.hasFault("unclosed-quote")) this.fault("unclosed-parenthesis", open, open + 1);
  }

  private readWord(start: number): number {
    const { text } = this;
    let at = start;
    for (; at < text.length; at++) {
      const kind = KINDS[text.charCodeAt(at)] ?? ORDINARY;
      if (kind === ORDINARY) continue;
      if (kind === ESCAPE) {
        if (KINDS[text.charCodeAt(at + 1)] !== NEWLINE && at + 1 < text.length) at += 1;
      } else if (kind === NUL) {
        this.fault("nul", at, at + 1);
      } else {
        break;
      }
    }
    this.push(text.slice(start, at), false, start, at);
    return at;
  }

  private readQuoted(start: number): number {
    const { text } = this;
    let at = start + 1;
    for (; at < text.length; at++) {
      const kind = KINDS[text.charCodeAt(at)] ?? ORDINARY;
      if (kind === QUOTE) {
        this.push(text.slice(start + 1, at), true, start, at + 1);
        return at + 1;
      }
      if (kind === NEWLINE) break;
      if (kind === NUL) this.fault("nul", at, at + 1);
      else if (kind === ESCAPE && KINDS[text.charCodeAt(at + 1)] !== NEWLINE && at + 1 < text.length) at += 1;
    }
    this.fault("unclosed-quote", start, at);
    this.push(text.slice(start + 1, at), true, start, at);
    return at;
  }

  private push(text: string, quoted: boolean, start: number, end: number): void {
    if (this.tokens.length < MAX_WORDS) this.tokens.push({ text, quoted, start, end });
    else this.fault("too-many-words", start, end);
  }

  private fault(kind: Fault["kind"], start: number, end: number): void {
    if (!this.hasFault(kind)) this.faults.push({ kind, start, end });
  }

  private hasFault(kind: Fault["kind"]): boolean {
    return this.faults.some((fault) => fault.kind === kind);
  }
}

/** U+FEFF, or its three octets. */
function afterByteOrderMark(text: string): number {
  if (text.startsWith("\uFEFF")) return 1;
  return text.startsWith("\u00EF\u00BB\u00BF") ? 3 : 0;
}

function kinds(): Uint8Array {
  const table = new Uint8Array(256);
  const meanings = [
    [" \t", BLANK],
    ["\n\r", NEWLINE],
    [";", COMMENT],
    ['"', QUOTE],
    ["(", OPEN],
    [")", CLOSE],
    ["\\", ESCAPE],
    ["\0", NUL],
  ] as const;
  for (const [chars, kind] of meanings) for (const char of chars) table[char.charCodeAt(0)] = kind;
  return table;
}
