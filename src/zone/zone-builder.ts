import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, isAtOrBelow } from "../name/domain-name.ts";
import { formatName } from "../name/name-text.ts";
import type { LocatedRecord } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import { type SourceFile, type SourceSpan, withoutText } from "../source/source-file.ts";
import { GrowingOctets, GrowingU32 } from "./_growing.ts";
import { NodeTable } from "./_node-table.ts";
import { type PackedRecords, packRecords, type RawRecords, type RecordConflict } from "./_pack-records.ts";
import { checkZone } from "./checks.ts";
import { flagOf, type PackedTree, placeIn, sharedU8 } from "./packed-tree.ts";
import { nodeName, type ZoneTree } from "./zone-tree.ts";

/** What the rdata of a record takes, about. */
const RDATA_OCTETS = 16;

/** A zone being read, record by record in the order of its files. */
export class ZoneBuilder {
  private readonly origin: DomainName;
  private readonly nodes: NodeTable;
  private readonly raw: RawRecords;
  private readonly files: SourceFile[] = [];
  private readonly fileIndexes = new Map<SourceFile, number>();
  /** Records that belong to another zone. */
  private readonly outside: LocatedRecord[] = [];
  private last = { key: "", node: 0 };

  /** `expectedRecords` is how many there will be, about: room is made for them at once, and more where it is not enough. */
  constructor(origin: DomainName, expectedRecords = 0) {
    this.origin = origin;
    this.nodes = new NodeTable(expectedRecords);
    this.raw = {
      node: new GrowingU32(expectedRecords),
      type: new GrowingU32(expectedRecords),
      ttl: new GrowingU32(expectedRecords),
      rdataStart: new GrowingU32(expectedRecords),
      place: new GrowingU32(expectedRecords * 3),
      rdata: new GrowingOctets(expectedRecords * RDATA_OCTETS),
    };
  }

  /** Adds one record. What is wrong with it is told by `finish`. */
  add(record: LocatedRecord): void {
    const { owner, type, ttl, rdata, span } = record;
    // Owners come in runs, so the last one is remembered.
    if (owner.key !== this.last.key) {
      if (!isAtOrBelow(owner, this.origin)) {
        this.outside.push(record);
        return;
      }
      const node = this.nodes.nodeOf(owner, owner.labels.length - this.origin.labels.length);
      this.last = { key: owner.key, node };
    }
    const { raw } = this;
    raw.node.push(this.last.node);
    raw.type.push(type);
    raw.ttl.push(ttl);
    raw.rdataStart.push(raw.rdata.length);
    raw.rdata.push(rdata);
    raw.place.push(this.fileIndex(span.file));
    raw.place.push(span.start);
    raw.place.push(span.end);
  }

  /** Packs what was added, drops what a zone cannot hold, and reports everything that is wrong with it. Call it once. */
  finish(diagnostics: Diagnostics): ZoneTree {
    for (const record of this.outside) reportOutside(record, this.origin, diagnostics);
    const { records, conflicts } = packRecords(this.raw, this.nodes.count);
    const base: PackedTree = {
      nodeParent: this.nodes.parents,
      nodeLabel: this.nodes.labelOffsets,
      nodeChildren: this.nodes.childCounts,
      nodeFlags: flagsOfNodes(records, this.nodes.count),
      labels: sharedCopy(this.nodes.labels.view()),
      table: this.nodes.table,
      ...records,
      files: this.files, // With their text while problems are told.
    };
    const tree: ZoneTree = { origin: this.origin, root: 0, base };
    for (const conflict of conflicts) this.reportConflict(conflict, tree, diagnostics);
    checkZone(tree, diagnostics);
    return { ...tree, base: { ...base, files: this.files.map(withoutText) } };
  }

  private fileIndex(file: SourceFile): number {
    if (this.files.at(-1) === file) return this.files.length - 1;
    const known = this.fileIndexes.get(file);
    if (known !== undefined) return known;
    const index = this.files.push(file) - 1;
    this.fileIndexes.set(file, index);
    return index;
  }

  private spanOf(record: number): SourceSpan | undefined {
    return placeIn(this.files, this.raw.place.view(), record);
  }

  private reportConflict({ kind, record, first }: RecordConflict, tree: ZoneTree, diagnostics: Diagnostics): void {
    const { raw } = this;
    const [span, firstSpan] = [this.spanOf(record), this.spanOf(first)];
    if (span === undefined || firstSpan === undefined) return;
    const owner = formatName(nodeName(tree, raw.node.at(record)));
    const type = typeName(raw.type.at(record));
    const related = [{ message: `the first ${type} record is here`, span: firstSpan }];
    switch (kind) {
      case "duplicate":
        return diagnostics.report("zone/duplicate-record", `${owner} has this ${type} record twice`, span, {
          related,
          hint: "remove one of them",
        });
      case "second":
        return diagnostics.report(
          "zone/second-record",
          `${owner} has a second ${type} record, and can have only one`,
          span,
          {
            related,
            hint: "remove all but one",
          },
        );
      case "ttl": {
        const ttls = `${raw.ttl.at(first)} and ${raw.ttl.at(record)}`;
        return diagnostics.report(
          "zone/ttl-mismatch",
          `the ${type} records of ${owner} have TTLs ${ttls}: the lowest counts for all`,
          span,
          {
            related,
            hint: "give all records of the set one TTL",
          },
        );
      }
    }
  }
}

function reportOutside({ owner, span }: LocatedRecord, origin: DomainName, diagnostics: Diagnostics): void {
  const message = `${formatName(owner)} is not in zone ${formatName(origin)}`;
  diagnostics.report("zone/out-of-zone", message, span, { hint: `write names at or below ${formatName(origin)}` });
}

function sharedCopy(octets: Uint8Array): Uint8Array {
  const copy = sharedU8(octets.length);
  copy.set(octets);
  return copy;
}

function flagsOfNodes({ nodeSets, setType }: PackedRecords, nodes: number): Uint8Array {
  const flags = sharedU8(nodes);
  for (let node = 0; node < nodes; node++) {
    const end = nodeSets[node + 1] ?? 0;
    let all = 0;
    for (let set = nodeSets[node] ?? 0; set < end; set++) all |= flagOf(setType[set] ?? 0, node === 0);
    flags[node] = all;
  }
  return flags;
}
