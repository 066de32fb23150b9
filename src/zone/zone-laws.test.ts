import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyName } from "../../test/arbitraries.ts";
import { madeSoa, showAnswer, showSet } from "../../test/zone-lines.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import {
  ancestorOf,
  compareNames,
  type DomainName,
  isAtOrBelow,
  nameFromLabels,
  prepend,
  sameName,
} from "../name/domain-name.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { nameRdata } from "../record/name-rdata.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { LocatedRecord, RRset } from "../record/rrset.ts";
import { sourceFile } from "../source/source-file.ts";
import { lookup } from "./lookup.ts";
import type { Zone, ZoneAnswer } from "./zone.ts";
import { ZoneBuilder } from "./zone-builder.ts";
import { zoneRecords } from "./zone-records.ts";
import {
  emptyZoneTree,
  findNode,
  layerZone,
  nodeCount,
  nodeName,
  recordCount,
  type ZoneChange,
  type ZoneTree,
} from "./zone-tree.ts";

const { A, NS, CNAME, SOA, TXT, AAAA, DNAME, DS, ANY } = RecordTypes;
const ORIGIN = knownName("zone.test");
const SPAN = { file: sourceFile("law.zone", "", "octets"), start: 0, end: 0 };
const NAMED = new Set<RecordType>([NS, CNAME, DNAME]);
const SINGLE = new Set<RecordType>([CNAME, SOA, DNAME]);

const label = fc.constantFrom("a", "A", "b", "*", "c", "L".repeat(63));
const owner = fc.array(label, { maxLength: 3 }).map((labels) => nameFromLabels([...labels, ...ORIGIN.labels]));
const target = fc.oneof(owner, fc.constant(knownName(`${"x".repeat(60)}.${"y".repeat(60)}.${"z".repeat(60)}.`)));
/** Mostly plain data: a zone where everything is cut or redirected has few other cases. */
const dataType = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(A, AAAA, TXT, DS) },
  { weight: 2, arbitrary: fc.constantFrom(NS, CNAME, DNAME) },
);
const askedType = fc.constantFrom(A, NS, CNAME, SOA, TXT, AAAA, DNAME, DS, ANY);

const rdataFor = (type: RecordType): fc.Arbitrary<Uint8Array> =>
  NAMED.has(type) ? target.map(nameRdata) : fc.nat(3).map((octet) => rdataOfOctet(type, octet));
const record: fc.Arbitrary<LocatedRecord> = fc
  .record({ owner, type: dataType, ttl: fc.constantFrom(60, 300) })
  .chain(({ owner, type, ttl }) => rdataFor(type).map((rdata) => ({ owner, type, ttl, rdata, span: SPAN })));
const records = fc.array(record, { maxLength: 16 });
const rrset: fc.Arbitrary<RRset> = record.chain(({ owner, type, ttl }) =>
  fc
    .array(rdataFor(type), { minLength: 1, maxLength: SINGLE.has(type) ? 1 : 2 })
    .map((rdatas) => ({ owner, type, ttl, rdatas: withoutTwins(type, rdatas) })),
);
const change: fc.Arbitrary<ZoneChange> = fc.oneof(
  rrset.map((set) => ({ kind: "replace" as const, rrset: set })),
  owner.map((name) => ({ kind: "delete" as const, owner: name })),
  fc.record({ owner, types: fc.array(dataType) }).map((some) => ({ kind: "delete" as const, ...some })),
);

function rdataOfOctet(type: RecordType, octet: number): Uint8Array {
  if (type === A) return Uint8Array.of(10, 0, 0, octet);
  if (type === AAAA) return Uint8Array.from({ length: 16 }, () => octet);
  return type === TXT ? Uint8Array.of(1, octet) : Uint8Array.of(0, 1, 8, 1, octet);
}

function treeOf(list: readonly LocatedRecord[]): ZoneTree {
  const builder = new ZoneBuilder(ORIGIN);
  for (const one of list) builder.add(one);
  return builder.finish(new Diagnostics());
}

function zoneOf(tree: ZoneTree): Zone {
  return { origin: ORIGIN, tree, soa: madeSoa(ORIGIN) };
}

/** What the list means as RRsets, in the order they were begun: twins once, one CNAME, DNAME and SOA, the lowest TTL. */
function setsOf(list: readonly LocatedRecord[]): RRset[] {
  const sets = new Map<string, RRset>();
  for (const { owner, type, ttl, rdata } of list) {
    const key = `${owner.key} ${type}`;
    const set = sets.get(key) ?? { owner, type, ttl, rdatas: [] };
    const rdatas = SINGLE.has(type) && set.rdatas.length > 0 ? set.rdatas : withoutTwins(type, [...set.rdatas, rdata]);
    sets.set(key, { ...set, ttl: Math.min(set.ttl, ttl), rdatas });
  }
  return [...sets.values()];
}

function withoutTwins(type: RecordType, rdatas: readonly Uint8Array[]): Uint8Array[] {
  const keyOf = (rdata: Uint8Array): string => (NAMED.has(type) ? aliasTarget(rdata).key : String(rdata));
  return rdatas.filter((rdata, i) => rdatas.findIndex((other) => keyOf(other) === keyOf(rdata)) === i);
}

/** `lookup` said again over a plain list of sets, with no tree: slow, and plain to see. */
function scan(sets: readonly RRset[], name: DomainName, type: RecordType): ZoneAnswer {
  const at = (owner: DomainName, wanted: RecordType): RRset | undefined =>
    sets.find((set) => sameName(set.owner, owner) && set.type === wanted);
  const exists = (owner: DomainName): boolean =>
    sameName(owner, ORIGIN) || sets.some((set) => isAtOrBelow(set.owner, owner));
  const depth = name.labels.length - ORIGIN.labels.length;

  for (let above = depth; above >= 0; above--) {
    const ancestor = ancestorOf(name, above);
    const ns = above < depth ? at(ancestor, NS) : undefined;
    if (ns !== undefined && !(above === 0 && type === DS)) {
      const servers = ns.rdatas.map(aliasTarget).filter((server) => isAtOrBelow(server, ancestor));
      const glue = [...new Map(servers.map((server) => [server.key, server])).values()].flatMap((server) =>
        [at(server, A), at(server, AAAA)].flatMap((set) => (set === undefined ? [] : [{ ...set, owner: server }])),
      );
      return { kind: "delegation", ns: { ...ns, owner: ancestor }, glue };
    }
    const found = above > 0 ? at(ancestor, DNAME) : undefined;
    if (found === undefined) continue;
    const dname = { ...found, owner: ancestor };
    const target = prepend(name.labels.slice(0, above), aliasTarget(found.rdatas[0] ?? new Uint8Array()));
    if (target === undefined) return { kind: "dname", dname };
    return {
      kind: "dname",
      dname,
      target,
      cname: { owner: name, type: CNAME, ttl: found.ttl, rdatas: [nameRdata(target)] },
    };
  }

  let encloser = name;
  while (!exists(encloser)) encloser = ancestorOf(encloser, 1);
  const isHere = sameName(encloser, name);
  const wildcard = nameFromLabels(["*", ...encloser.labels]);
  if (!isHere && !exists(wildcard)) return { kind: "nxdomain", closestEncloser: encloser };
  const by = isHere ? {} : { wildcard };
  const source = isHere ? name : wildcard;
  const owned = (list: readonly RRset[]): RRset[] => list.map((set) => ({ ...set, owner: name }));

  const isApex = sameName(source, ORIGIN);
  if (isApex && type === SOA) return { kind: "data", rrsets: owned([madeSoa(ORIGIN)]) };
  const cname = at(source, CNAME);
  if (cname !== undefined && type !== CNAME && type !== ANY)
    return {
      kind: "alias",
      cname: { ...cname, owner: name },
      target: aliasTarget(cname.rdatas[0] ?? new Uint8Array()),
      ...by,
    };
  const all = [...sets.filter((set) => sameName(set.owner, source)), ...(isApex ? [madeSoa(ORIGIN)] : [])];
  const answering =
    type === ANY && cname === undefined ? all : all.filter((set) => set.type === (type === ANY ? CNAME : type));
  const rrsets = owned(answering).sort((a, b) => a.type - b.type);
  return rrsets.length === 0 ? { kind: "nodata", ...by } : { kind: "data", rrsets, ...by };
}

/** Answers to compare: names of wildcards and of hosts in any case. */
function shown(answer: ZoneAnswer): string {
  return showAnswer(answer).toLowerCase();
}

/** Every existing name of a list, canonical order. */
function namesOf(sets: readonly RRset[]): DomainName[] {
  const names = new Map([[ORIGIN.key, ORIGIN]]);
  for (const { owner } of sets) {
    for (let above = 0; above < owner.labels.length - ORIGIN.labels.length; above++) {
      const name = ancestorOf(owner, above);
      names.set(name.key, name);
    }
  }
  return [...names.values()].sort(compareNames);
}

function inCanonicalOrder(sets: readonly RRset[]): string[] {
  return [...sets]
    .sort((a, b) => compareNames(a.owner, b.owner) || a.type - b.type)
    .map((set) => showSet(set).toLowerCase());
}

/** Changes made to a list of sets, one after the other. */
function changed(sets: readonly RRset[], changes: readonly ZoneChange[]): RRset[] {
  let now = [...sets];
  for (const one of changes) {
    if (one.kind === "replace") {
      now = now.filter((set) => !(sameName(set.owner, one.rrset.owner) && set.type === one.rrset.type));
      now.push(one.rrset);
    } else {
      now = now.filter((set) => !(sameName(set.owner, one.owner) && (one.types?.includes(set.type) ?? true)));
    }
  }
  return now;
}

/** Everything that can be asked of a tree, against what the list of its sets says. */
function expectToBe(
  tree: ZoneTree,
  sets: readonly RRset[],
  questions: readonly (readonly [DomainName, RecordType])[],
): void {
  for (const [name, type] of questions)
    expect(shown(lookup(zoneOf(tree), name, type)), `${formatName(name)} ${type}`).toBe(shown(scan(sets, name, type)));
  expect([...zoneRecords(tree)].map((set) => showSet(set).toLowerCase())).toEqual(inCanonicalOrder(sets));
  const names = namesOf(sets);
  expect(nodeCount(tree)).toBe(names.length);
  expect(recordCount(tree)).toBe(sets.reduce((count, set) => count + set.rdatas.length, 0));
  for (const name of names) {
    const node = findNode(tree, name);
    expect(node === undefined ? "missing" : nodeName(tree, node).key).toBe(name.key);
  }
}

const questions = fc.array(fc.tuple(owner, askedType), { minLength: 10, maxLength: 20 });

describe("laws of a zone", () => {
  test("lookup says what a slow scan of the records says", () => {
    fc.assert(
      fc.property(records, questions, (list, asked) => {
        expectToBe(treeOf(list), setsOf(list), asked);
      }),
      { numRuns: 600 },
    );
  });

  test("names of any octets are found where they were put, and only there", () => {
    fc.assert(
      fc.property(fc.array(anyName, { maxLength: 12 }), anyName, (names, other) => {
        const list = names.map((name) => ({
          owner: name,
          type: A,
          ttl: 60,
          rdata: Uint8Array.of(10, 0, 0, 1),
          span: SPAN,
        }));
        const builder = new ZoneBuilder(nameFromLabels([]));
        for (const one of list) builder.add(one);
        const tree = builder.finish(new Diagnostics());
        for (const name of names) expect(findNode(tree, name)).toBeDefined();
        const known = other.labels.length === 0 || names.some((name) => isAtOrBelow(name, other));
        expect(findNode(tree, other) !== undefined).toBe(known);
      }),
    );
  });

  test("layers over a zone say what the zone would say, built again from the changed records", () => {
    fc.assert(
      fc.property(
        records,
        fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 3 }),
        questions,
        (list, layers, asked) => {
          const base = treeOf(list);
          const before = inCanonicalOrder(setsOf(list));
          let tree = base;
          let sets = setsOf(list);
          for (const changes of layers) {
            tree = layerZone(tree, changes);
            sets = changed(sets, changes);
            expectToBe(tree, sets, asked);
          }
          expect([...zoneRecords(base)].map((set) => showSet(set).toLowerCase())).toEqual(before);
        },
      ),
      { numRuns: 600 },
    );
  });

  test("a layer over nothing is a zone of its sets", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), questions, (changes, asked) => {
        expectToBe(layerZone(emptyZoneTree(ORIGIN), changes), changed([], changes), asked);
      }),
    );
  });

  test("a zone that crossed to another thread answers alike", () => {
    fc.assert(
      fc.property(records, fc.array(change, { maxLength: 4 }), questions, (list, changes, asked) => {
        const zone = zoneOf(layerZone(treeOf(list), changes));
        const clone = structuredClone(zone);
        for (const [name, type] of asked) expect(lookup(clone, name, type)).toEqual(lookup(zone, name, type));
      }),
    );
  });
});
