import { type DomainName, foldLabel } from "../name/domain-name.ts";
import type { RecordType } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { flagOf, NONE, type PackedTree, packedChild, packedLabel } from "./packed-tree.ts";

/**
 * Changes over a packed tree: a small trie of the nodes that a change touched and all their ancestors. So a walk that
 * leaves it is in the base for good. Plain data.
 *
 * Handles of its nodes and sets are `-1 - index`: below zero, where those of the base are not.
 */
export interface Overlay {
  readonly nodes: readonly OverlayNode[];
  readonly sets: readonly RRset[];
  /** Of the whole zone, the base included. */
  readonly recordCount: number;
  /** Names that exist in the whole zone, the base included. */
  readonly nodeCount: number;
}

export interface OverlayNode {
  /** As first written; the apex has none. */
  readonly label: string;
  /** A handle; the apex is its own. */
  readonly parent: number;
  /** The same name in the base, or `NONE`. Its children count where the overlay has none of that label. */
  readonly counterpart: number;
  /** Handles by folded label. */
  readonly children: ReadonlyMap<string, number>;
  /** Everything the name has now, by type number: handles of sets, of the base too. */
  readonly sets: readonly number[];
  readonly flags: number;
  /** False when the name exists no more: it hides its counterpart. */
  readonly alive: boolean;
}

/** A node while changes are made. */
interface DraftNode {
  readonly label: string;
  readonly counterpart: number;
  readonly children: Map<string, DraftNode>;
  sets: DraftSet[];
  alive: boolean;
}

interface DraftSet {
  readonly type: RecordType;
  /** A set of the base, or a new one. */
  readonly set: number | RRset;
}

/** The index behind a handle below zero, and the handle of an index. */
export function indexOf(handle: number): number {
  return -1 - handle;
}

/** An overlay being written. It starts from what an earlier one says and leaves that one alone. */
export class OverlayDraft {
  private readonly origin: DomainName;
  private readonly base: PackedTree;
  private readonly root: DraftNode;
  private recordCount: number;
  private nodeCount: number;

  constructor(origin: DomainName, base: PackedTree, earlier: Overlay | undefined) {
    this.origin = origin;
    this.base = base;
    this.recordCount = base.recordRdata.length - 1;
    this.nodeCount = base.nodeParent.length;
    this.root = earlier === undefined ? this.newNode("", 0) : thaw(base, earlier, NONE);
  }

  /** Puts a set at its owner, in place of the one of that type. */
  put(rrset: RRset): void {
    const node = this.nodeAt(rrset.owner, true);
    if (node === undefined) return;
    const others = node.sets.filter(({ type }) => type !== rrset.type);
    node.sets = [...others, { type: rrset.type, set: rrset }].sort((a, b) => a.type - b.type);
  }

  /** Takes the sets of some types, or all, from an owner; names below it stay. */
  remove(owner: DomainName, types: readonly RecordType[] | undefined): void {
    const node = this.nodeAt(owner, false);
    if (node === undefined) return;
    node.sets = types === undefined ? [] : node.sets.filter(({ type }) => !types.includes(type));
  }

  /** What was written, as plain data. Call it once. */
  finish(): Overlay {
    this.settle(this.root);
    this.root.alive = true; // The apex exists, whatever it has.
    const nodes: OverlayNode[] = [];
    const sets: RRset[] = [];
    freeze(this.root, NONE, nodes, sets);
    return { nodes, sets, recordCount: this.recordCount, nodeCount: this.nodeCount };
  }

  /** The node of an owner, with all nodes above it; `undefined` when it does not exist and `create` is false. */
  private nodeAt(owner: DomainName, create: boolean): DraftNode | undefined {
    let node = this.root;
    for (let i = owner.labels.length - this.origin.labels.length - 1; i >= 0; i--) {
      const label = owner.labels[i] ?? "";
      const folded = foldLabel(label);
      let next = node.children.get(folded);
      if (next === undefined) {
        const counterpart = node.counterpart === NONE ? NONE : packedChild(this.base, node.counterpart, label);
        if (counterpart === NONE && !create) return undefined;
        next = this.newNode(counterpart === NONE ? label : packedLabel(this.base, counterpart), counterpart);
        node.children.set(folded, next);
      }
      node = next;
    }
    return node;
  }

  private newNode(label: string, counterpart: number): DraftNode {
    const sets: DraftSet[] = [];
    if (counterpart !== NONE) {
      const { nodeSets, setType } = this.base;
      const end = nodeSets[counterpart + 1] ?? 0;
      for (let set = nodeSets[counterpart] ?? 0; set < end; set++) sets.push({ type: setType[set] ?? 0, set });
    }
    return { label, counterpart, children: new Map(), sets, alive: true };
  }

  /** Decides from the leaves up which names exist: those with data and those with a name below (RFC 8020 §2). */
  private settle(node: DraftNode): void {
    const { counterpart } = node;
    // A leaf of the base has data, so every child of the base that is not touched is alive.
    let living = counterpart === NONE ? 0 : (this.base.nodeChildren[counterpart] ?? 0);
    for (const [folded, next] of node.children) {
      this.settle(next);
      if (next.counterpart !== NONE) living -= 1;
      if (next.alive) living += 1;
      else if (next.counterpart === NONE) node.children.delete(folded);
    }
    node.alive = node.sets.length > 0 || living > 0;
    if (counterpart === NONE && node.alive) this.nodeCount += 1;
    if (counterpart > 0 && !node.alive) this.nodeCount -= 1; // Not the apex: it stays.
    for (const { set } of node.sets)
      this.recordCount += typeof set === "number" ? recordsOf(this.base, set) : set.rdatas.length;
    if (counterpart === NONE) return;
    const end = this.base.nodeSets[counterpart + 1] ?? 0;
    for (let set = this.base.nodeSets[counterpart] ?? 0; set < end; set++)
      this.recordCount -= recordsOf(this.base, set);
  }
}

function recordsOf({ setRecords }: PackedTree, set: number): number {
  return (setRecords[set + 1] ?? 0) - (setRecords[set] ?? 0);
}

/** A finished node and all below it, to be changed again. */
function thaw(base: PackedTree, earlier: Overlay, handle: number): DraftNode {
  const { nodes, sets } = earlier;
  const node = nodes[indexOf(handle)];
  if (node === undefined) throw new RangeError(`no overlay node ${handle}`);
  const { label, counterpart, alive } = node;
  const children = new Map<string, DraftNode>();
  for (const [folded, next] of node.children) children.set(folded, thaw(base, earlier, next));
  const drafts: DraftSet[] = [];
  for (const set of node.sets) {
    const rrset = set < 0 ? sets[indexOf(set)] : undefined;
    drafts.push(rrset === undefined ? { type: base.setType[set] ?? 0, set } : { type: rrset.type, set: rrset });
  }
  return { label, counterpart, children, sets: drafts, alive };
}

/** Appends a node and all below it; the handle it got. */
function freeze(draft: DraftNode, parent: number, nodes: OverlayNode[], sets: RRset[]): number {
  const index = nodes.length;
  const handle = indexOf(index);
  const handles = draft.sets.map(({ set }) => (typeof set === "number" ? set : indexOf(sets.push(set) - 1)));
  const children = new Map<string, number>();
  const flags = draft.sets.reduce((all, { type }) => all | flagOf(type, index === 0), 0);
  const { label, counterpart, alive } = draft;
  nodes.push({ label, parent, counterpart, children, sets: handles, flags, alive });
  for (const [folded, next] of draft.children) children.set(folded, freeze(next, handle, nodes, sets));
  return handle;
}
