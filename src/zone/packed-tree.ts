import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";

/**
 * The records of one zone as a trie in typed arrays: a million records are a dozen arrays, not millions of objects.
 *
 * Every array lies on a `SharedArrayBuffer` and the rest is plain data, so a tree built on one thread is handed to
 * another without being copied (docs/decisions/0003). Nobody writes to it once it is built.
 */
export interface PackedTree {
  /** Per node, the apex first and parents before children: its parent. The apex is its own. */
  readonly nodeParent: Uint32Array;
  /** Per node: where its label starts in `labels`. */
  readonly nodeLabel: Uint32Array;
  /** Per node: how many nodes have it as their parent. */
  readonly nodeChildren: Uint32Array;
  /** Per node: its first RRset; one more entry ends the last. A node without RRsets is an empty non-terminal. */
  readonly nodeSets: Uint32Array;
  /** Per node: `NodeFlags`. */
  readonly nodeFlags: Uint8Array;
  /** Labels as they were first written: a length octet, then the octets. */
  readonly labels: Uint8Array;
  /** Open addressing from (parent, folded label) to node plus one, 0 where free; its size is a power of two. */
  readonly table: Uint32Array;
  /** Per RRset, by node and then by type number: its type. */
  readonly setType: Uint16Array;
  readonly setTtl: Uint32Array;
  /** Per RRset: its first record; one more entry ends the last. */
  readonly setRecords: Uint32Array;
  /** Per record, in the order of the file within its set: where its rdata starts in `rdata`; one more entry ends the last. */
  readonly recordRdata: Uint32Array;
  /** Per record: three numbers, the index of its file, and start and end of its span there. */
  readonly recordPlace: Uint32Array;
  readonly rdata: Uint8Array;
  /** The files that places speak of. */
  readonly files: readonly SourceFile[];
}

/** What a walk must know of a node without looking at its RRsets. */
export const NodeFlags = {
  /** Below the apex, and has NS: a zone cut. */
  Cut: 1,
  /** Has DNAME: what lies below is redirected. */
  Dname: 2,
} as const;

/** What a type at a node adds to its flags. */
export function flagOf(type: RecordType, isApex: boolean): number {
  if (type === RecordTypes.NS) return isApex ? 0 : NodeFlags.Cut;
  return type === RecordTypes.DNAME ? NodeFlags.Dname : 0;
}

/** Up to here a copy is done octet by octet before `slice` has begun: the rdata of most records. */
const FEW_OCTETS = 64;

/** No node, or no RRset. */
export const NONE = -1;

/** Each octet folded (RFC 4343 §3): an index is cheaper than two comparisons in the innermost loop. */
export const FOLD = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet,
);

/** The node of a label below `parent`, or `NONE`. */
export function packedChild(tree: PackedTree, parent: number, label: string): number {
  const { table, nodeParent, nodeLabel, labels } = tree;
  const mask = table.length - 1;
  for (let slot = hashChild(parent, label) & mask; ; slot = (slot + 1) & mask) {
    const node = (table[slot] ?? 0) - 1;
    if (node === NONE) return NONE;
    if (nodeParent[node] === parent && sameLabel(labels, nodeLabel[node] ?? 0, label)) return node;
  }
}

/** Where the search for a label below `parent` starts, before it is cut to the table's size. */
export function hashChild(parent: number, label: string): number {
  let hash = Math.imul(parent + 1, 0x9e3779b1);
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ (FOLD[label.charCodeAt(i)] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Whether the label at `offset` of `labels` equals `label`, case folded. */
export function sameLabel(labels: Uint8Array, offset: number, label: string): boolean {
  if (labels[offset] !== label.length) return false;
  for (let i = 0; i < label.length; i++) {
    if (FOLD[labels[offset + 1 + i] ?? 0] !== FOLD[label.charCodeAt(i)]) return false;
  }
  return true;
}

/** A node's label as it was first written; the apex has none. */
export function packedLabel(tree: PackedTree, node: number): string {
  const offset = tree.nodeLabel[node] ?? 0;
  const length = tree.labels[offset] ?? 0;
  let label = "";
  for (let i = 1; i <= length; i++) label += String.fromCharCode(tree.labels[offset + i] ?? 0);
  return label;
}

/** The RRset of a type at a node, or `NONE`. */
export function packedSet(tree: PackedTree, node: number, type: number): number {
  const end = tree.nodeSets[node + 1] ?? 0;
  for (let set = tree.nodeSets[node] ?? 0; set < end; set++) if (tree.setType[set] === type) return set;
  return NONE;
}

/** The rdata of a record, as a copy of its own: nobody can write into the tree, or holds all of it by holding one. */
export function packedRdata(tree: PackedTree, record: number): Uint8Array {
  const start = tree.recordRdata[record] ?? 0;
  const end = tree.recordRdata[record + 1] ?? 0;
  if (end - start > FEW_OCTETS) return tree.rdata.slice(start, end);
  const rdata = new Uint8Array(end - start);
  for (let i = start; i < end; i++) rdata[i - start] = tree.rdata[i] ?? 0;
  return rdata;
}

/** Where a record was written, by the places and files of its tree. */
export function placeIn(files: readonly SourceFile[], places: Uint32Array, record: number): SourceSpan | undefined {
  const file = files[places[record * 3] ?? 0];
  if (file === undefined) return undefined;
  return { file, start: places[record * 3 + 1] ?? 0, end: places[record * 3 + 2] ?? 0 };
}

/** Room for so many numbers on shared memory. What nobody writes to takes no memory: room may be made for the most there can be. */
export function sharedU32(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

/** As `sharedU32`, for numbers of 16 bits. */
export function sharedU16(length: number): Uint16Array {
  return new Uint16Array(new SharedArrayBuffer(length * Uint16Array.BYTES_PER_ELEMENT));
}

/** As `sharedU32`, for octets. */
export function sharedU8(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

/** A tree with an apex and nothing else; every zone that has no base of its own shares it. */
export const EMPTY_TREE: PackedTree = {
  nodeParent: sharedU32(1),
  nodeLabel: sharedU32(1),
  nodeChildren: sharedU32(1),
  nodeSets: sharedU32(2),
  nodeFlags: sharedU8(1),
  labels: sharedU8(1),
  table: sharedU32(2),
  setType: sharedU16(0),
  setTtl: sharedU32(0),
  setRecords: sharedU32(1),
  recordRdata: sharedU32(1),
  recordPlace: sharedU32(0),
  rdata: sharedU8(0),
  files: [],
};
