import { type DomainName, foldLabel, isAtOrBelow, nameFromLabels } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import type { RecordType } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { indexOf, type Overlay, OverlayDraft, type OverlayNode } from "./overlay.ts";
import {
  EMPTY_TREE,
  NONE,
  NodeFlags,
  type PackedTree,
  packedChild,
  packedLabel,
  packedRdata,
  packedSet,
  placeIn,
} from "./packed-tree.ts";

/**
 * The names and RRsets of one zone: a packed tree, perhaps with a layer of changes over it.
 *
 * Nodes and RRsets are numbers, to be handed back to the functions of this file: from 0 up in the base, below 0 in the
 * layer. Plain data: it crosses threads by structured clone, the base without being copied.
 */
export interface ZoneTree {
  readonly origin: DomainName;
  /** The node of the apex. */
  readonly root: number;
  readonly base: PackedTree;
  readonly overlay?: Overlay;
}

/** One thing that a layer does to a zone. */
export type ZoneChange =
  /** The set stands at its owner, in place of the one of its type; other types stay. */
  | { readonly kind: "replace"; readonly rrset: RRset }
  /** The owner loses its sets of these types, or all; a name that has nothing left, and none below it, vanishes. */
  | { readonly kind: "delete"; readonly owner: DomainName; readonly types?: readonly RecordType[] };

/** A tree with an apex and nothing else. */
export function emptyZoneTree(origin: DomainName): ZoneTree {
  return { origin, root: 0, base: EMPTY_TREE };
}

/**
 * The same zone after changes, taken in order. The tree given stays as it was and the two share its base, so the cost is
 * that of the changes (those of earlier layers included), not of the zone.
 * @throws RangeError when a set to be put in lies outside the zone.
 */
export function layerZone(tree: ZoneTree, changes: readonly ZoneChange[]): ZoneTree {
  if (changes.length === 0) return tree;
  const { origin, base } = tree;
  const draft = new OverlayDraft(origin, base, tree.overlay);
  for (const change of changes) {
    switch (change.kind) {
      case "replace":
        if (!isAtOrBelow(change.rrset.owner, origin))
          throw new RangeError(`${formatName(change.rrset.owner)} is not in ${formatName(origin)}`);
        draft.put(change.rrset);
        break;
      case "delete":
        if (isAtOrBelow(change.owner, origin)) draft.remove(change.owner, change.types);
        break;
    }
  }
  return { origin, root: NONE, base, overlay: draft.finish() };
}

/** The node of a label right below another; undefined when no such name exists. The label's case does not count. */
export function child(tree: ZoneTree, node: number, label: string): number | undefined {
  let baseNode = node;
  if (node < 0) {
    const { children, counterpart } = overlayNode(tree, node);
    const found = children.get(foldLabel(label));
    if (found !== undefined) return overlayNode(tree, found).alive ? found : undefined;
    if (counterpart === NONE) return undefined;
    baseNode = counterpart;
  }
  const found = packedChild(tree.base, baseNode, label);
  return found === NONE ? undefined : found;
}

/** The node of a name, wherever it stands: also below a zone cut or a DNAME, and never a wildcard's for another name. */
export function findNode(tree: ZoneTree, name: DomainName): number | undefined {
  if (!isAtOrBelow(name, tree.origin)) return undefined;
  let node = tree.root;
  for (let i = name.labels.length - tree.origin.labels.length - 1; i >= 0; i--) {
    const next = child(tree, node, name.labels[i] ?? "");
    if (next === undefined) return undefined;
    node = next;
  }
  return node;
}

/** The name of a node, in the case it was first written. */
export function nodeName(tree: ZoneTree, node: number): DomainName {
  const labels: string[] = [];
  // Above a node of the base stand nodes of the base, with the labels of their counterparts in the layer.
  for (let at = node; at !== 0 && at !== tree.root; at = parentOf(tree, at)) labels.push(nodeLabel(tree, at));
  if (labels.length === 0) return tree.origin;
  return nameFromLabels([...labels, ...tree.origin.labels]);
}

/** The label of a node, in the case it was first written; empty for the apex. */
export function nodeLabel(tree: ZoneTree, node: number): string {
  return node < 0 ? overlayNode(tree, node).label : packedLabel(tree.base, node);
}

/** Whether the node is a zone cut: below the apex, with NS. */
export function isCut(tree: ZoneTree, node: number): boolean {
  return (flagsOf(tree, node) & NodeFlags.Cut) !== 0;
}

/** Whether names below the node are redirected (RFC 6672). */
export function hasDname(tree: ZoneTree, node: number): boolean {
  return (flagsOf(tree, node) & NodeFlags.Dname) !== 0;
}

/** The RRset of a type at a node; its owner is `owner`, or the node's own name. */
export function rrsetAt(tree: ZoneTree, node: number, type: RecordType, owner?: DomainName): RRset | undefined {
  const set = setAt(tree, node, type);
  return set === undefined ? undefined : readSet(tree, set, owner ?? nodeName(tree, node));
}

/** Every RRset at a node by type number, none for an empty non-terminal; their owner is `owner`, or the node's own name. */
export function rrsetsAt(tree: ZoneTree, node: number, owner: DomainName = nodeName(tree, node)): RRset[] {
  if (node < 0) return overlayNode(tree, node).sets.map((set) => readSet(tree, set, owner));
  const rrsets: RRset[] = [];
  const end = tree.base.nodeSets[node + 1] ?? 0;
  for (let set = tree.base.nodeSets[node] ?? 0; set < end; set++) rrsets.push(readSet(tree, set, owner));
  return rrsets;
}

/** Whether the node is a wildcard: its label is `*` (RFC 4592 §2.1.1). */
export function isWildcard(tree: ZoneTree, node: number): boolean {
  if (node < 0) return overlayNode(tree, node).label === "*";
  const { labels, nodeLabel: offsets } = tree.base;
  const offset = offsets[node] ?? 0;
  return labels[offset] === 1 && labels[offset + 1] === 0x2a;
}

/** Whether the node has an RRset of another type than these. */
export function hasTypeBeside(tree: ZoneTree, node: number, types: ReadonlySet<RecordType>): boolean {
  if (node < 0) return overlayNode(tree, node).sets.some((set) => !types.has(typeOf(tree, set)));
  const { nodeSets, setType } = tree.base;
  const end = nodeSets[node + 1] ?? 0;
  for (let set = nodeSets[node] ?? 0; set < end; set++) if (!types.has(setType[set] ?? 0)) return true;
  return false;
}

/** Whether the node has an RRset of a type. */
export function hasType(tree: ZoneTree, node: number, type: RecordType): boolean {
  return setAt(tree, node, type) !== undefined;
}

/** How many records the zone has. */
export function recordCount(tree: ZoneTree): number {
  return tree.overlay?.recordCount ?? tree.base.recordRdata.length - 1;
}

/** How many names exist in the zone: the apex and empty non-terminals count. */
export function nodeCount(tree: ZoneTree): number {
  return tree.overlay?.nodeCount ?? tree.base.nodeParent.length;
}

/** What the layer says of the children of one of its nodes; `counterpart` is the same node in the base, or `NONE`. */
export function childrenInOverlay(tree: ZoneTree, node: number): OverlayChildren {
  const { counterpart, children } = overlayNode(tree, node);
  const found = [...children].map(
    ([folded, handle]) => [folded, { handle, alive: overlayNode(tree, handle).alive }] as const,
  );
  return { counterpart, children: new Map(found) };
}

export interface OverlayChildren {
  readonly counterpart: number;
  /** By folded label. One that is not alive hides the base's child of that label. */
  readonly children: ReadonlyMap<string, { readonly handle: number; readonly alive: boolean }>;
}

function parentOf(tree: ZoneTree, node: number): number {
  return node < 0 ? overlayNode(tree, node).parent : (tree.base.nodeParent[node] ?? 0);
}

function flagsOf(tree: ZoneTree, node: number): number {
  return node < 0 ? overlayNode(tree, node).flags : (tree.base.nodeFlags[node] ?? 0);
}

/** The handle of the set of a type at a node. */
function setAt(tree: ZoneTree, node: number, type: RecordType): number | undefined {
  if (node < 0) return overlayNode(tree, node).sets.find((set) => typeOf(tree, set) === type);
  const set = packedSet(tree.base, node, type);
  return set === NONE ? undefined : set;
}

function typeOf(tree: ZoneTree, set: number): RecordType {
  return set < 0 ? overlaySet(tree, set).type : (tree.base.setType[set] ?? 0);
}

function readSet(tree: ZoneTree, set: number, owner: DomainName): RRset {
  if (set < 0) return { ...overlaySet(tree, set), owner };
  const { setType, setTtl, setRecords } = tree.base;
  const rdatas: Uint8Array[] = [];
  const places: SourceSpan[] = [];
  const end = setRecords[set + 1] ?? 0;
  for (let record = setRecords[set] ?? 0; record < end; record++) {
    rdatas.push(packedRdata(tree.base, record));
    const place = placeIn(tree.base.files, tree.base.recordPlace, record);
    if (place !== undefined) places.push(place);
  }
  return { owner, type: setType[set] ?? 0, ttl: setTtl[set] ?? 0, rdatas, places };
}

function overlayNode({ overlay }: ZoneTree, node: number): OverlayNode {
  const found = overlay?.nodes[indexOf(node)];
  if (found === undefined) throw new RangeError(`no node ${node} in this tree`);
  return found;
}

function overlaySet({ overlay }: ZoneTree, set: number): RRset {
  const found = overlay?.sets[indexOf(set)];
  if (found === undefined) throw new RangeError(`no set ${set} in this tree`);
  return found;
}
