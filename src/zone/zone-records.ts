import { type DomainName, foldLabel, nameFromLabels } from "../name/domain-name.ts";
import type { RRset } from "../record/rrset.ts";
import { NONE, packedLabel } from "./packed-tree.ts";
import { childrenInOverlay, nodeLabel, rrsetsAt, type ZoneTree } from "./zone-tree.ts";

/** A node still to be read: its label and the name above. */
interface Stop {
  readonly node: number;
  readonly label: string;
  readonly above: DomainName;
}

/**
 * Every RRset of a zone in canonical order of the owners (RFC 4034 §6.1), then by type number; made one at a time.
 * For lists and exports: it first reads all nodes once, in time proportional to the zone.
 */
export function* zoneRecords(tree: ZoneTree): Generator<RRset, void, undefined> {
  const siblings = baseChildren(tree);
  // Depth first, and the last child pushed first: canonical order is preorder.
  const stops: Stop[] = [];
  const visit = (node: number, name: DomainName): RRset[] => {
    const children = childrenOf(tree, node, siblings).sort((a, b) => (a.folded < b.folded ? 1 : -1));
    for (const child of children) stops.push({ node: child.node, label: child.label, above: name });
    return rrsetsAt(tree, node, name);
  };
  yield* visit(tree.root, tree.origin);
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    yield* visit(stop.node, nameFromLabels([stop.label, ...stop.above.labels]));
  }
}

interface Child {
  readonly node: number;
  readonly label: string;
  readonly folded: string;
}

/** The children that exist: of a node in the layer its own, and those of its counterpart that have none of their own. */
function childrenOf(tree: ZoneTree, node: number, siblings: Siblings): Child[] {
  const children: Child[] = [];
  const layer = node < 0 ? childrenInOverlay(tree, node) : undefined;
  for (const [folded, { handle, alive }] of layer?.children ?? []) {
    if (alive) children.push({ node: handle, label: nodeLabel(tree, handle), folded });
  }
  const counterpart = layer === undefined ? node : layer.counterpart;
  if (counterpart === NONE) return children;
  for (let next = siblings.first[counterpart] ?? 0; next !== 0; next = siblings.next[next] ?? 0) {
    const label = packedLabel(tree.base, next);
    const folded = foldLabel(label);
    if (layer?.children.has(folded) !== true) children.push({ node: next, label, folded });
  }
  return children;
}

/** Per node of the base its first child, and the next child of its parent; 0, the apex, is nobody's child. */
interface Siblings {
  readonly first: Uint32Array;
  readonly next: Uint32Array;
}

function baseChildren({ base: { nodeParent } }: ZoneTree): Siblings {
  const first = new Uint32Array(nodeParent.length);
  const next = new Uint32Array(nodeParent.length);
  for (let node = nodeParent.length - 1; node > 0; node--) {
    const parent = nodeParent[node] ?? 0;
    next[node] = first[parent] ?? 0;
    first[parent] = node;
  }
  return { first, next };
}
