import type { DomainName } from "../name/domain-name.ts";
import type { Marks } from "./_marks.ts";

/** Several marks as one table: which of them cover a name is looked up at once. */
export class MarkTable {
  private readonly names = new Map<string, number[]>();
  private readonly domains = new Map<string, number[]>();
  private readonly found: Uint8Array;

  constructor(all: readonly Marks[]) {
    this.found = new Uint8Array(all.length);
    for (const [index, { names, domains }] of all.entries()) {
      for (const { key } of names) note(this.names, key, index);
      for (const { key } of domains) note(this.domains, key, index);
    }
  }

  /** 1 for each of the marks that covers the name. What is given holds until the next question. */
  covering({ key, labels }: DomainName): Uint8Array {
    const { found } = this;
    found.fill(0);
    for (const index of this.names.get(key) ?? []) found[index] = 1;
    if (this.domains.size === 0) return found;
    for (let count = 0, offset = 0; count <= labels.length; count++) {
      for (const index of this.domains.get(key.slice(offset)) ?? []) found[index] = 1;
      offset += 1 + key.charCodeAt(offset);
    }
    return found;
  }
}

function note(table: Map<string, number[]>, key: string, index: number): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [index]);
  else known.push(index);
}
