import { shownLines } from "./_shown-lines.ts";
import { EDGE_LOOKS, type EdgeLook, NODE_LOOKS, type NodeLook } from "./palette.ts";
import { EDGE_KINDS, type Picture, type PictureEdge, type PictureNode } from "./picture.ts";

const SHAPES: Readonly<Record<NodeLook["shape"], readonly [string, string]>> = {
  box: ["[", "]"],
  rounded: ["(", ")"],
  cylinder: ["[(", ")]"],
  note: [">", "]"],
};

const DASHES: Readonly<Record<EdgeLook["dash"], string>> = {
  solid: "",
  dashed: ",stroke-dasharray:6 3",
};

/** The picture in Mermaid, as code forges show it in a text. */
export function mermaidOf({ title, groups, nodes, edges }: Picture): string {
  const kinds = new Set(nodes.map(({ kind }) => kind));
  const lines = [
    "---",
    `title: ${JSON.stringify(title)}`,
    "---",
    "flowchart LR",
    ...groups.flatMap(({ id, lines: label }) => [
      `  subgraph ${id}[${labelOf(label)}]`,
      ...nodes.filter(({ group }) => group === id).map((node) => `    ${nodeText(node)}`),
      "  end",
    ]),
    ...nodes.filter(({ group }) => group === undefined).map((node) => `  ${nodeText(node)}`),
    ...edges.map((edge) => `  ${edgeText(edge)}`),
    ...Array.from(kinds, (kind) => {
      const { fill, line } = NODE_LOOKS[kind];
      return `  classDef ${kind} fill:${fill},stroke:${line},color:#1a202c`;
    }),
    ...EDGE_KINDS.flatMap((kind) => linkStyle(kind, edges)),
  ];
  return `${lines.join("\n")}\n`;
}

function nodeText({ id, kind, lines }: PictureNode): string {
  const [open, close] = SHAPES[NODE_LOOKS[kind].shape];
  return `${id}${open}${labelOf(lines)}${close}:::${kind}`;
}

function edgeText({ from, to, lines }: PictureEdge): string {
  return lines.length === 0 ? `${from} --> ${to}` : `${from} -->|${labelOf(shownLines(lines))}| ${to}`;
}

/** Arrows have no class in every version of Mermaid: they are styled by their number. */
function linkStyle(kind: PictureEdge["kind"], edges: readonly PictureEdge[]): string[] {
  const numbers = [...edges.entries()].filter(([, edge]) => edge.kind === kind).map(([i]) => i);
  if (numbers.length === 0) return [];
  const { line, dash, width } = EDGE_LOOKS[kind];
  return [`  linkStyle ${numbers.join(",")} stroke:${line},stroke-width:${width}px,color:${line}${DASHES[dash]}`];
}

/** A label in quotes. What would end it, or be taken as markup, is written as an entity. */
function labelOf(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replaceAll("&", "#amp;").replaceAll('"', "#quot;").replaceAll("<", "#lt;").replaceAll(">", "#gt;"),
  );
  return `"${escaped.join("<br>")}"`;
}
