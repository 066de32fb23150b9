import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { nearest } from "../name/nearest.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { someOf } from "./_some-of.ts";
import { type Entry, entryOf, type List, type Mapping, oneOrMore, type Text, type Value } from "./_value.ts";
import { IGNORED_KEY, KEYS, type KeyEntry, type KeyOf, type ObjectName } from "./keys.ts";
import { keyPath } from "./model.ts";

/** Reads one text; `undefined` when it reported what is wrong. */
export type ReadText<T> = (text: Text, diagnostics: Diagnostics) => T | undefined;

/** Where an object is read from, and how to speak of it. */
export interface ObjectPlace {
  /** For sentences: `network hub`. */
  readonly what: string;
  /** The object's own map first, then the defaults, nearest first. */
  readonly layers: readonly Mapping[];
  /** Where it is declared: its key. */
  readonly span: SourceSpan;
  /** Defaults are objects that may lack what is required. */
  readonly isPartial?: boolean;
}

/**
 * A cursor over the keys of one object: gives parsed values, keeps their places, and reports what is unknown, missing or
 * of the wrong shape. Only keys of the table can be asked for.
 */
export class ObjectReader<O extends ObjectName> {
  readonly what: string;
  readonly span: SourceSpan;
  readonly diagnostics: Diagnostics;
  /** Where the values read so far stand, by path. */
  readonly spans = new Map<string, SourceSpan>();
  private readonly layers: readonly Mapping[];
  readonly isPartial: boolean;

  constructor(object: O, { what, layers, span, isPartial = false }: ObjectPlace, diagnostics: Diagnostics) {
    this.what = what;
    this.layers = layers;
    this.span = span;
    this.isPartial = isPartial;
    this.diagnostics = diagnostics;
    // Defaults are looked at where they stand, once.
    const own = layers[0];
    const meant = own === undefined ? new Map<string, SourceSpan>() : reportUnknownKeys(object, own, diagnostics);
    // A key that is misspelt is told as that, and not as missing besides.
    for (const [key, place] of meant) this.spans.set(key, place);
    for (const [key, entry] of Object.entries<KeyEntry>(KEYS[object])) {
      if (entry.required === true && !isPartial && this.find(key) === undefined && !meant.has(key))
        this.reportMissing(key);
    }
  }

  /** The nearest value of the key; nothing after a key is as if the key were not there. */
  value(key: KeyOf<O>): Value | undefined {
    const entry = this.find(key);
    if (entry === undefined) return undefined;
    this.spans.set(key, entry.value.span);
    return entry.value;
  }

  has(key: KeyOf<O>): boolean {
    return this.find(key) !== undefined;
  }

  /** Where the value of the key stands, or the object. */
  placeOf(key: KeyOf<O>): SourceSpan {
    return this.find(key)?.value.span ?? this.span;
  }

  /** The one text of the key. */
  text(key: KeyOf<O>): Text | undefined {
    const value = this.value(key);
    return value === undefined ? undefined : asText(value, key, this.diagnostics);
  }

  one<T>(key: KeyOf<O>, read: ReadText<T>): T | undefined {
    const text = this.text(key);
    return text === undefined ? undefined : read(text, this.diagnostics);
  }

  /** One text or a list of them, what could not be read left out; places are `key[i]`, counted as returned. */
  many<T>(key: KeyOf<O>, read: ReadText<T>): T[] {
    const found: T[] = [];
    for (const item of this.items(key)) {
      const text = asText(item, key, this.diagnostics);
      const value = text === undefined ? undefined : read(text, this.diagnostics);
      if (value === undefined) continue;
      this.spans.set(`${key}[${found.length}]`, item.span);
      found.push(value);
    }
    return found;
  }

  /** As `many`, for a text that may mean several things: they share its place. */
  manyFlat<T>(key: KeyOf<O>, read: ReadText<readonly T[]>): T[] {
    const found: T[] = [];
    for (const item of this.items(key)) {
      const text = asText(item, key, this.diagnostics);
      for (const value of (text === undefined ? undefined : read(text, this.diagnostics)) ?? []) {
        this.spans.set(`${key}[${found.length}]`, item.span);
        found.push(value);
      }
    }
    return found;
  }

  items(key: KeyOf<O>): readonly Value[] {
    const value = this.value(key);
    return value === undefined ? [] : oneOrMore(value);
  }

  /** The entries of a key that takes a map. */
  entries(key: KeyOf<O>): readonly Entry[] {
    const value = this.value(key);
    if (value === undefined) return [];
    return asMapping(value, key, this.diagnostics)?.entries ?? [];
  }

  /** A map from names to one text each; places are `key.name`, of the names themselves `key.name@key`. */
  record<T>(key: KeyOf<O>, read: ReadText<T>): Map<string, T> {
    const found = new Map<string, T>();
    for (const entry of this.entries(key)) {
      const text = asText(entry.value, `${key}.${entry.key}`, this.diagnostics);
      const value = text === undefined ? undefined : read(text, this.diagnostics);
      if (value === undefined) continue;
      const path = `${key}.${entry.key}`;
      this.spans.set(path, entry.value.span);
      this.spans.set(keyPath(path), entry.span);
      found.set(entry.key, value);
    }
    return found;
  }

  private find(key: string): Entry | undefined {
    for (const layer of this.layers) {
      const entry = entryOf(layer, key);
      if (entry !== undefined && entry.value.kind !== "nothing") return entry;
    }
    return undefined;
  }

  private reportMissing(key: string): void {
    this.diagnostics.report("topology/missing-key", `${this.what} has no ${key}, expected one`, this.span, {
      hint: `write ${key}: and what it is`,
    });
  }
}

/** Gives the keys that were meant, as far as one can tell, with where they stand. */
function reportUnknownKeys(object: ObjectName, mapping: Mapping, diagnostics: Diagnostics): Map<string, SourceSpan> {
  const known = Object.keys(KEYS[object]);
  const meant = new Map<string, SourceSpan>();
  for (const { key, span } of mapping.entries) {
    if (known.includes(key) || (object === "topology" && IGNORED_KEY.test(key))) continue;
    const near = nearest(key, known);
    if (near !== undefined) meant.set(near, span);
    const hint = near === undefined ? `keys here: ${known.join(", ")}` : `did you mean ${near}?`;
    const owner = object === "topology" ? "a topology" : `${object === "defaults" ? "" : "the object "}${object}`;
    diagnostics.report("topology/unknown-key", `${key} is no key of ${owner}`, span, { hint });
  }
  return meant;
}

/** The text that the value is; what is none is reported. */
export function asText(value: Value, key: string, diagnostics: Diagnostics): Text | undefined {
  switch (value.kind) {
    case "text":
      return value;
    case "nothing":
      diagnostics.report("topology/wrong-shape", `${key} has nothing in it, expected text`, value.span);
      break;
    case "list":
    case "map":
      diagnostics.report("topology/wrong-shape", `${key} takes text here, found a ${value.kind}`, value.span);
      break;
    case "broken":
      break;
  }
  return undefined;
}

/**
 * The map that the value is; what is none is reported. With a `main` key, anything but a map stands for a map of that
 * key alone (the main field may stand for the object).
 */
export function asMapping(value: Value, what: string, diagnostics: Diagnostics, main?: string): Mapping | undefined {
  switch (value.kind) {
    case "map":
      return value;
    case "nothing":
      return { kind: "map", entries: [], span: value.span };
    case "text":
    case "list":
      if (main !== undefined)
        return { kind: "map", entries: [{ key: main, span: value.span, value }], span: value.span };
      reportNoMapping(value, what, diagnostics);
      break;
    case "broken":
      break;
  }
  return undefined;
}

function reportNoMapping({ kind, span }: Text | List, what: string, diagnostics: Diagnostics): void {
  const hint = kind === "list" ? "write NAME: before each, without the dash" : "write its keys, each with a colon";
  const found = kind === "list" ? "a list" : "text";
  diagnostics.report("topology/wrong-shape", `${what} takes a map, found ${found}`, span, { hint });
}

/** A reader of a word out of a few. */
export function choiceOf<const T extends string>(...words: readonly T[]): ReadText<T> {
  return (text, diagnostics) => {
    const found = words.find((word) => word === text.text);
    if (found !== undefined) return found;
    const near = nearest(text.text, words);
    const hint = near === undefined ? {} : { hint: `did you mean ${near}?` };
    const message = `${text.text} is not one of ${someOf(words, 10)}`;
    diagnostics.report("topology/bad-value", message, text.span, hint);
    return undefined;
  };
}
