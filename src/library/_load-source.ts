import { posix } from "node:path";
import { type Diagnostic, Diagnostics } from "../diagnostics/diagnostic.ts";
import { findProject } from "../project/find-project.ts";
import { loadProject } from "../project/load-project.ts";
import { type ListenOverride, overrideTopology } from "../project/override-topology.ts";
import type { FileAccess } from "../project/project-files.ts";
import { TextFiles } from "../project/text-files.ts";
import { renderCompact } from "../report/compact.ts";
import { type CompileInput, compile } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SourceFile } from "../source/source-file.ts";

/** Where a model comes from: a topology on the disk, or its text with those of the files it names, by path. */
export type Source =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "text"; readonly topology: string; readonly files: ReadonlyMap<string, string> };

/** A model that was read and compiled, and can be compiled again with listeners of one's own. */
export interface Loaded {
  readonly kind: "loaded";
  readonly snapshot: Snapshot;
  readonly input: CompileInput;
  readonly entry: SourceFile;
  /** Warnings and notes: with an error nothing is loaded. */
  readonly diagnostics: readonly Diagnostic[];
}

/** There is no such model: why, and what is wrong with the files, where it is the files. */
export interface LoadProblem {
  readonly kind: "problem";
  readonly message: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What places of a topology that stands in no file begin with. */
const LABEL = "given";
const TOPOLOGY = "privlink.yaml";

/** Reads, checks and compiles a model, here and now. `folder`: what the path of a topology is relative to. */
export function loadSource(source: Source, folder: string): Loaded | LoadProblem {
  const opened = open(source, folder);
  if (opened.kind === "problem") return { ...opened, diagnostics: [] };
  const { entry, files } = opened;
  const { input, snapshot, diagnostics, hasErrors } = loadProject(entry, files);
  if (!hasErrors) return { kind: "loaded", snapshot, input, entry, diagnostics };
  return { kind: "problem", message: `${entry.path} cannot be used:\n${errorLines(diagnostics)}`, diagnostics };
}

/** As many as fit a message that somebody reads in the output of a test. */
const TOLD_AT_MOST = 10;

function errorLines(diagnostics: readonly Diagnostic[]): string {
  const lines = diagnostics.filter(({ severity }) => severity === "error").map((one) => renderCompact(one).trimEnd());
  const untold = lines.length - TOLD_AT_MOST;
  return [...lines.slice(0, TOLD_AT_MOST), ...(untold > 0 ? [`and ${untold} more`] : [])].join("\n");
}

/** The snapshot of the same model with other listeners; the sentence of why nobody of it can be heard so. */
export function withListeners({ input, entry }: Loaded, listen: readonly ListenOverride[]): Snapshot | string {
  const topology = overrideTopology(input.topology, { listen }, { file: entry, start: 0, end: 0 });
  if (typeof topology === "string") return topology.replace(/^--/, "");
  return compile({ ...input, topology }, new Diagnostics());
}

interface Opened {
  readonly kind: "opened";
  readonly entry: SourceFile;
  readonly files: FileAccess;
}

function open(source: Source, folder: string): Opened | { readonly kind: "problem"; readonly message: string } {
  if (source.kind === "file") {
    const found = findProject({ config: source.path, paths: [], networks: [] }, folder, folder);
    return found.kind === "problem" ? found : { kind: "opened", entry: found.entry, files: found.files };
  }
  const texts = [...source.files].map(([path, text]) => [posix.normalize(path), text] as const);
  const files = new TextFiles(new Map([...texts, [TOPOLOGY, source.topology]]), LABEL);
  const read = files.open(TOPOLOGY, "unicode");
  return read.kind === "problem" ? read : { kind: "opened", entry: read.file, files };
}
