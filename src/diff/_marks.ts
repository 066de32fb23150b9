import { ancestorOf, type DomainName, isAtOrBelow } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";

/**
 * The names whose answer may differ between two sides: single names, and domains with everything below. It only grows, and
 * is generous: a name that it has need not differ, one that it has not does not.
 */
export class Marks {
  private readonly names = new Map<string, DomainName>();
  private readonly domains = new Map<string, DomainName>();
  /** Keys of every name at or above a mark. */
  private readonly above = new Set<string>();

  /** How much it has: grows with every new mark. */
  get size(): number {
    return this.names.size + this.domains.size;
  }

  addName(name: DomainName): void {
    if (this.covers(name)) return;
    this.names.set(name.key, name);
    this.noteAbove(name);
  }

  /** Marks a domain and every name below it. */
  addDomain(domain: DomainName): void {
    if (longestSuffix(this.domains, domain) !== undefined) return;
    this.domains.set(domain.key, domain);
    this.noteAbove(domain);
  }

  /** Takes over the marks of `other` as far as they are at or below `domain`. */
  addWithin(domain: DomainName, other: Marks): void {
    if (longestSuffix(other.domains, domain) !== undefined) {
      this.addDomain(domain);
      return;
    }
    for (const one of other.domains.values()) if (isAtOrBelow(one, domain)) this.addDomain(one);
    for (const one of other.names.values()) if (isAtOrBelow(one, domain)) this.addName(one);
  }

  covers(name: DomainName): boolean {
    return this.names.has(name.key) || longestSuffix(this.domains, name) !== undefined;
  }

  /** Whether some mark is, or is about, a name at or below `domain`. */
  touches(domain: DomainName): boolean {
    return this.above.has(domain.key) || longestSuffix(this.domains, domain) !== undefined;
  }

  private noteAbove(name: DomainName): void {
    for (let count = 0; count <= name.labels.length; count++) {
      const { key } = ancestorOf(name, count);
      if (this.above.has(key)) return; // What is above that one was noted with it.
      this.above.add(key);
    }
  }
}
