import { type Cidr, containsCidr, parseCidr } from "../../net/cidr.ts";
import type { ViewClients } from "./_view-claims.ts";

/** Parts of an expression in parts of it. */
const MAX_DEPTH = 50;

const TOKEN = /\s+|\|\||&&|[!(),]|==|'[^']*'|"[^"]*"|[A-Za-z_]\w*|./y;

type Test = (cidr: Cidr) => boolean;

/**
 * Reads an expression of CoreDNS's `view` that tells clients by their addresses: `incidr(client_ip(), '10.0.0.0/8')`,
 * `client_ip() == '10.0.0.1'`, `true`, `false`, with `!`, `&&`, `||`, `and`, `or`, `not` and brackets. `undefined`: it asks for
 * something else.
 */
export function readClientExpression(text: string): ViewClients | undefined {
  const tokens = (text.match(new RegExp(TOKEN.source, "g")) ?? []).filter((token) => token.trim() !== "");
  const reader = new ExpressionReader(tokens);
  const takes = reader.either(0);
  return takes === undefined || !reader.isAtEnd ? undefined : { cuts: reader.cuts, takes };
}

/** A cursor over the tokens; what cannot be read is `undefined`. */
class ExpressionReader {
  readonly cuts: Cidr[] = [];
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  either(depth: number): Test | undefined {
    return this.joined(
      ["||", "or"],
      () => this.all(depth),
      (one, other) => (cidr) => one(cidr) || other(cidr),
    );
  }

  private all(depth: number): Test | undefined {
    return this.joined(
      ["&&", "and"],
      () => this.single(depth),
      (one, other) => (cidr) => one(cidr) && other(cidr),
    );
  }

  private joined(
    signs: readonly string[],
    next: () => Test | undefined,
    join: (a: Test, b: Test) => Test,
  ): Test | undefined {
    let found = next();
    while (found !== undefined && signs.includes(this.tokens[this.at] ?? "")) {
      this.at += 1;
      const other = next();
      found = other === undefined ? undefined : join(found, other);
    }
    return found;
  }

  private single(depth: number): Test | undefined {
    if (depth > MAX_DEPTH) return undefined;
    if (this.takes("!") || this.takes("not")) {
      const inner = this.single(depth + 1);
      return inner === undefined ? undefined : (cidr) => !inner(cidr);
    }
    if (this.takes("(")) {
      const inner = this.either(depth + 1);
      return this.takes(")") ? inner : undefined;
    }
    if (this.takes("true")) return () => true;
    if (this.takes("false")) return () => false;
    if (this.takes("incidr", "(", "client_ip", "(", ")", ",")) {
      const test = this.inside(false);
      return this.takes(")") ? test : undefined;
    }
    return this.takes("client_ip", "(", ")", "==") ? this.inside(true) : undefined;
  }

  /** Whether an address lies in the prefix, or is the address, that comes next. */
  private inside(isAddress: boolean): Test | undefined {
    const token = this.tokens[this.at] ?? "";
    const text = /^(['"])(.*)\1$/.exec(token)?.[2];
    const parsed = text === undefined || text.includes("/") === isAddress ? undefined : parseCidr(text);
    if (parsed?.kind !== "cidr") return undefined;
    this.at += 1;
    this.cuts.push(parsed.cidr);
    return (cidr) => containsCidr(parsed.cidr, cidr);
  }

  private takes(...wanted: readonly string[]): boolean {
    if (!wanted.every((token, i) => this.tokens[this.at + i] === token)) return false;
    this.at += wanted.length;
    return true;
  }
}
