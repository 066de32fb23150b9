import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";
import { type ScalarStyle, scalarPlaces } from "./_scalar-places.ts";
import type { Entry, Value } from "./_value.ts";
import type { YamlProblem } from "./_yaml-faults.ts";
import { YamlPlaces } from "./_yaml-places.ts";
import { reportYamlProblems } from "./_yaml-problems.ts";

/** Aliases may make a file mean more values than it has chars; past this many it is an attack, or a mistake. */
const MAX_ALIASED_VALUES = 250_000;
/** Nobody nests deeper by hand: the keys of a topology go five levels down. */
const MAX_DEPTH = 64;

export interface ParsedYaml {
  readonly value: Value;
  /** Whether every key of the file was understood. If not, what seems to be missing may be there. */
  readonly complete: boolean;
}

/**
 * Reads YAML 1.2 (schema failsafe: scalars are text) into plain values with places; every problem becomes a diagnostic,
 * and the value around it is `broken`, so that nothing is said about it twice.
 */
export function parseYaml(file: SourceFile, diagnostics: Diagnostics): ParsedYaml {
  const text = file.text ?? "";
  const whole = { file, start: 0, end: text.length };
  let document: Document.Parsed;
  try {
    // Double keys are looked for below, with folding and at both places; the library's way is quadratic.
    document = parseDocument(text, { schema: "failsafe", uniqueKeys: false, prettyErrors: false });
  } catch (problem) {
    // Its own limits end in an exception, such as a RangeError for nesting that no stack holds.
    diagnostics.report("topology/syntax", `the YAML reader gave up: ${messageOf(problem)}`, { ...whole, end: 0 });
    return { value: { kind: "broken", span: whole }, complete: false };
  }
  const problems: readonly YamlProblem[] = [...document.errors, ...document.warnings];
  const isShapeKnown = reportYamlProblems(file, problems, new YamlPlaces(document, text), diagnostics);
  const reader = new NodeReader(file, diagnostics, problems);
  const value = reader.valueOf(document.contents, whole, 0);
  return { value, complete: isShapeKnown && !reader.lostKeys };
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : "it does not say why";
}

interface Anchored {
  readonly value: Value;
  /** How many values it holds, aliases inside it written out. */
  readonly size: number;
}

/** A cursor over the nodes of one document, in file order: an alias means the last anchor of its name before it. */
class NodeReader {
  /** Whether keys that others may refer to are missing from what was read. */
  lostKeys = false;
  private readonly file: SourceFile;
  private readonly diagnostics: Diagnostics;
  private readonly problems: readonly YamlProblem[];
  /** `undefined` while the anchored value is being read. */
  private readonly anchors = new Map<string, Anchored | undefined>();
  private size = 0;
  private aliased = 0;

  constructor(file: SourceFile, diagnostics: Diagnostics, problems: readonly YamlProblem[]) {
    this.file = file;
    this.diagnostics = diagnostics;
    // A second document is no fault of the first one's last value.
    this.problems = problems.filter(({ code }) => code !== "MULTIPLE_DOCS");
  }

  /** Reads one node; `around` is where nothing stands, when nothing does. */
  valueOf(node: unknown, around: SourceSpan, depth: number): Value {
    this.size += 1;
    if (isAlias(node)) return this.aliasedValue(node.source, this.spanOf(node, around));
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor === undefined) return this.ownValue(node, around, depth);
    this.anchors.set(anchor, undefined);
    const before = this.size;
    const value = this.ownValue(node, around, depth);
    this.anchors.set(anchor, { value, size: this.size - before + 1 });
    return value;
  }

  private ownValue(node: unknown, around: SourceSpan, depth: number): Value {
    const span = this.spanOf(node, around);
    if (depth > MAX_DEPTH)
      return this.broken("topology/syntax", `values are nested more than ${MAX_DEPTH} levels deep`, span);
    if (isMap(node)) return { kind: "map", entries: this.entriesOf(node, depth), span };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.child(item, span, depth));
      return { kind: "list", items, span };
    }
    return isScalar(node) ? this.scalar(node, span, around) : { kind: "nothing", span: around };
  }

  private scalar(node: Scalar, span: SourceSpan, around: SourceSpan): Value {
    const text = typeof node.value === "string" ? node.value : "";
    const style = styleOf(node.type);
    if (style === "PLAIN" && text === "") return { kind: "nothing", span: around };
    return { kind: "text", text, span, places: () => scalarPlaces(text, style, span) };
  }

  /** A value inside another one: broken when the YAML reader found a problem in it and in none of its own parts. */
  private child(node: unknown, around: SourceSpan, depth: number): Value {
    const value = this.valueOf(node, around, depth + 1);
    if (value.kind !== "broken" && !this.isAtFault(node)) return value;
    // What stands right below the top holds the keys that others refer to.
    if (depth === 0) this.lostKeys = true;
    return { kind: "broken", span: value.span };
  }

  private isAtFault(node: unknown): boolean {
    const range = rangeOf(node);
    if (range === undefined || this.problems.length === 0) return false;
    const parts = partsOf(node);
    return this.problems.some((problem) => touches(problem, range) && !parts.some((part) => touches(problem, part)));
  }

  /** The entries in file order, merge keys (`<<`) written out: what is said here wins, then the first that says it. */
  private entriesOf(map: YAMLMap, depth: number): Entry[] {
    const own = new Map<string, SourceSpan>();
    const entries: Entry[] = [];
    const merges: { readonly at: number; readonly entries: readonly Entry[] }[] = [];
    for (const pair of map.items) {
      const key = this.isAtFault(pair.key) ? undefined : this.keyOf(pair);
      if (key === undefined) {
        this.lostKeys = true;
        continue;
      }
      const value = this.child(pair.value, key.span, depth);
      if (key.isMerge) {
        merges.push({ at: entries.length, entries: this.mergedEntries(value) });
        continue;
      }
      const first = own.get(key.text);
      if (first === undefined) entries.push({ key: key.text, span: key.span, value });
      else this.reportDouble(key.text, key.span, first);
      own.set(key.text, first ?? key.span);
    }
    return merges.length === 0 ? entries : this.merge(entries, merges, own);
  }

  private reportDouble(key: string, span: SourceSpan, first: SourceSpan): void {
    const related = [{ message: `${key} stands here first`, span: first }];
    this.diagnostics.report("topology/duplicate-key", `${key} is here twice, expected it once`, span, { related });
  }

  private merge(
    entries: readonly Entry[],
    merges: readonly { readonly at: number; readonly entries: readonly Entry[] }[],
    own: ReadonlyMap<string, SourceSpan>,
  ): Entry[] {
    const taken = new Set(own.keys());
    const merged: Entry[] = [];
    for (let at = 0; at <= entries.length; at++) {
      for (const entry of merges.filter((merge) => merge.at === at).flatMap((merge) => merge.entries)) {
        if (taken.has(entry.key)) continue;
        taken.add(entry.key);
        merged.push(entry);
      }
      merged.push(...entries.slice(at, at + 1));
    }
    return merged;
  }

  private mergedEntries(value: Value): readonly Entry[] {
    switch (value.kind) {
      case "map":
        return value.entries;
      case "list":
        return value.items.flatMap((item) => this.mergedEntries(item));
      case "text":
        this.broken("topology/wrong-shape", "<< takes a map or a list of maps, found text", value.span);
        break;
      case "broken":
        this.lostKeys = true;
        break;
      case "nothing":
        break;
    }
    return [];
  }

  private keyOf(
    pair: Pair,
  ): { readonly text: string; readonly span: SourceSpan; readonly isMerge: boolean } | undefined {
    const { key } = pair;
    const span = this.spanOf(key, this.spanOf(pair.value, { file: this.file, start: 0, end: 0 }));
    if (!isScalar(key) || typeof key.value !== "string" || key.value === "") {
      this.broken("topology/wrong-shape", "expected a key of text", span);
      return undefined;
    }
    return { text: key.value, span, isMerge: key.value === "<<" && key.type === "PLAIN" };
  }

  private aliasedValue(name: string, span: SourceSpan): Value {
    const anchored = this.anchors.get(name);
    if (anchored !== undefined) {
      this.aliased += anchored.size;
      this.size += anchored.size - 1;
      if (this.aliased <= MAX_ALIASED_VALUES) return anchored.value;
      return this.broken(
        "topology/alias",
        `aliases make more than ${MAX_ALIASED_VALUES} values, *${name} is one too many`,
        span,
      );
    }
    if (this.anchors.has(name))
      return this.broken("topology/alias", `*${name} stands inside the value it refers to`, span);
    const quoted = `"*${name}"`;
    // In YAML a star starts an alias, in a topology a pattern or a wildcard.
    return this.broken(
      "topology/unquoted",
      `*${name} must be quoted: there is no anchor &${name} before it`,
      span,
      `write ${quoted}`,
    );
  }

  private broken(
    code: "topology/syntax" | "topology/wrong-shape" | "topology/alias" | "topology/unquoted",
    message: string,
    span: SourceSpan,
    hint?: string,
  ): Value {
    this.diagnostics.report(code, message, span, hint === undefined ? {} : { hint });
    return { kind: "broken", span };
  }

  private spanOf(node: unknown, around: SourceSpan): SourceSpan {
    const range = isNodeWithRange(node) ? node.range : undefined;
    return range === undefined ? around : { file: this.file, start: range[0], end: range[1] };
  }
}

type Range = readonly [start: number, valueEnd: number, nodeEnd: number];

function isNodeWithRange(node: unknown): node is Node & { readonly range: Range } {
  return (isAlias(node) || isScalar(node) || isMap(node) || isSeq(node)) && Array.isArray(node.range);
}

/** Where a node, or key and value of a pair, stand; what follows a value on its line counts. */
function rangeOf(node: unknown): readonly [number, number] | undefined {
  return isNodeWithRange(node) ? [node.range[0], node.range[2]] : undefined;
}

function partsOf(node: unknown): (readonly [number, number])[] {
  const parts = isSeq(node) ? node.items : isMap(node) ? node.items.flatMap((pair) => [pair.key, pair.value]) : [];
  return parts.map(rangeOf).filter((range) => range !== undefined);
}

function touches(problem: YamlProblem, [start, end]: readonly [number, number]): boolean {
  return problem.pos[0] <= end && problem.pos[1] >= start;
}

/** A scalar that stands nowhere has no style: it reads as a plain one. */
function styleOf(type: Scalar["type"]): ScalarStyle {
  return type === undefined || type === null ? "PLAIN" : type;
}
