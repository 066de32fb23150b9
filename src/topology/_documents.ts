import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import { asMapping, asText, ObjectReader } from "./_object-reader.ts";
import { parseYaml } from "./_parse-yaml.ts";
import { isFilePattern } from "./_pattern.ts";
import { entryOf, type Mapping, type Text, type Value } from "./_value.ts";
import type { KeyOf } from "./keys.ts";
import type { TopologyPorts } from "./ports.ts";

/** One file of a topology, with the defaults that hold in it. */
export interface TopologyDocument {
  readonly file: SourceFile;
  readonly root: ObjectReader<"topology">;
  /** By what they are defaults of; the nearest file first. */
  readonly defaults: DefaultLayers;
}

export type DefaultLayers = ReadonlyMap<KeyOf<"defaults">, readonly Mapping[]>;

export interface LoadedDocuments {
  /** The entry, then what it includes, in the order it is written. */
  readonly documents: readonly TopologyDocument[];
  /** Whether every file was there and understood. If not, what seems to be missing may be in the rest. */
  readonly complete: boolean;
}

/** Reads the entry and everything it includes; each file once. */
export function loadDocuments(entry: SourceFile, ports: TopologyPorts, diagnostics: Diagnostics): LoadedDocuments {
  const loader = new Loader(ports, diagnostics);
  loader.load(entry, new Map());
  return loader;
}

const DEFAULT_KINDS = [
  "network",
  "zone",
  "ruleset",
  "resolver",
  "service",
  "endpoint",
] as const satisfies readonly KeyOf<"defaults">[];

/** A walk over the files, deepest first; owns the list of what was seen. */
class Loader implements LoadedDocuments {
  readonly documents: TopologyDocument[] = [];
  complete = true;
  private readonly ports: TopologyPorts;
  private readonly diagnostics: Diagnostics;
  private readonly seen = new Map<string, SourceFile>();

  constructor(ports: TopologyPorts, diagnostics: Diagnostics) {
    this.ports = ports;
    this.diagnostics = diagnostics;
  }

  load(file: SourceFile, outer: DefaultLayers): void {
    this.seen.set(file.path, file);
    const { value, complete } = parseYaml(file, this.diagnostics);
    if (!complete) this.complete = false;
    const mapping = asMapping(value, "a topology", this.diagnostics);
    if (mapping === undefined) {
      this.complete = false;
      return;
    }
    const place = { what: "the topology", layers: [mapping], span: { file, start: 0, end: 0 } };
    const root = new ObjectReader("topology", place, this.diagnostics);
    const defaults = this.defaultsOf(root, outer);
    this.documents.push({ file, root, defaults });
    for (const item of root.items("include")) {
      const text = asText(item, "include", this.diagnostics);
      if (text === undefined) this.complete = false;
      else this.include(text, file, defaults);
    }
  }

  private defaultsOf(root: ObjectReader<"topology">, outer: DefaultLayers): DefaultLayers {
    const value = root.value("defaults");
    const mapping = value === undefined ? undefined : asMapping(value, "defaults", this.diagnostics);
    if (mapping === undefined) return outer;
    const reader = new ObjectReader(
      "defaults",
      { what: "defaults", layers: [mapping], span: mapping.span },
      this.diagnostics,
    );
    const layers = new Map(outer);
    for (const kind of DEFAULT_KINDS) {
      const own = reader.value(kind);
      const ownMapping = own === undefined ? undefined : asMapping(own, `defaults.${kind}`, this.diagnostics);
      if (ownMapping !== undefined) layers.set(kind, [ownMapping, ...(outer.get(kind) ?? [])]);
    }
    return layers;
  }

  private include(text: Text, from: SourceFile, defaults: DefaultLayers): void {
    if (!isFilePattern(text.text)) {
      this.includeOne(text.text, text, from, defaults);
      return;
    }
    const found = [...this.ports.list(text.text, from)].sort();
    if (found.length === 0) this.fail(text, `${text.text} matches no file`);
    for (const path of found) this.includeOne(path, text, from, defaults);
  }

  /** A pattern may match what is there already, such as the file it stands in; a file named twice is a mistake. */
  private includeOne(path: string, text: Text, from: SourceFile, defaults: DefaultLayers): void {
    const result = this.ports.read(path, from);
    if (result.kind === "problem") {
      this.fail(text, `${path} ${result.message}`);
      return;
    }
    if (!this.seen.has(result.file.path)) this.load(result.file, defaults);
    else if (!isFilePattern(text.text)) {
      const what = result.file.path === from.path ? "is this file itself" : "is a part of this topology already";
      this.fail(text, `${path} ${what}`, "include a file once");
    }
  }

  private fail(text: Text, message: string, hint?: string): void {
    this.complete = false;
    this.diagnostics.report("topology/include", message, text.span, hint === undefined ? {} : { hint });
  }
}

/** What the files say about a top-level list, in order: `listen` and `expect` may be spread over files. */
export function itemsOf(documents: readonly TopologyDocument[], key: "listen" | "expect"): readonly Value[] {
  return documents.flatMap(({ root }) => root.items(key));
}

/** One mapping made of a top-level object that several files may say parts of; a part said twice is reported. */
export function joinedMapping(
  documents: readonly TopologyDocument[],
  key: "public" | "assume",
  diagnostics: Diagnostics,
): Mapping | undefined {
  let joined: Mapping | undefined;
  for (const { root } of documents) {
    const value = root.value(key);
    const mapping = value === undefined ? undefined : asMapping(value, key, diagnostics);
    if (mapping === undefined) continue;
    const before: Mapping = joined ?? { ...mapping, entries: [] };
    const fresh = mapping.entries.filter((entry) => {
      const first = entryOf(before, entry.key);
      if (first === undefined) return true;
      const related = [{ message: `${entry.key} stands here first`, span: first.span }];
      const message = `${key}.${entry.key} is in two files, expected it once`;
      diagnostics.report("topology/duplicate-key", message, entry.span, { related });
      return false;
    });
    joined = { ...before, entries: [...before.entries, ...fresh] };
  }
  return joined;
}
