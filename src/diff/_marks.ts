import { ancestorOf, type DomainName, isAtOrBelow } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";

/**
 * The names whose answer may differ between two sides: single names, and domains with everything below. It only grows, and
 * is generous: a name that it has need not differ, one that it has not does not.
 */
export class Marks {
  private readonly marked = new Map<string, DomainName>();
  private readonly markedBelow = new Map<string, DomainName>();
  /** Keys of every name at or above a mark, as far as somebody asked. */
  private readonly above = new Set<string>();
  private isAboveKnown = true;

  /** How much it has: grows with every new mark. */
  get size(): number {
    return this.marked.size + this.markedBelow.size;
  }

  /** Single names. */
  get names(): Iterable<DomainName> {
    return this.marked.values();
  }

  /** Domains that are marked with every name below them. */
  get domains(): Iterable<DomainName> {
    return this.markedBelow.values();
  }

  addName(name: DomainName): void {
    if (this.marked.has(name.key) || this.covers(name)) return;
    this.marked.set(name.key, name);
    this.isAboveKnown = false;
  }

  /** Marks a domain and every name below it. */
  addDomain(domain: DomainName): void {
    if (longestSuffix(this.markedBelow, domain) !== undefined) return;
    this.markedBelow.set(domain.key, domain);
    this.isAboveKnown = false;
  }

  /** Takes over the marks of `other` as far as they are at or below `domain`. */
  addWithin(domain: DomainName, other: Marks): void {
    if (longestSuffix(other.markedBelow, domain) !== undefined) {
      this.addDomain(domain);
      return;
    }
    for (const one of other.domains) if (isAtOrBelow(one, domain)) this.addDomain(one);
    for (const one of other.names) if (isAtOrBelow(one, domain)) this.addName(one);
  }

  covers(name: DomainName): boolean {
    return this.marked.has(name.key) || longestSuffix(this.markedBelow, name) !== undefined;
  }

  /** Whether some mark is, or is about, a name at or below `domain`. */
  touches(domain: DomainName): boolean {
    if (!this.isAboveKnown) {
      for (const name of this.names) this.noteAbove(name);
      for (const name of this.domains) this.noteAbove(name);
      this.isAboveKnown = true;
    }
    return this.above.has(domain.key) || longestSuffix(this.markedBelow, domain) !== undefined;
  }

  private noteAbove(name: DomainName): void {
    for (let count = 0; count <= name.labels.length; count++) {
      const { key } = ancestorOf(name, count);
      if (this.above.has(key)) return; // What is above that one was noted with it.
      this.above.add(key);
    }
  }
}
