import { positionOf, type SourceFile, type SourceSpan } from "../../source/source-file.ts";
import type { Value } from "./value.ts";

/** What a text says as JSON. */
export type ReadJson =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "problem"; readonly message: string };

/** Estates nest some ten levels; a template in a template in a template thirty. */
const MAX_DEPTH = 256;

/**
 * Reads JSON (RFC 8259) with the place of each value. Comments are passed over, as deployment templates have them; so is
 * a byte-order mark. Any text gives a value or a sentence with its position.
 */
export function readJson(file: SourceFile): ReadJson {
  const reader = new JsonReader(file);
  try {
    return { kind: "value", value: reader.document() };
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    const { line, column } = positionOf({ file, start: fault.at, end: fault.at });
    return { kind: "problem", message: `${file.path}:${line}:${column}: this is no JSON: ${fault.message}` };
  }
}

/** Thrown inside this file only, and caught above. */
class JsonFault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const SPACE = /(?:[ \t\r\n\ufeff]+|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z_]+/y;
/** Templates may have strings of several lines: line endings in them stand for themselves. */
const PLAIN = /[^"\\]*/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** A cursor over the text. */
class JsonReader {
  private readonly file: SourceFile;
  private readonly text: string;
  private at = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.text = file.text ?? "";
  }

  document(): Value {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw new JsonFault("something stands behind the end of its value", this.at);
    return value;
  }

  private value(depth: number): Value {
    this.space();
    const start = this.at;
    if (depth > MAX_DEPTH) throw new JsonFault(`values are nested more than ${MAX_DEPTH} levels deep`, start);
    switch (this.text[start]) {
      case undefined:
        throw new JsonFault("it ends where a value is expected", start);
      case "{":
        return this.map(depth);
      case "[":
        return this.list(depth);
      case '"': {
        const text = this.string();
        return { kind: "text", text, span: this.span(start) };
      }
      default:
        return this.scalar(start);
    }
  }

  private scalar(start: number): Value {
    const digits = this.take(NUMBER);
    if (digits !== "") return { kind: "number", number: Number.parseFloat(digits), span: this.span(start) };
    const word = this.take(WORD);
    const span = this.span(start);
    if (word === "true" || word === "false") return { kind: "boolean", is: word === "true", span };
    if (word === "null") return { kind: "null", span };
    throw new JsonFault(`a value is expected, found ${word === "" ? shown(this.text, start) : word}`, start);
  }

  private list(depth: number): Value {
    const start = this.at++;
    const items: Value[] = [];
    while (!this.endsWith("]", items.length > 0)) items.push(this.value(depth + 1));
    return { kind: "list", items, span: this.span(start) };
  }

  private map(depth: number): Value {
    const start = this.at++;
    const entries = new Map<string, Value>();
    let isLater = false;
    while (!this.endsWith("}", isLater)) {
      isLater = true;
      this.space();
      if (this.text[this.at] !== '"')
        throw new JsonFault(`a key in quotes is expected, found ${shown(this.text, this.at)}`, this.at);
      const key = this.string();
      this.space();
      if (this.text[this.at] !== ":") throw new JsonFault(`a colon is expected behind the key ${key}`, this.at);
      this.at += 1;
      entries.set(key, this.value(depth + 1));
    }
    return { kind: "map", entries, span: this.span(start) };
  }

  /** Passes over a comma, or the end; says whether it was the end. A comma before the end is let pass, as editors do. */
  private endsWith(end: string, isLater: boolean): boolean {
    this.space();
    if (this.text[this.at] === end) {
      this.at += 1;
      return true;
    }
    if (!isLater) return false;
    if (this.text[this.at] !== ",")
      throw new JsonFault(`a comma or ${end} is expected, found ${shown(this.text, this.at)}`, this.at);
    this.at += 1;
    this.space();
    if (this.text[this.at] !== end) return false;
    this.at += 1;
    return true;
  }

  private string(): string {
    const start = this.at++;
    let text = "";
    for (;;) {
      text += this.take(PLAIN);
      const char = this.text[this.at];
      if (char === '"') {
        this.at += 1;
        return text;
      }
      if (char === undefined) throw new JsonFault("the string that begins here does not end", start);
      text += this.escape();
    }
  }

  private escape(): string {
    const start = this.at;
    const char = this.text[start + 1] ?? "";
    const hex = char === "u" ? /^[0-9a-fA-F]{4}$/.exec(this.text.slice(start + 2, start + 6))?.[0] : undefined;
    const plain = hex === undefined ? ESCAPES.get(char) : String.fromCharCode(Number.parseInt(hex, 16));
    if (plain === undefined) throw new JsonFault(`\\${char} is no escape`, start);
    this.at += hex === undefined ? 2 : 6;
    return plain;
  }

  private space(): void {
    this.take(SPACE);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private span(start: number): SourceSpan {
    return { file: this.file, start, end: this.at };
  }
}

function shown(text: string, at: number): string {
  const char = text[at];
  if (char === undefined) return "the end";
  return char < " " || char > "~" ? "something else than text" : char;
}
