import { describe, expect, test } from "vitest";
import { madeSoa, recordsOfLines, showAnswer, showSet, zoneOfLines } from "../../test/zone-lines.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import { formatName, knownName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { formatPosition } from "../source/source-file.ts";
import { lookup } from "./lookup.ts";
import { ZoneBuilder } from "./zone-builder.ts";
import { zoneRecords } from "./zone-records.ts";
import {
  emptyZoneTree,
  findNode,
  layerZone,
  nodeCount,
  nodeName,
  recordCount,
  rrsetAt,
  rrsetsAt,
  type ZoneChange,
  type ZoneTree,
} from "./zone-tree.ts";

const { A, CNAME } = RecordTypes;
const BASE = `
@ NS ns.x.
Old A 10.0.0.1
Old TXT "kept"
a.deep.ent A 10.0.0.2
alias CNAME old
*.wild A 10.0.0.3
cut NS ns.cut
ns.cut A 10.0.0.4`;

function setOf(line: string): RRset {
  const [record] = recordsOfLines(line, "corp.test");
  if (record === undefined) throw new RangeError(line);
  const { owner, type, ttl, rdata } = record;
  return { owner, type, ttl, rdatas: [rdata] };
}

const put = (line: string): ZoneChange => ({ kind: "replace", rrset: setOf(line) });
const remove = (name: string, ...types: number[]): ZoneChange => ({
  kind: "delete",
  owner: knownName(`${name}.corp.test`),
  ...(types.length === 0 ? {} : { types }),
});

function ask(tree: ZoneTree, name: string, type: number = A): string {
  const origin = tree.origin;
  return showAnswer(lookup({ origin, tree, soa: madeSoa(origin) }, knownName(`${name}.corp.test`), type)).replaceAll(
    "\n",
    " / ",
  );
}

describe("a layer of changes", () => {
  const { zone } = zoneOfLines(BASE, "corp.test");

  test.each([
    {
      change: put("old 10 A 10.9.9.9"),
      name: "old",
      finds: "data / old.corp.test. 10 A 10.9.9.9",
      because: "the set is replaced",
    },
    {
      change: put("old 10 A 10.9.9.9"),
      name: "old",
      type: 16,
      finds: 'data / old.corp.test. 300 TXT "kept"',
      because: "other types stay",
    },
    { change: put("new.sub 10 A 10.9.9.9"), name: "sub", finds: "nodata", because: "names above a new one exist" },
    {
      change: put("new.sub 10 A 10.9.9.9"),
      name: "x.sub",
      finds: "nxdomain below sub.corp.test.",
      because: "they enclose",
    },
    {
      change: put("b.deep.ent A 10.9.9.9"),
      name: "a.deep.ent",
      finds: "data / a.deep.ent.corp.test. 300 A 10.0.0.2",
      because: "a sibling in the base is still seen",
    },
    {
      change: put("b.old A 10.9.9.9"),
      name: "old",
      finds: "data / old.corp.test. 300 A 10.0.0.1",
      because: "a name above keeps its data",
    },
    {
      change: put("no.wild A 10.9.9.9"),
      name: "yes.wild",
      finds: "data by *.wild.corp.test. / yes.wild.corp.test. 300 A 10.0.0.3",
      because: "a wildcard of the base speaks below a node of the layer",
    },
    {
      change: put("no.wild A 10.9.9.9"),
      name: "x.no.wild",
      finds: "nxdomain below no.wild.corp.test.",
      because: "and not below a new name",
    },
    {
      change: put("*.alias A 10.9.9.9"),
      name: "x.alias",
      finds: "data by *.alias.corp.test. / x.alias.corp.test. 300 A 10.9.9.9",
      because: "a layer may bring a wildcard",
    },
    {
      change: put("old NS ns.x."),
      name: "x.old",
      finds: "delegation / old.corp.test. 300 NS ns.x.",
      because: "a layer may bring a cut",
    },
    {
      change: put("old DNAME new.test."),
      name: "x.old",
      finds: "dname to x.new.test. / old.corp.test. 300 DNAME new.test. / x.old.corp.test. 300 CNAME x.new.test.",
      because: "or a DNAME",
    },
    {
      change: put("ns.cut AAAA ::1"),
      name: "www.cut",
      finds:
        "delegation / cut.corp.test. 300 NS ns.cut.corp.test. / ns.cut.corp.test. 300 A 10.0.0.4 / ns.cut.corp.test. 300 AAAA ::1",
      because: "or glue",
    },
    { change: remove("old"), name: "old", finds: "nxdomain below corp.test.", because: "a name without data vanishes" },
    { change: remove("OLD", A), name: "old", finds: "nodata", because: "one type alone is taken away" },
    { change: remove("old", A, 16), name: "old", finds: "nxdomain below corp.test.", because: "or all, one by one" },
    {
      change: remove("a.deep.ent"),
      name: "deep.ent",
      finds: "nxdomain below corp.test.",
      because: "an empty non-terminal with nothing below is gone",
    },
    {
      change: remove("a.deep.ent"),
      name: "ent",
      finds: "nxdomain below corp.test.",
      because: "and so is the one above it",
    },
    {
      change: remove("*.wild"),
      name: "x.wild",
      finds: "nxdomain below corp.test.",
      because: "a wildcard can be taken away",
    },
    {
      change: remove("cut"),
      name: "ns.cut",
      finds: "data / ns.cut.corp.test. 300 A 10.0.0.4",
      because: "without its NS a cut hides nothing",
    },
    {
      change: remove("alias", A),
      name: "alias",
      finds: "alias to old.corp.test. / alias.corp.test. 300 CNAME old.corp.test.",
      because: "a type that is not there takes nothing with it",
    },
    {
      change: remove("no.such.name"),
      name: "old",
      finds: "data / old.corp.test. 300 A 10.0.0.1",
      because: "a name that is not there takes nothing with it",
    },
  ])("$change.kind, then $name → $finds: $because", ({ change, name, type, finds }) => {
    expect(ask(layerZone(zone.tree, [change]), name, type)).toBe(finds);
  });

  test("changes count in their order", () => {
    expect(ask(layerZone(zone.tree, [remove("old"), put("old A 10.9.9.9")]), "old")).toContain("10.9.9.9");
    expect(ask(layerZone(zone.tree, [put("old A 10.9.9.9"), remove("old")]), "old")).toContain("nxdomain");
  });

  test("a name that was taken away can come back in a later layer, without what was below it", () => {
    const gone = layerZone(zone.tree, [remove("a.deep.ent")]);
    const back = layerZone(gone, [put("b.deep.ent A 10.9.9.9")]);
    expect(ask(back, "a.deep.ent")).toBe("nxdomain below deep.ent.corp.test.");
    expect(ask(back, "b.deep.ent")).toContain("10.9.9.9");
  });

  test("the zone below stays as it was, and the counts follow", () => {
    const layered = layerZone(zone.tree, [remove("a.deep.ent"), put("new A 10.9.9.9")]);
    expect([recordCount(zone.tree), nodeCount(zone.tree)]).toEqual([8, 10]);
    expect([recordCount(layered), nodeCount(layered)]).toEqual([8, 8]);
    expect(ask(zone.tree, "a.deep.ent")).toContain("10.0.0.2");
    expect(layered.base).toBe(zone.tree.base);
  });

  test("the apex stays when everything is taken away", () => {
    const all: ZoneChange[] = [...zoneRecords(zone.tree)].map(({ owner }) => ({ kind: "delete", owner }));
    const empty = layerZone(zone.tree, all);
    expect([recordCount(empty), nodeCount(empty), [...zoneRecords(empty)]]).toEqual([0, 1, []]);
    expect(empty.overlay?.nodes[0]?.alive).toBe(true);
    expect(ask(empty, "old")).toBe("nxdomain below corp.test.");
  });

  test("no change is no layer", () => {
    expect(layerZone(zone.tree, [])).toBe(zone.tree);
  });

  test("what comes and goes leaves nothing behind", () => {
    let tree = layerZone(zone.tree, [put("first A 10.9.9.9")]);
    const size = tree.overlay?.nodes.length;
    for (let i = 0; i < 5; i++) tree = layerZone(layerZone(tree, [put(`x.y${i} A 10.9.9.9`)]), [remove(`x.y${i}`)]);
    expect([tree.overlay?.nodes.length, tree.overlay?.sets.length]).toEqual([size, 1]);
  });

  test("a set for another zone is the caller's mistake; taking one away from there is nothing", () => {
    const owner = knownName("www.other.test");
    expect(() => layerZone(zone.tree, [{ kind: "replace", rrset: { ...setOf("www A 10.0.0.1"), owner } }])).toThrow(
      RangeError,
    );
    expect(recordCount(layerZone(zone.tree, [{ kind: "delete", owner }]))).toBe(8);
  });
});

describe("reading a tree", () => {
  const { zone } = zoneOfLines(BASE, "corp.test");

  test("every set comes in canonical order of owners, in the case they were first written", () => {
    const { zone } = zoneOfLines(
      "z A 10.0.0.1\nB.a TXT x\n@ TXT y\nb.A 60 A 10.0.0.2\n* A 10.0.0.3\nyY.z A 10.0.0.4\n\\200 A 10.0.0.5",
      "Corp.test",
    );
    expect([...zoneRecords(zone.tree)].map(showSet)).toEqual([
      'Corp.test. 300 TXT "y"',
      "*.Corp.test. 300 A 10.0.0.3",
      "B.a.Corp.test. 60 A 10.0.0.2",
      'B.a.Corp.test. 300 TXT "x"',
      "z.Corp.test. 300 A 10.0.0.1",
      "yY.z.Corp.test. 300 A 10.0.0.4",
      "\\200.Corp.test. 300 A 10.0.0.5",
    ]);
  });

  test("records of a set keep the order of the file, wherever they stand in it", () => {
    const { zone } = zoneOfLines(
      "a A 10.0.0.9\nb TXT x\na TXT x\na A 10.0.0.1\nb A 10.0.0.1\nA A 10.0.0.5",
      "corp.test",
    );
    const node = findNode(zone.tree, knownName("a.corp.test")) ?? NaN;
    expect(rrsetsAt(zone.tree, node).map(showSet)).toEqual([
      "a.corp.test. 300 A 10.0.0.9 | 10.0.0.1 | 10.0.0.5",
      'a.corp.test. 300 TXT "x"',
    ]);
  });

  test("a set can be read under its own name or another", () => {
    const node = findNode(zone.tree, knownName("oLD.corp.test")) ?? NaN;
    expect(formatName(nodeName(zone.tree, node))).toBe("Old.corp.test.");
    expect(formatName(rrsetAt(zone.tree, node, A)?.owner ?? zone.origin)).toBe("Old.corp.test.");
    expect(formatName(rrsetAt(zone.tree, node, A, knownName("x.test"))?.owner ?? zone.origin)).toBe("x.test.");
    expect(rrsetAt(zone.tree, node, CNAME)).toBeUndefined();
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8].map((round) => ({ round })))(
    "names that meet in the hash table, also at its end, are all found (round $round)",
    ({ round }) => {
      const names = Array.from({ length: 127 * round }, (_, i) => `n${i}.r${round}`);
      const { tree } = zoneOfLines(names.map((name) => `${name} A 10.0.0.1`).join("\n"), "corp.test").zone;
      expect(names.filter((name) => findNode(tree, knownName(`${name}.corp.test`)) === undefined)).toEqual([]);
      expect(findNode(tree, knownName(`n.r${round}.corp.test`))).toBeUndefined();
    },
  );

  test("a name outside the zone, or a wildcard's, is not found", () => {
    expect(findNode(zone.tree, knownName("old.corp.example"))).toBeUndefined();
    expect(findNode(zone.tree, knownName("test"))).toBeUndefined();
    expect(findNode(zone.tree, knownName("x.wild.corp.test"))).toBeUndefined();
  });

  test("an empty zone has an apex, also at the root", () => {
    const tree = emptyZoneTree(knownName("."));
    expect([recordCount(tree), nodeCount(tree), [...zoneRecords(tree)]]).toEqual([0, 1, []]);
    expect(findNode(tree, knownName("."))).toBe(tree.root);
    expect(findNode(tree, knownName("a"))).toBeUndefined();
  });
});

describe("a tree on another thread", () => {
  test("is the same memory, not a copy", () => {
    const { zone } = zoneOfLines(BASE, "corp.test");
    const clone = structuredClone(zone.tree.base);
    const arrays = [
      ...Object.values(clone).filter((value) => ArrayBuffer.isView(value)),
      ...clone.files.map((file) => file.lineStarts),
    ];
    expect(arrays.filter((array) => array.buffer instanceof SharedArrayBuffer)).toHaveLength(14);
    clone.setTtl[0] = 12345;
    expect(zone.tree.base.setTtl[0]).toBe(12345);
  });

  test("knows lines of its files without their text", () => {
    const builder = new ZoneBuilder(knownName("corp.test"));
    for (const file of ["one A 10.0.0.1\ntwo A 10.0.0.2", "\n\n\n two A 10.0.0.3"])
      for (const record of recordsOfLines(file, "corp.test")) builder.add(record);
    const tree = structuredClone(builder.finish(new Diagnostics()));
    const node = findNode(tree, knownName("two.corp.test")) ?? NaN;
    expect(rrsetAt(tree, node, A)?.places?.map(formatPosition)).toEqual(["test.zone:2:1", "test.zone:4:2"]);
    expect(tree.base.files.map((file) => "text" in file)).toEqual([false, false]);
  });
});
