import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { array, assert, asyncProperty, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { loadProject } from "../../src/project/load-project.ts";
import { ProjectFiles } from "../../src/project/project-files.ts";
import { loadText } from "../../test/support/memory-files.ts";
import { explain } from "../explain/explain.ts";
import { knownName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { resolveOffline } from "../resolve/resolve.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { sourceFile } from "../source/source-file.ts";
import { dotOf } from "./dot.ts";
import { estatePicture } from "./estate-picture.ts";
import { mermaidOf } from "./mermaid.ts";
import { pathPicture } from "./path-picture.ts";
import { Easel, type Picture } from "./picture.ts";
import { svgOf } from "./svg.ts";

const ESTATES = join(import.meta.dirname, "..", "..", "test", "estates");
const estates = readdirSync(ESTATES).filter((name) => name.endsWith(".yaml"));

function estate(name: string): Snapshot {
  const entry = sourceFile(name, readFileSync(join(ESTATES, name), "utf8"));
  return loadProject(entry, new ProjectFiles(ESTATES, ESTATES)).snapshot;
}

function path(snapshot: Snapshot, text: string): Picture {
  const question = { name: knownName(text), type: RecordTypes.A };
  return pathPicture(
    Array.from(snapshot.topology.networks.keys(), (network) =>
      explain(snapshot, network, resolveOffline(snapshot, { kind: "servers-of", network }, question), {
        kind: "network",
        network,
      }),
    ),
  );
}

interface Box {
  readonly id: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The boxes of an SVG by their outermost points: every shape that Graphviz draws a node with. */
function boxesOf(svg: string): Box[] {
  return [...svg.matchAll(/<g id="([^"]+)" class="node[^"]*">(.*?)<\/g>\n(?=<g|<\/g>)/gs)].map(
    ([, id = "", inside = ""]) => {
      const shape = /(?:points|d)="([^"]+)"/.exec(inside)?.[1] ?? "";
      const numbers = Array.from(shape.matchAll(/-?[\d.]+/g), ([number]) => Number(number));
      const xs = numbers.filter((_, i) => i % 2 === 0);
      const ys = numbers.filter((_, i) => i % 2 === 1);
      return { id, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
    },
  );
}

function overlaps(boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.id} lies over ${b.id}`),
  );
}

function idsOf(svg: string): string[] {
  return Array.from(svg.matchAll(/ id="([^"]+)"/g), ([, id = ""]) => id);
}

/** Networks around a hub, each with an endpoint; every third is linked to its zone, the others forgot it. */
function wideEstate(spokes: number): string {
  const numbers = Array.from({ length: spokes }, (_, i) => i + 1);
  const lines = (make: (i: number) => string): string => numbers.map(make).join("\n");
  return `defaults: { network: { kind: azure } }
networks:
  hub: { prefixes: 10.0.0.0/16, subnets: { endpoints: 10.0.1.0/24 }, peers: [${numbers.map((i) => `spoke-${i}`).join(", ")}] }
${lines((i) => `  spoke-${i}: { prefixes: 10.${i}.0.0/16 }`)}
zones:
  privatelink.azurecr.io: { links: [hub, ${numbers
    .filter((i) => i % 3 === 0)
    .map((i) => `spoke-${i}`)
    .join(", ")}] }
services:
${lines((i) => `  registry${i}: { type: azure/container-registry, location: westeurope }`)}
endpoints:
${lines((i) => `  endpoint-${i}: { network: hub, service: registry${i}, privateDns: privatelink.azurecr.io }`)}
`;
}

describe("a picture of a model", () => {
  test.each(estates)("%s: every arrow has two boxes, every id is there once", (name) => {
    const { groups, nodes, edges } = estatePicture(estate(name));
    const ids = [...groups, ...nodes, ...edges].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const drawn = new Set(nodes.map(({ id }) => id));
    expect(edges.filter(({ from, to }) => !drawn.has(from) || !drawn.has(to))).toEqual([]);
    const frames = new Set(groups.map(({ id }) => id));
    expect(nodes.filter(({ group }) => group !== undefined && !frames.has(group))).toEqual([]);
    expect(nodes.filter(({ lines }) => lines.length === 0)).toEqual([]);
  });

  test.each(estates)("%s: no box lies over another", async (name) => {
    const picture = estatePicture(estate(name));
    const boxes = boxesOf(await svgOf(picture));
    expect(boxes.map(({ id }) => id).toSorted()).toEqual(picture.nodes.map(({ id }) => id).toSorted());
    expect(overlaps(boxes)).toEqual([]);
  });

  test("of more than thirty boxes has none over another, and every id once", async () => {
    const svg = await svgOf(estatePicture(loadText(wideEstate(12)).snapshot));
    const boxes = boxesOf(svg);
    expect(boxes.length).toBeGreaterThan(30);
    expect(overlaps(boxes)).toEqual([]);
    const ids = idsOf(svg);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("two boxes that lie over one another are found", () => {
    const box = { id: "a", left: 0, right: 10, top: 0, bottom: 10 };
    expect(overlaps([box, { ...box, id: "b", left: 9, right: 19 }])).toEqual(["a lies over b"]);
    expect(overlaps([box, { ...box, id: "b", left: 10, right: 19 }])).toEqual([]);
  });
});

describe("what is broken", () => {
  const network = "prefixes: 10.0.0.0/16, subnets: { endpoints: 10.0.1.0/24 }, peers: spoke";
  const model = (links: string, more = "", spoke = ""): Snapshot =>
    loadText(`defaults: { network: { kind: azure } }
networks:
  hub: { ${network} }
  spoke: { prefixes: 10.1.0.0/16${spoke} }
zones:
  privatelink.azurecr.io: { links: ${links} }
services:
  registry: { type: azure/container-registry, location: westeurope }
endpoints:
  endpoint: { network: hub, service: registry, privateDns: privatelink.azurecr.io${more} }
`).snapshot;

  test.each([
    { fault: "a forgotten link", snapshot: model("hub"), from: "resolver_spoke_platform", says: "no link" },
    {
      fault: "a link that is not finished",
      snapshot: model("[hub, { network: spoke, state: inProgress }]"),
      from: "resolver_spoke_platform",
      says: "link not finished",
    },
    {
      fault: "an endpoint that nobody approved",
      snapshot: model("[hub, spoke]", ", connection: pending"),
      from: "endpoint_endpoint",
      says: "pending: no records",
    },
    {
      fault: "a server that is not there",
      snapshot: model("[hub, spoke]", "", ", dns: 10.0.0.99"),
      from: "clients_spoke",
      says: "no resolver stands at 10.0.0.99 in network hub",
    },
  ])("$fault is a red arrow with a label and a class", async ({ snapshot, from, says }) => {
    const picture = estatePicture(snapshot);
    const broken = picture.edges.filter(({ kind }) => kind === "broken");
    expect(broken.map((edge) => edge.from)).toContain(from);
    expect(broken.flatMap(({ lines }) => lines)).toContain(says);
    const svg = await svgOf(picture);
    for (const { id } of broken) {
      const drawn = new RegExp(`<g id="${id}" class="edge broken">.*?stroke="#c53030".*?<text .*?</g>`, "s");
      expect(svg).toMatch(drawn);
    }
  });

  test("is not there where everybody is linked", () => {
    expect(estatePicture(model("[hub, spoke]")).edges.filter(({ kind }) => kind === "broken")).toEqual([]);
  });

  test("is not there where the other network has no way to the endpoint", () => {
    const snapshot = loadText(wideEstate(3).replace(/peers: \[.*\]/, "peers: [spoke-3]")).snapshot;
    expect(estatePicture(snapshot).edges.filter(({ kind }) => kind === "broken")).toEqual([]);
  });
});

describe("the ways of a name", () => {
  const snapshot = estate("0-contract-example.yaml");

  test("end at one answer where they meet", () => {
    const { nodes } = path(snapshot, "myregistry.azurecr.io");
    const answers = nodes.filter(({ kind }) => kind.endsWith("-answer"));
    expect(answers.map(({ lines }) => lines)).toEqual([["10.0.0.7", "private"]]);
  });

  test("have every asker, and every arrow two boxes", async () => {
    const picture = path(snapshot, "myregistry.azurecr.io");
    const askers = picture.nodes.filter(({ kind }) => kind === "clients").map(({ lines }) => lines[0]);
    expect(askers).toEqual([...snapshot.topology.networks.keys()]);
    const drawn = new Set(picture.nodes.map(({ id }) => id));
    expect(picture.edges.filter(({ from, to }) => !drawn.has(from) || !drawn.has(to))).toEqual([]);
    expect(overlaps(boxesOf(await svgOf(picture)))).toEqual([]);
  });

  test.each(estates)("%s: of any name that it expects something of are drawn", (name) => {
    const model = estate(name);
    const names = model.topology.expectations.flatMap((expectation) => expectation.names);
    for (const asked of names.flatMap((one) => (one.kind === "name" ? [one.name] : []))) {
      const question = { name: asked, type: RecordTypes.A };
      const pictures = Array.from(model.topology.networks.keys(), (network) => {
        const resolution = resolveOffline(model, { kind: "servers-of", network }, question);
        return pathPicture([explain(model, network, resolution)]);
      });
      for (const { nodes, edges } of pictures) {
        expect(edges.length).toBeGreaterThanOrEqual(nodes.length - 1);
        expect(nodes.some(({ kind }) => kind.endsWith("-answer"))).toBe(true);
      }
    }
  });
});

describe("any text at all", () => {
  const texts = array(string({ maxLength: 12, unit: "grapheme" }), { minLength: 1, maxLength: 3 });

  test("stays inside its label, in DOT, Mermaid and SVG", async () => {
    await assert(
      asyncProperty(texts, texts, async (first, second) => {
        const easel = new Easel();
        const a = easel.node("zone", first.join(" "), first);
        const b = easel.node("resolver", second.join(" "), second);
        easel.edge("broken", a, b, second);
        const picture = easel.picture(first.join(" "));
        const svg = await svgOf(picture);
        expect(
          boxesOf(svg)
            .map(({ id }) => id)
            .toSorted(),
        ).toEqual([a, b].toSorted());
        expect(dotOf(picture).split("\n")).toHaveLength(10);
        const lines = mermaidOf(picture).split("\n");
        expect(lines.filter((line) => line.includes("-->"))).toHaveLength(1);
        expect(lines).toHaveLength(11);
      }),
      { numRuns: 60 },
    );
  });
});
