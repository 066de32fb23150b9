import { type Document, isCollection, isScalar, visit } from "yaml";

/**
 * Where the YAML library's nodes begin, looked up by where they end: it complains at the end of what it could read, and the
 * user must look at the beginning. The nodes are visited when the first place is asked for: most files have no fault.
 */
export class YamlPlaces {
  private readonly document: Document.Parsed;
  private readonly text: string;
  private ends: Ends | undefined;

  constructor(document: Document.Parsed, text: string) {
    this.document = document;
    this.text = text;
  }

  /** Where the innermost `{` or `[` stands whose inside ends at `end`. */
  bracketEndingAt(end: number): number | undefined {
    return this.found().brackets.get(end);
  }

  /** Where the quote stands whose text ends at `end`. */
  quoteEndingAt(end: number): number | undefined {
    return this.found().quotes.get(end);
  }

  /** Where the `|` or `>` stands whose text ends at `end`. */
  blockEndingAt(end: number): number | undefined {
    return this.found().blocks.get(end);
  }

  private found(): Ends {
    this.ends ??= endsIn(this.document, this.text);
    return this.ends;
  }
}

interface Ends {
  readonly brackets: ReadonlyMap<number, number>;
  readonly quotes: ReadonlyMap<number, number>;
  readonly blocks: ReadonlyMap<number, number>;
}

function endsIn(document: Document.Parsed, text: string): Ends {
  const brackets = new Map<number, number>();
  const quotes = new Map<number, number>();
  const blocks = new Map<number, number>();
  visit(document, {
    Node(_key, node) {
      const [start, end, nodeEnd] = node.range ?? [];
      if (start === undefined || end === undefined || nodeEnd === undefined) return;
      // Outer ones come first, so that the innermost stays. A pair in a list is a map without braces.
      if (isCollection(node) && /[[{]/.test(text.charAt(start))) brackets.set(end, start);
      else if (isScalar(node) && node.type?.startsWith("QUOTE_") === true) quotes.set(end, start);
      else if (isScalar(node) && node.type?.startsWith("BLOCK_") === true) blocks.set(nodeEnd, start);
    },
  });
  return { brackets, quotes, blocks };
}
