import type { SourceFile, SourceSpan } from "../../source/source-file.ts";
import type { ReadWith, TextFault } from "./server-files.ts";

/** One statement of a `named.conf`: words and blocks up to its semicolon. */
export interface NamedStatement {
  readonly parts: readonly NamedPart[];
  /** From its first sign to its semicolon. */
  readonly span: SourceSpan;
}

export type NamedPart =
  | { readonly kind: "word"; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: "block"; readonly statements: readonly NamedStatement[] };

/** Blocks in blocks; files of people have five. */
const MAX_DEPTH = 50;

/** The words of a statement, blocks left out. */
export function wordsOf({ parts }: NamedStatement): readonly string[] {
  return parts.flatMap((part) => (part.kind === "word" ? [part.text] : []));
}

/** The statements of its first block; `undefined` where it has none. */
export function blockOf({ parts }: NamedStatement): readonly NamedStatement[] | undefined {
  const block = parts.find((part) => part.kind === "block");
  return block?.kind === "block" ? block.statements : undefined;
}

/**
 * Reads the grammar of `named.conf`: statements with semicolons, blocks in braces, strings, comments as in C, C++ and shell.
 * Any text gives statements; what breaks the grammar is told, and reading goes on behind it.
 */
export function readNamedText(file: SourceFile): ReadWith<readonly NamedStatement[]> {
  const reader = new NamedReader(file);
  return { read: reader.statements(0), faults: reader.faults };
}

const SPACE = /(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const STRING = /"((?:[^"\\]|\\[^])*)"/y;
/** A `!` is a word of its own: it may stand beside its address, or apart. */
const WORD = /!|(?:(?!\/\*)[^\s"{};!])+/y;

/** A cursor over the text. */
class NamedReader {
  readonly faults: TextFault[] = [];
  private readonly file: SourceFile;
  private readonly text: string;
  private at = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.text = file.text ?? "";
  }

  /** Statements up to the brace that ends them, or to the end of the file. */
  statements(depth: number): NamedStatement[] {
    const found: NamedStatement[] = [];
    for (;;) {
      this.space();
      const sign = this.text[this.at];
      if (sign === undefined) return found;
      if (sign === "}") {
        if (depth > 0) return found;
        this.fault(this.at, "this brace closes nothing");
        this.at += 1;
        continue;
      }
      if (sign === ";") {
        this.at += 1; // An empty statement, as behind an included file.
        continue;
      }
      found.push(this.statement(depth));
    }
  }

  private statement(depth: number): NamedStatement {
    const start = this.at;
    const parts: NamedPart[] = [];
    for (;;) {
      this.space();
      const end = this.at;
      const sign = this.text[end];
      if (sign === ";") {
        this.at += 1;
        return { parts, span: this.span(start, end) };
      }
      if (sign === undefined || sign === "}") {
        this.fault(start, "this statement lacks its semicolon");
        return { parts, span: this.span(start, end) };
      }
      const part = this.part(sign, depth);
      if (part !== undefined) parts.push(part);
    }
  }

  private part(sign: string, depth: number): NamedPart | undefined {
    const start = this.at;
    if (sign === "{") {
      if (depth >= MAX_DEPTH) {
        this.fault(start, `blocks are nested more than ${MAX_DEPTH} levels deep`);
        this.at = this.text.length;
        return undefined;
      }
      this.at += 1;
      const statements = this.statements(depth + 1);
      if (this.text[this.at] === "}") this.at += 1;
      else this.fault(start, "this brace is not closed");
      return { kind: "block", statements };
    }
    if (sign === '"') {
      const text = this.match(STRING);
      if (text !== undefined)
        return { kind: "word", text: text.slice(1, -1).replace(/\\([^])/g, "$1"), isQuoted: true };
      this.fault(start, "this string is not closed");
      this.at = this.text.length;
      return undefined;
    }
    return { kind: "word", text: this.match(WORD) ?? "", isQuoted: false };
  }

  private space(): void {
    this.match(SPACE);
    if (!this.text.startsWith("/*", this.at)) return;
    this.fault(this.at, "this comment is not closed");
    this.at = this.text.length;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private fault(at: number, message: string): void {
    this.faults.push({ span: this.span(at, Math.min(at + 1, this.text.length)), message });
  }

  private span(start: number, end: number): SourceSpan {
    return { file: this.file, start, end };
  }
}
