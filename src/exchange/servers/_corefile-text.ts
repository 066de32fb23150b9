import type { SourceFile, SourceSpan } from "../../source/source-file.ts";
import type { ReadWith, TextFault } from "./server-files.ts";

/** One line of a Corefile, with the lines of its block. */
export interface CoreLine {
  readonly words: readonly string[];
  /** Absent: it has none. */
  readonly block?: readonly CoreLine[];
  /** Its own words. */
  readonly span: SourceSpan;
}

interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
  /** Whether a line ends in front of it. */
  readonly startsLine: boolean;
}

/** Blocks in blocks; Corefiles have three. */
const MAX_DEPTH = 50;

/**
 * Reads the grammar of a Corefile: lines of words, blocks in braces at the ends of lines, quotes, comments. A line that ends
 * in a backslash goes on, as does one that ends in a comma. Any text gives lines; what breaks the grammar is told.
 */
export function readCoreText(file: SourceFile): ReadWith<readonly CoreLine[]> {
  const faults: TextFault[] = [];
  const words = wordsOf(file, faults);
  const lines = new LineReader(file, words, faults).lines(0);
  return { read: lines, faults };
}

const TOKEN = /(\r?\n)|(\\\r?\n)|(#[^\n]*)|"((?:[^"\\]|\\[^])*)"|[^\s]+|[^\S\n]+/y;

function wordsOf(file: SourceFile, faults: TextFault[]): Word[] {
  const text = file.text ?? "";
  const words: Word[] = [];
  let startsLine = true;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length; ) {
    const start = TOKEN.lastIndex;
    const [found = "", newline, continued, comment, quoted] = TOKEN.exec(text) ?? [];
    if (found === "") break;
    const end = start + found.length;
    if (newline !== undefined)
      startsLine = words.at(-1)?.text.endsWith(",") !== true || words.at(-1)?.isQuoted === true;
    else if (continued === undefined && comment === undefined && found.trim() !== "") {
      if (found === '"' || (found.startsWith('"') && quoted === undefined))
        faults.push({ span: { file, start, end: start + 1 }, message: "this string is not closed" });
      words.push({
        text: quoted?.replace(/\\(["\\])/g, "$1") ?? found,
        isQuoted: quoted !== undefined,
        start,
        end,
        startsLine,
      });
      startsLine = false;
    }
  }
  return words;
}

/** A cursor over the words. */
class LineReader {
  private readonly file: SourceFile;
  private readonly words: readonly Word[];
  private readonly faults: TextFault[];
  private at = 0;

  constructor(file: SourceFile, words: readonly Word[], faults: TextFault[]) {
    this.file = file;
    this.words = words;
    this.faults = faults;
  }

  /** Lines up to the brace that ends them, or to the end of the file. */
  lines(depth: number): CoreLine[] {
    const found: CoreLine[] = [];
    for (;;) {
      const word = this.words[this.at];
      if (word === undefined) return found;
      if (isSign(word, "}")) {
        if (depth > 0) return found;
        this.fault(word, "this brace closes nothing");
        this.at += 1;
        continue;
      }
      found.push(this.line(depth));
    }
  }

  private line(depth: number): CoreLine {
    const texts: string[] = [];
    const start = this.words[this.at]?.start ?? 0;
    let end = start;
    for (let word = this.words[this.at]; word !== undefined; word = this.words[this.at]) {
      if ((texts.length > 0 && word.startsLine) || isSign(word, "}")) break;
      this.at += 1;
      if (isSign(word, "{")) {
        const span = { file: this.file, start, end: Math.max(end, start + 1) };
        return { words: texts, block: this.block(word, depth), span };
      }
      texts.push(word.text);
      end = word.end;
    }
    return { words: texts, span: { file: this.file, start, end } };
  }

  private block(open: Word, depth: number): readonly CoreLine[] {
    if (depth >= MAX_DEPTH) {
      this.fault(open, `blocks are nested more than ${MAX_DEPTH} levels deep`);
      this.at = this.words.length;
      return [];
    }
    const lines = this.lines(depth + 1);
    if (this.words[this.at] === undefined) this.fault(open, "this brace is not closed");
    else this.at += 1;
    return lines;
  }

  private fault({ start, end }: Word, message: string): void {
    this.faults.push({ span: { file: this.file, start, end }, message });
  }
}

function isSign(word: Word, sign: "{" | "}"): boolean {
  return !word.isQuoted && word.text === sign;
}
