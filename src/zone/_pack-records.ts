import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { GrowingOctets, GrowingU32 } from "./_growing.ts";
import { FOLD, type PackedTree, sharedU8, sharedU16, sharedU32 } from "./packed-tree.ts";

/** Records as they were added: per record one entry, three in `place`. */
export interface RawRecords {
  readonly node: GrowingU32;
  readonly type: GrowingU32;
  readonly ttl: GrowingU32;
  /** Where its rdata starts in `rdata`; it ends where the next one starts. */
  readonly rdataStart: GrowingU32;
  readonly place: GrowingU32;
  readonly rdata: GrowingOctets;
}

/** The part of a packed tree that is about records. */
export type PackedRecords = Pick<
  PackedTree,
  "nodeSets" | "setType" | "setTtl" | "setRecords" | "recordRdata" | "recordPlace" | "rdata"
>;

/** What two records of one owner and type have against each other; both are numbers of raw records. */
export interface RecordConflict {
  /** `duplicate` and `second` records were dropped; a set with differing TTLs got the lowest. */
  readonly kind: "duplicate" | "second" | "ttl";
  readonly record: number;
  readonly first: number;
}

/** Types of which an owner has one record (RFC 2181 §10.1, RFC 1035 §5.2, RFC 6672 §2.4). */
const SINGLE: ReadonlySet<RecordType> = new Set([RecordTypes.CNAME, RecordTypes.SOA, RecordTypes.DNAME]);

/** Where the one name starts that ends the rdata of a type: two spellings of a name are one (RFC 4343 §3). */
const NAME_START: ReadonlyMap<RecordType, number> = new Map([
  [RecordTypes.NS, 0],
  [RecordTypes.CNAME, 0],
  [RecordTypes.PTR, 0],
  [RecordTypes.DNAME, 0],
  [RecordTypes.MX, 2],
  [RecordTypes.SRV, 6],
]);

/** Sets of more records than this are compared through a table. */
const SMALL_SET = 8;

/** Groups records into RRsets, by node, then type, then order of the files; and says what did not fit. */
export function packRecords(raw: RawRecords, nodes: number): { records: PackedRecords; conflicts: RecordConflict[] } {
  const conflicts: RecordConflict[] = [];
  const order = orderOf(raw, nodes);
  const count = order.length;
  // As many sets as records, and no record dropped: the most there can be. What is more than enough is cut off at the end.
  const nodeSets = sharedU32(nodes + 1);
  const setType = sharedU16(count);
  const setTtl = sharedU32(count);
  const setRecords = sharedU32(count + 1);
  const recordRdata = sharedU32(count + 1);
  const recordPlace = sharedU32(count * 3);
  const rdata = sharedU8(raw.rdata.length);
  let sets = 0;
  let records = 0;
  let octets = 0;

  const keep = (record: number): void => {
    const start = raw.rdataStart.at(record);
    const end = endOfRdata(raw, record);
    recordRdata[records] = octets;
    raw.rdata.copyTo(rdata, octets, start, end);
    octets += end - start;
    for (let i = 0; i < 3; i++) recordPlace[records * 3 + i] = raw.place.at(record * 3 + i);
    records += 1;
  };
  let at = 0;
  for (let node = 0; node < nodes; node++) {
    nodeSets[node] = sets;
    while (at < count && raw.node.at(order[at] ?? 0) === node) {
      const end = endOfSet(raw, order, at);
      const first = order[at] ?? 0;
      setType[sets] = raw.type.at(first);
      setRecords[sets] = records;
      if (end - at === 1) {
        setTtl[sets] = raw.ttl.at(first);
        keep(first);
      } else {
        const set = order.subarray(at, end);
        setTtl[sets] = lowestTtl(raw, set);
        settleSet(raw, set, conflicts).forEach(keep);
      }
      sets += 1;
      at = end;
    }
  }
  nodeSets[nodes] = sets;
  setRecords[sets] = records;
  recordRdata[records] = octets;
  return {
    records: {
      nodeSets,
      setType: setType.subarray(0, sets),
      setTtl: setTtl.subarray(0, sets),
      setRecords: setRecords.subarray(0, sets + 1),
      recordRdata: recordRdata.subarray(0, records + 1),
      recordPlace: recordPlace.subarray(0, records * 3),
      rdata: rdata.subarray(0, octets),
    },
    conflicts,
  };
}

/** The numbers of the records by node, then type, then as they came: counted into nodes, then sorted within each. */
function orderOf({ node, type }: RawRecords, nodes: number): Uint32Array {
  const next = new Uint32Array(nodes + 1);
  for (let record = 0; record < node.length; record++) {
    const after = node.at(record) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let i = 1; i <= nodes; i++) next[i] = (next[i] ?? 0) + (next[i - 1] ?? 0);
  const order = new Uint32Array(node.length);
  for (let record = 0; record < node.length; record++) {
    const place = next[node.at(record)] ?? 0;
    order[place] = record;
    next[node.at(record)] = place + 1;
  }
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    let sorted = true;
    while (end < order.length && node.at(order[end] ?? 0) === node.at(order[start] ?? 0)) {
      if (type.at(order[end] ?? 0) < type.at(order[end - 1] ?? 0)) sorted = false;
      end += 1;
    }
    if (!sorted) order.subarray(start, end).sort((a, b) => type.at(a) - type.at(b) || a - b);
    start = end;
  }
  return order;
}

function endOfSet({ node, type }: RawRecords, order: Uint32Array, start: number): number {
  const first = order[start] ?? 0;
  let end = start + 1;
  for (; end < order.length; end++) {
    const record = order[end] ?? 0;
    if (node.at(record) !== node.at(first) || type.at(record) !== type.at(first)) break;
  }
  return end;
}

/** The records of a set that stay. */
function settleSet(raw: RawRecords, set: Uint32Array, conflicts: RecordConflict[]): number[] {
  const first = set[0] ?? 0;
  const type = raw.type.at(first);
  // The TTLs of signatures follow the sets they cover, not one another (RFC 4034 §3).
  const other = type === RecordTypes.RRSIG ? undefined : set.find((record) => raw.ttl.at(record) !== raw.ttl.at(first));
  if (other !== undefined) conflicts.push({ kind: "ttl", record: other, first });
  const kept: number[] = [];
  const seen = new Map<string, number>();
  for (const record of set) {
    const twin = set.length <= SMALL_SET ? twinAmong(raw, kept, record) : twinIn(raw, seen, record);
    if (twin !== undefined) conflicts.push({ kind: "duplicate", record, first: twin });
    else if (SINGLE.has(type) && kept.length > 0) conflicts.push({ kind: "second", record, first });
    else kept.push(record);
  }
  return kept;
}

function twinAmong(raw: RawRecords, kept: readonly number[], record: number): number | undefined {
  const octets = rdataOf(raw, record);
  const nameStart = NAME_START.get(raw.type.at(record)) ?? octets.length;
  return kept.find((other) => sameRdata(rdataOf(raw, other), octets, nameStart));
}

function sameRdata(a: Uint8Array, b: Uint8Array, nameStart: number): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    // A length octet is below `A`, so a name may be folded whole.
    if (x !== y && (i < nameStart || FOLD[x] !== FOLD[y])) return false;
  }
  return true;
}

/** As `twinAmong`, for sets of any size. */
function twinIn(raw: RawRecords, seen: Map<string, number>, record: number): number | undefined {
  const octets = rdataOf(raw, record);
  const nameStart = NAME_START.get(raw.type.at(record)) ?? octets.length;
  const key = Buffer.from(octets.map((octet, i) => (i < nameStart ? octet : (FOLD[octet] ?? 0)))).toString("latin1");
  const twin = seen.get(key);
  if (twin === undefined) seen.set(key, record);
  return twin;
}

/** Every record that came counts, also one that was dropped (RFC 2181 §5.2: all TTLs of a set are the same, so the lowest). */
function lowestTtl({ ttl }: RawRecords, set: Uint32Array): number {
  let lowest = ttl.at(set[0] ?? 0);
  for (const record of set) lowest = Math.min(lowest, ttl.at(record));
  return lowest;
}

function rdataOf(raw: RawRecords, record: number): Uint8Array {
  return raw.rdata.slice(raw.rdataStart.at(record), endOfRdata(raw, record));
}

function endOfRdata({ rdata, rdataStart }: RawRecords, record: number): number {
  return record + 1 < rdataStart.length ? rdataStart.at(record + 1) : rdata.length;
}
