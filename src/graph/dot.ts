import { formatLine, type SourceSpan } from "../source/source-file.ts";
import { shownLines } from "./_shown-lines.ts";
import { EDGE_LOOKS, NODE_LOOKS, type NodeLook } from "./palette.ts";
import type { Group, Picture, PictureEdge, PictureNode } from "./picture.ts";

const SHAPES: Readonly<Record<NodeLook["shape"], string>> = {
  box: 'shape=box style="filled"',
  rounded: 'shape=box style="filled,rounded"',
  cylinder: 'shape=cylinder style="filled"',
  note: 'shape=note style="filled"',
};

/** The picture in DOT: ids and kinds are there as `id` and `class`, so that a style sheet finds them in the SVG. */
export function dotOf({ title, groups, nodes, edges }: Picture): string {
  const lines = [
    "digraph privlink {",
    `  label=${quoted(title)}; labelloc=t; fontsize=16;`,
    '  rankdir=LR; ranksep=0.8; nodesep=0.3; bgcolor="#ffffff"; fontname="Arial"; newrank=true;',
    '  node [fontname="Arial" fontsize=12 margin="0.15,0.08" color="#4a5568" fontcolor="#1a202c"];',
    '  edge [fontname="Arial" fontsize=10 color="#4a5568"];',
    ...groups.flatMap((group) => groupLines(group, nodes)),
    ...nodes.filter(({ group }) => group === undefined).map((node) => `  ${nodeText(node)}`),
    ...edges.map((edge) => `  ${edgeText(edge)}`),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function groupLines({ id, lines }: Group, nodes: readonly PictureNode[]): string[] {
  const inside = nodes.filter(({ group }) => group === id);
  return [
    `  subgraph cluster_${id} {`,
    `    id=${quoted(id)}; class="network"; label=${leftAligned(lines)}; labeljust=l; fontsize=13;`,
    '    style="filled,rounded"; fillcolor="#f7fafc"; color="#cbd5e0"; fontcolor="#2d3748"; margin=14;',
    ...inside.map((node) => `    ${nodeText(node)}`),
    "  }",
  ];
}

function nodeText({ id, kind, lines, span }: PictureNode): string {
  const { shape, fill, line } = NODE_LOOKS[kind];
  const look = `${SHAPES[shape]} fillcolor=${quoted(fill)} color=${quoted(line)}`;
  return `${id} [id=${quoted(id)} class=${quoted(kind)} label=${labelOf(lines)} ${look}${tooltip(span)}];`;
}

function edgeText({ id, from, to, kind, lines, span }: PictureEdge): string {
  const { line, dash, width } = EDGE_LOOKS[kind];
  const label = lines.length === 0 ? "" : ` label=${labelOf(shownLines(lines))} fontcolor=${quoted(line)}`;
  const look = `color=${quoted(line)} style=${dash} penwidth=${width}`;
  return `${from} -> ${to} [id=${quoted(id)} class=${quoted(kind)}${label} ${look}${tooltip(span)}];`;
}

function tooltip(span: SourceSpan | undefined): string {
  return span === undefined ? "" : ` tooltip=${quoted(formatLine(span))}`;
}

/** Without empty lines: Graphviz reads past its memory where a label starts with one. */
function labelOf(lines: readonly string[]): string {
  return quoted(lines.filter((line) => line !== "").join("\n"));
}

/** Lines that start at the left: each ends with what DOT calls `\\l`. */
function leftAligned(lines: readonly string[]): string {
  return `"${lines.map((line) => `${quoted(line).slice(1, -1)}\\l`).join("")}"`;
}

/** A quoted string: a backslash would start an escape of DOT, so it is doubled. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
