import type { DomainName } from "../name/domain-name.ts";
import { GrowingOctets, GrowingU32 } from "./_growing.ts";
import { hashChild } from "./packed-tree.ts";

/** The nodes of a tree while it grows: the arrays of `PackedTree` that do not speak of records, with room to grow. */
export class NodeTable {
  readonly parents = new GrowingU32();
  readonly labelOffsets = new GrowingU32();
  readonly childCounts = new GrowingU32();
  readonly labels = new GrowingOctets();
  private readonly hashes = new GrowingU32();
  private slots = new Uint32Array(256);

  constructor() {
    this.append(0, "", 0); // The apex: its own parent, in no slot.
  }

  get count(): number {
    return this.parents.length;
  }

  /** The table as it is; stale after the next name. */
  get table(): Uint32Array {
    return this.slots;
  }

  /** The node of a name that lies `depth` labels below the apex, made with all nodes above it where it is new. */
  nodeOf(name: DomainName, depth: number): number {
    let node = 0;
    for (let i = depth - 1; i >= 0; i--) node = this.childOf(node, name.labels[i] ?? "");
    return node;
  }

  private childOf(parent: number, label: string): number {
    const mask = this.slots.length - 1;
    const hash = hashChild(parent, label);
    let slot = hash & mask;
    for (let entry = this.slots[slot] ?? 0; entry !== 0; entry = this.slots[slot] ?? 0) {
      const node = entry - 1;
      if (this.parents.at(node) === parent && this.labels.hasLabel(this.labelOffsets.at(node), label)) return node;
      slot = (slot + 1) & mask;
    }
    const node = this.append(parent, label, hash);
    this.childCounts.set(parent, this.childCounts.at(parent) + 1);
    this.slots[slot] = node + 1;
    if (this.count * 2 > this.slots.length) this.grow();
    return node;
  }

  private append(parent: number, label: string, hash: number): number {
    this.parents.push(parent);
    this.labelOffsets.push(this.labels.length);
    this.childCounts.push(0);
    this.labels.pushLabel(label);
    this.hashes.push(hash);
    return this.count - 1;
  }

  /** Doubles the table. */
  private grow(): void {
    const slots = new Uint32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let node = 1; node < this.count; node++) {
      let slot = this.hashes.at(node) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.slots = slots;
  }
}
