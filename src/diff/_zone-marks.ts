import { type DomainName, parentOf } from "../name/domain-name.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { Overlay } from "../zone/overlay.ts";
import type { PackedTree } from "../zone/packed-tree.ts";
import type { Zone } from "../zone/zone.ts";
import { zoneRecords } from "../zone/zone-records.ts";
import { findNode, nodeName, rrsetsAt, type ZoneTree } from "../zone/zone-tree.ts";
import { Marks } from "./_marks.ts";

/** Zones side by side, each pair looked at once: many views have the same zones. */
export class ZonePairs {
  private readonly known = new Map<Zone, Map<Zone, Marks>>();

  marksOf(before: Zone, after: Zone): Marks {
    const others = this.known.get(before) ?? new Map<Zone, Marks>();
    this.known.set(before, others);
    const known = others.get(after);
    if (known !== undefined) return known;
    const marks = new Marks();
    markZones(marks, before, after);
    others.set(after, marks);
    return marks;
  }
}

/** Marks the names of which two zones of one origin may say different things. */
export function markZones(marks: Marks, before: Zone, after: Zone): void {
  if (before === after) return;
  const { origin } = before;
  if (!sameSet(before.soa, after.soa)) marks.addName(origin);
  for (const owner of suspects(before.tree, after.tree)) {
    const sets = [before, after].map(({ tree }) => setsOf(tree, owner));
    const [old, now] = sets;
    if (old !== undefined && now !== undefined && sameSets(old, now)) continue;
    if (old === undefined || now === undefined) marks.addDomain(topmostMissing(before.tree, after.tree, owner));
    else marks.addName(owner);
    const types = new Set(sets.flatMap((own) => (own ?? []).map(({ type }) => type)));
    // A cut hides what is below, a DNAME redirects it, a wildcard speaks for what is beside it and is not there.
    if (types.has(RecordTypes.NS) || types.has(RecordTypes.DNAME)) marks.addDomain(owner);
    if (owner.labels[0] === "*") marks.addDomain(parentOf(owner));
  }
}

/** Owners that may have other sets: of trees over one base those that a layer touches, else all. */
function suspects(before: ZoneTree, after: ZoneTree): Iterable<DomainName> {
  if (!sameBase(before.base, after.base)) return ownersOf([before, after]);
  if (sameOverlay(before.overlay, after.overlay)) return [];
  const touched = new Map<string, DomainName>();
  for (const tree of [before, after]) {
    for (const index of tree.overlay?.nodes.keys() ?? []) {
      const name = nodeName(tree, -1 - index);
      touched.set(name.key, name);
    }
  }
  return touched.values();
}

function ownersOf(trees: readonly ZoneTree[]): Iterable<DomainName> {
  const owners = new Map<string, DomainName>();
  for (const tree of trees) for (const { owner } of zoneRecords(tree)) owners.set(owner.key, owner);
  return owners.values();
}

/** Whether two packed trees hold the same, wherever it was written: a file that is read twice is packed to the same arrays. */
function sameBase(a: PackedTree, b: PackedTree): boolean {
  if (a === b) return true;
  return (
    sameNumbers(a.nodeParent, b.nodeParent) &&
    sameNumbers(a.nodeLabel, b.nodeLabel) &&
    sameNumbers(a.labels, b.labels) &&
    sameNumbers(a.nodeSets, b.nodeSets) &&
    sameNumbers(a.setType, b.setType) &&
    sameNumbers(a.setTtl, b.setTtl) &&
    sameNumbers(a.setRecords, b.setRecords) &&
    sameNumbers(a.recordRdata, b.recordRdata) &&
    sameNumbers(a.rdata, b.rdata)
  );
}

function sameOverlay(a: Overlay | undefined, b: Overlay | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.nodes.length !== b.nodes.length || a.sets.length !== b.sets.length)
    return false;
  const sameNodes = a.nodes.every((node, i) => {
    const other = b.nodes[i];
    return (
      other !== undefined &&
      node.label === other.label &&
      node.parent === other.parent &&
      node.counterpart === other.counterpart &&
      node.alive === other.alive &&
      sameNumbers(node.sets, other.sets)
    );
  });
  return sameNodes && sameSets(a.sets, b.sets);
}

/** The sets of a name, none for an empty non-terminal; `undefined` where there is no such name. */
function setsOf(tree: ZoneTree, name: DomainName): readonly RRset[] | undefined {
  const node = findNode(tree, name);
  return node === undefined ? undefined : rrsetsAt(tree, node, name);
}

/** The highest name at or above `owner` that only one of the trees has: from there down they may differ in what exists. */
function topmostMissing(a: ZoneTree, b: ZoneTree, owner: DomainName): DomainName {
  const isInBoth = (name: DomainName): boolean => findNode(a, name) !== undefined && findNode(b, name) !== undefined;
  let top = owner;
  while (top.labels.length > a.origin.labels.length + 1 && !isInBoth(parentOf(top))) top = parentOf(top);
  return top;
}

function sameSets(a: readonly RRset[], b: readonly RRset[]): boolean {
  return a.length === b.length && a.every((set, i) => sameSet(set, b[i]));
}

function sameSet(a: RRset, b: RRset | undefined): boolean {
  if (a === b) return true;
  return (
    b !== undefined &&
    a.owner.key === b.owner.key &&
    a.type === b.type &&
    a.ttl === b.ttl &&
    a.rdatas.length === b.rdatas.length &&
    a.rdatas.every((rdata, i) => sameNumbers(rdata, b.rdatas[i] ?? []))
  );
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
