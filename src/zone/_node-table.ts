import type { DomainName } from "../name/domain-name.ts";
import { GrowingOctets, GrowingU32 } from "./_growing.ts";
import { hashChild, sharedU32 } from "./packed-tree.ts";

/** What is known of a node, side by side: a search for a name touches one place of the memory for each node that it meets. */
const PARENT = 0;
const LABEL = 1;
const CHILDREN = 2;
const HASH = 3;
const FIELDS = 4;

/** What a label takes, about. */
const LABEL_OCTETS = 8;

/** The nodes of a tree while it grows: the arrays of `PackedTree` that do not speak of records, with room to grow. */
export class NodeTable {
  readonly labels: GrowingOctets;
  private readonly fields: GrowingU32;
  private slots = sharedU32(256);

  /** `expected` is how many nodes there will be, about: room is made for them at once. */
  constructor(expected: number) {
    this.fields = new GrowingU32(expected * FIELDS);
    this.labels = new GrowingOctets(expected * LABEL_OCTETS);
    this.append(0, "", 0); // The apex: its own parent, in no slot.
  }

  get count(): number {
    return this.fields.length / FIELDS;
  }

  /** The table as it is, on shared memory; stale after the next name. */
  get table(): Uint32Array {
    return this.slots;
  }

  /** Of each node its parent. */
  get parents(): Uint32Array {
    return this.column(PARENT);
  }

  /** Of each node where its label starts in `labels`. */
  get labelOffsets(): Uint32Array {
    return this.column(LABEL);
  }

  /** Of each node how many have it as their parent. */
  get childCounts(): Uint32Array {
    return this.column(CHILDREN);
  }

  /** The node of a name that lies `depth` labels below the apex, made with all nodes above it where it is new. */
  nodeOf(name: DomainName, depth: number): number {
    let node = 0;
    for (let i = depth - 1; i >= 0; i--) node = this.childOf(node, name.labels[i] ?? "");
    return node;
  }

  private childOf(parent: number, label: string): number {
    const { fields, labels, slots } = this;
    const mask = slots.length - 1;
    const hash = hashChild(parent, label);
    let slot = hash & mask;
    for (let entry = slots[slot] ?? 0; entry !== 0; entry = slots[slot] ?? 0) {
      const at = (entry - 1) * FIELDS;
      if (
        fields.at(at + HASH) === hash &&
        fields.at(at + PARENT) === parent &&
        labels.hasLabel(fields.at(at + LABEL), label)
      )
        return entry - 1;
      slot = (slot + 1) & mask;
    }
    const node = this.append(parent, label, hash);
    const children = parent * FIELDS + CHILDREN;
    fields.set(children, fields.at(children) + 1);
    slots[slot] = node + 1;
    if (this.count * 2 > slots.length) this.grow();
    return node;
  }

  private append(parent: number, label: string, hash: number): number {
    const { fields } = this;
    const node = this.count;
    fields.push(parent);
    fields.push(this.labels.length);
    fields.push(0);
    fields.push(hash);
    this.labels.pushLabel(label);
    return node;
  }

  /** Doubles the table. */
  private grow(): void {
    const slots = sharedU32(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let node = 1; node < this.count; node++) {
      let slot = this.fields.at(node * FIELDS + HASH) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.slots = slots;
  }

  /** One field of every node, on shared memory. */
  private column(field: number): Uint32Array {
    const column = sharedU32(this.count);
    for (let node = 0; node < column.length; node++) column[node] = this.fields.at(node * FIELDS + field);
    return column;
  }
}
