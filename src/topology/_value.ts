import type { SourceSpan } from "../source/source-file.ts";
import type { ZoneText } from "./model.ts";

/**
 * What stands in a topology before it means anything: text, lists and maps with their places. Aliases and merge keys are
 * gone; every scalar is text as written.
 */
export type Value = Text | List | Mapping | Nothing | Broken;

/** Text with its place: all that most readers need. */
export interface Written {
  readonly text: string;
  readonly span: SourceSpan;
}

export interface Text extends Written {
  readonly kind: "text";
  /** The text with the place of each of its chars; worked out when asked, few texts are zone text. */
  places(): ZoneText;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly span: SourceSpan;
}

export interface Mapping {
  readonly kind: "map";
  /** In file order; no key twice. */
  readonly entries: readonly Entry[];
  readonly span: SourceSpan;
}

export interface Entry {
  readonly key: string;
  /** The key's. */
  readonly span: SourceSpan;
  readonly value: Value;
}

/** Nothing after a key or a dash: all defaults. */
export interface Nothing {
  readonly kind: "nothing";
  readonly span: SourceSpan;
}

/** Reported already: whoever meets it says nothing. */
export interface Broken {
  readonly kind: "broken";
  readonly span: SourceSpan;
}

/** The value of `key`, or `undefined`. */
export function entryOf(mapping: Mapping, key: string): Entry | undefined {
  return mapping.entries.find((entry) => entry.key === key);
}

/** The value of `key` in the nearest of the layers that says something about it. */
export function nearestValue(layers: readonly Mapping[], key: string): Value | undefined {
  const values = layers.map((layer) => entryOf(layer, key)?.value);
  return values.find((value) => value !== undefined && value.kind !== "nothing");
}

/** One value or a list of them, as a list. Nothing is none. */
export function oneOrMore(value: Value): readonly Value[] {
  if (value.kind === "list") return value.items;
  return value.kind === "nothing" ? [] : [value];
}
