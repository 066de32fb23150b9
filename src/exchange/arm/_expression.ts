/** An expression of a deployment template, parsed. */
export type Expression =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  /** `of.key`, `of[key]`; with `.?` or `[?` what is not there is null. */
  | { readonly kind: "member"; readonly of: Expression; readonly key: Expression; readonly isSafe: boolean };

export type ParsedExpression =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "problem"; readonly message: string };

/** Nobody writes deeper; tools that do stay below it. */
const MAX_DEPTH = 200;

/** Whether a text is an expression: `[…]`, but not `[[…` which is text that begins with a bracket. */
export function isExpression(text: string): boolean {
  return text.startsWith("[") && text.endsWith("]") && !text.startsWith("[[");
}

/** Parses what stands between the brackets. Any text gives an expression or a sentence. */
export function parseExpression(text: string): ParsedExpression {
  const parser = new Parser(text.slice(1, -1));
  const expression = parser.expression(0);
  const message = parser.problem ?? (parser.isAtEnd() ? undefined : "something stands behind its end");
  return message === undefined && expression !== undefined
    ? { kind: "expression", expression }
    : { kind: "problem", message: message ?? "it is empty" };
}

const SPACE = /\s*/y;
const NAME = /[A-Za-z_][\w.-]*/y;
const WORD = /[A-Za-z_][\w-]*/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?/y;
/** A quote inside is written twice. */
const STRING = /'([^']*(?:''[^']*)*)'/y;

/** A cursor over the text; after the first problem nothing more is read. */
class Parser {
  problem: string | undefined;
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  isAtEnd(): boolean {
    this.take(SPACE);
    return this.at === this.text.length;
  }

  expression(depth: number): Expression | undefined {
    if (depth > MAX_DEPTH) return this.fail(`it is nested more than ${MAX_DEPTH} levels deep`);
    let left = this.operand(depth);
    while (left !== undefined) {
      const next = this.accessor(left, depth);
      if (next === undefined) break;
      left = next;
    }
    return this.problem === undefined ? left : undefined;
  }

  private operand(depth: number): Expression | undefined {
    this.take(SPACE);
    const quoted = this.match(STRING);
    if (quoted !== undefined) return { kind: "text", text: (quoted[1] ?? "").replaceAll("''", "'") };
    const digits = this.match(NUMBER)?.[0];
    if (digits !== undefined) return { kind: "number", number: Number.parseFloat(digits) };
    const name = this.match(NAME)?.[0];
    if (name === undefined) return this.fail(`a value is expected, found ${this.found()}`);
    if (!this.eat("(")) return this.fail(`an opening parenthesis is expected behind ${name}, found ${this.found()}`);
    const args: Expression[] = [];
    if (this.eat(")")) return { kind: "call", name, args };
    for (;;) {
      const arg = this.expression(depth + 1);
      if (arg === undefined) return undefined;
      args.push(arg);
      if (this.eat(")")) return { kind: "call", name, args };
      if (!this.eat(",")) return this.fail(`a comma or a closing parenthesis is expected, found ${this.found()}`);
    }
  }

  private accessor(of: Expression, depth: number): Expression | undefined {
    if (this.eat(".")) {
      const isSafe = this.eat("?");
      const key = this.match(WORD)?.[0];
      return key === undefined
        ? this.fail(`a name is expected behind the dot, found ${this.found()}`)
        : { kind: "member", of, key: { kind: "text", text: key }, isSafe };
    }
    if (!this.eat("[")) return undefined;
    const isSafe = this.eat("?");
    const key = this.expression(depth + 1);
    if (key === undefined) return undefined;
    return this.eat("]")
      ? { kind: "member", of, key, isSafe }
      : this.fail(`a closing bracket is expected, found ${this.found()}`);
  }

  private eat(char: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found !== undefined) this.at += found[0].length;
    return found;
  }

  private take(pattern: RegExp): void {
    this.match(pattern);
  }

  private fail(message: string): undefined {
    this.problem ??= message;
    return undefined;
  }

  private found(): string {
    return this.text[this.at] ?? "the end";
  }
}
