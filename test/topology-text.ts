import { posix } from "node:path";
import { type Diagnostic, Diagnostics } from "../src/diagnostics/diagnostic.ts";
import { parseName } from "../src/name/name-text.ts";
import { positionOf, type SourceFile, type SourceSpan, sourceFile } from "../src/source/source-file.ts";
import { matchesPattern } from "../src/topology/_pattern.ts";
import type { Topology } from "../src/topology/model.ts";
import type { TopologyPorts } from "../src/topology/ports.ts";
import { readTopology } from "../src/topology/read-topology.ts";

/** A topology read out of memory, with what was found, as `line:column code` of the main file or `path:line:column code`. */
export interface ReadText {
  readonly topology: Topology;
  readonly found: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `text` as `main.yaml`, with other files of the same folder tree by path. */
export function readText(text: string, files: Readonly<Record<string, string>> = {}): ReadText {
  const diagnostics = new Diagnostics();
  const topology = readTopology(sourceFile("main.yaml", text), memoryPorts(files), diagnostics);
  const sorted = diagnostics.sorted();
  return { topology, diagnostics: sorted, found: sorted.map(({ span, code }) => `${placeOf(span)} ${code}`) };
}

/** `line:column`, with the file when it is another one than the main file. */
export function placeOf(span: SourceSpan): string {
  const { line, column } = positionOf(span);
  return `${span.file.path === "main.yaml" ? "" : `${span.file.path}:`}${line}:${column}`;
}

/** Files that are not on any disk. */
export function memoryPorts(files: Readonly<Record<string, string>>): TopologyPorts {
  const pathOf = (path: string, from: SourceFile): string => posix.join(posix.dirname(from.path), path);
  return {
    read(path, from) {
      const text = files[pathOf(path, from)];
      if (text === undefined) return { kind: "problem", message: "does not exist" };
      return { kind: "file", file: sourceFile(pathOf(path, from), text) };
    },
    list(pattern, from) {
      const wanted = pathOf(pattern, from).replace("**/", "");
      const found = Object.keys(files).filter((path) => matchesPattern(wanted, path));
      return found.map((path) => posix.relative(posix.dirname(from.path), path));
    },
    originOf(path, from) {
      const text = files[pathOf(path, from)];
      if (text === undefined) return { kind: "problem", message: "does not exist" };
      const origin = /^\$ORIGIN\s+(\S+)/m.exec(text)?.[1];
      const parsed = origin === undefined ? undefined : parseName(origin);
      return parsed?.kind === "name" ? { kind: "origin", origin: parsed.name } : { kind: "origin" };
    },
  };
}
