import type { DomainName } from "../name/domain-name.ts";
import type { RecordType } from "./record-type.ts";
import { showText, type TextEncoding } from "./text/string-text.ts";
import { typeName } from "./type-names.ts";

/** A word or quoted string of rdata, as a scanner of zone files found it. */
export interface RdataToken {
  /** Raw: escapes not yet resolved, the quotes around it removed. */
  readonly text: string;
  readonly quoted: boolean;
}

const NOTHING: RdataToken = { text: "", quoted: false };

/** A cursor over the tokens of one record. Fields advance it over what they could read, so it rests on what is at fault. */
export class RdataCursor {
  readonly type: RecordType;
  readonly tokens: readonly RdataToken[];
  /** Completes names without a trailing dot. */
  readonly origin: DomainName;
  readonly encoding: TextEncoding;
  /** Of the next token to read. */
  index = 0;

  constructor(type: RecordType, tokens: readonly RdataToken[], origin: DomainName, encoding: TextEncoding) {
    this.type = type;
    this.tokens = tokens;
    this.origin = origin;
    this.encoding = encoding;
  }

  get atEnd(): boolean {
    return this.index >= this.tokens.length;
  }

  /** The next token; an empty one at the end. */
  get token(): RdataToken {
    return this.tokens[this.index] ?? NOTHING;
  }

  /** The next token's text; empty when it is quoted, for the fields where only a bare word may stand. */
  get word(): string {
    const { text, quoted } = this.token;
    return quoted ? "" : text;
  }

  /** The sentence for a next token that is not `expected`: `A needs an IPv4 address, found "10.0.0"`. */
  needs(expected: string): string {
    if (this.atEnd) return `${typeName(this.type)} needs ${expected}, found nothing`;
    const { text, quoted } = this.token;
    return `${typeName(this.type)} needs ${expected}, found ${quoted ? "the quoted string " : ""}${showText(text)}`;
  }
}
