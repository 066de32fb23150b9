import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { KEYS, type ObjectName } from "../topology/keys.ts";
import { oneLine } from "./origin-text.ts";

/** A value to be written, with comments above what they belong to. */
export type Tree = string | number | boolean | Lines | List | Branch;

/** Text of several lines, written as a block. */
export interface Lines {
  readonly kind: "lines";
  readonly text: string;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly { readonly value: Tree; readonly comments?: readonly string[] }[];
}

/** A map, in the order it is written. */
export interface Branch {
  readonly kind: "map";
  readonly entries: readonly Twig[];
}

export interface Twig {
  readonly key: string;
  readonly value: Tree;
  readonly comments?: readonly string[];
}

/** Writes YAML that any parser reads as the same values: what could be taken for something else is quoted. */
export function formatYaml(root: Branch, head: readonly string[]): string {
  const document = new Document(nodeOf(root));
  document.commentBefore = commentText(head) ?? null;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/**
 * An object of the topology with its keys in the order of the table of keys. A key without a value is left out; one value
 * stands alone.
 */
export function objectTree<O extends ObjectName>(
  object: O,
  values: { readonly [K in keyof (typeof KEYS)[O]]?: Tree | readonly string[] | undefined },
): Branch {
  const given: ReadonlyMap<string, unknown> = new Map(Object.entries(values));
  const entries = Object.keys(KEYS[object]).flatMap((key) => {
    const value = given.get(key);
    return isTree(value) ? [{ key, value }] : isTexts(value) ? oneOrMore(key, value) : [];
  });
  return { kind: "map", entries };
}

function isTree(value: unknown): value is Tree {
  if (typeof value === "object") return value !== null && "kind" in value;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function oneOrMore(key: string, texts: readonly string[]): Twig[] {
  const [first, ...more] = texts;
  if (first === undefined) return [];
  return [{ key, value: more.length === 0 ? first : { kind: "list", items: texts.map((value) => ({ value })) } }];
}

function nodeOf(tree: Tree): Node {
  if (typeof tree !== "object") return new Scalar(tree);
  switch (tree.kind) {
    case "lines": {
      const block = new Scalar(tree.text);
      block.type = Scalar.BLOCK_LITERAL;
      return block;
    }
    case "list":
      return listNode(tree);
    case "map":
      return mapNode(tree);
  }
}

function listNode({ items }: List): Node {
  const list = new YAMLSeq<Node>();
  for (const { value, comments = [] } of items) {
    const node = nodeOf(value);
    const comment = commentText(comments);
    if (comment !== undefined) node.commentBefore = comment;
    list.items.push(node);
  }
  // What fits one line stands on it: addresses, names.
  list.flow =
    items.every(({ value, comments }) => typeof value === "string" && value.length < 40 && comments === undefined) &&
    items.length <= 4;
  return list;
}

function mapNode({ entries }: Branch): Node {
  const map = new YAMLMap<Scalar, Node>();
  for (const { key, value, comments = [] } of entries) {
    const name = new Scalar(key);
    const comment = commentText(comments);
    if (comment !== undefined) name.commentBefore = comment;
    map.items.push(new Pair(name, nodeOf(value)));
  }
  map.flow = entries.length === 0;
  return map;
}

function commentText(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.map((line) => ` ${oneLine(line)}`).join("\n");
}
