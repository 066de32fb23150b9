import type { SourceSpan } from "../source/source-file.ts";

/** What is drawn, before anybody draws it: boxes, groups of them, and arrows. Every id is there once. */
export interface Picture {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** A network: what stands in it lies in one frame. */
export interface Group {
  readonly id: string;
  readonly lines: readonly string[];
}

export interface PictureNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** The first says what it is called. */
  readonly lines: readonly string[];
  /** The id of its group. */
  readonly group?: string;
  /** Where the files say so. */
  readonly span?: SourceSpan;
}

export type NodeKind =
  | "clients"
  | "resolver"
  | "endpoint"
  | "zone"
  | "ruleset"
  | "public"
  /** An address that is nobody of the model. */
  | "outside"
  /** How a question ended. */
  | "private-answer"
  | "public-answer"
  | "no-answer"
  /** What is wrong, in words. */
  | "reason";

export interface PictureEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly lines: readonly string[];
  readonly span?: SourceSpan;
}

/** In the order in which styles are written. */
export const EDGE_KINDS = [
  "asks",
  "link",
  /** A link that no client has anything of. */
  "unused",
  "rule",
  "writes",
  /** A link that is missing or does nothing, a way that leads nowhere, a reason. */
  "broken",
  /** A step of a question whose answer is private, public, or neither. */
  "private-step",
  "public-step",
  "step",
] as const;

export type EdgeKind = (typeof EDGE_KINDS)[number];

/** Puts a picture together: the same box or arrow is drawn once, whoever mentions it. */
export class Easel {
  private readonly groups = new Map<string, Group>();
  private readonly nodes = new Map<string, PictureNode>();
  private readonly edges = new Map<string, PictureEdge>();
  private readonly ids = new Map<string, string>();
  private readonly taken = new Set<string>();

  group(name: string, lines: readonly string[]): string {
    const id = this.idOf("network", name);
    this.groups.set(id, { id, lines });
    return id;
  }

  /** The id of the frame of a network, drawn or not yet. */
  groupOf(network: string): string {
    return this.idOf("network", network);
  }

  /** The id of a box that is drawn elsewhere. */
  idFor(kind: NodeKind, name: string): string {
    return this.idOf(kind, name);
  }

  /** Draws a box, if it is not there yet, and gives its id. `name` is what makes it the same one. */
  node(kind: NodeKind, name: string, lines: readonly string[], more: Pick<PictureNode, "group" | "span"> = {}): string {
    const id = this.idOf(kind, name);
    if (!this.nodes.has(id)) this.nodes.set(id, { id, kind, lines, ...more });
    return id;
  }

  /** Draws an arrow. Those of one kind between two boxes are one, with all that is written at them. */
  edge(kind: EdgeKind, from: string, to: string, lines: readonly string[] = [], span?: SourceSpan): void {
    const id = this.idOf("edge", `${kind} ${from} ${to}`);
    const before = this.edges.get(id);
    const all = [...new Set([...(before?.lines ?? []), ...lines])];
    const place = before?.span ?? span;
    this.edges.set(id, { id, from, to, kind, lines: all, ...(place === undefined ? {} : { span: place }) });
  }

  /** The picture so far, in the order in which it was drawn. */
  picture(title: string): Picture {
    return {
      title,
      groups: [...this.groups.values()],
      nodes: [...this.nodes.values()],
      edges: [...this.edges.values()],
    };
  }

  /** A word that every picture language takes as it is, as near to the name as that allows. */
  private idOf(kind: string, name: string): string {
    const key = `${kind}\0${name}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const word = `${kind}_${name}`
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replace(/_$/, "");
    let id = word;
    for (let count = 2; this.taken.has(id); count++) id = `${word}_${count}`;
    this.taken.add(id);
    this.ids.set(key, id);
    return id;
  }
}
