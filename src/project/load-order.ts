import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { CompileInput } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SourceFile } from "../source/source-file.ts";
import { type FoundProject, findProject, type ProjectRequest } from "./find-project.ts";
import { type LoadMemory, newLoadMemory } from "./load-memory.ts";
import { loadProject } from "./load-project.ts";
import { type Overrides, overrideTopology } from "./override-topology.ts";

/** One run of the config flow, as plain data: it may be done on another thread. */
export interface LoadOrder extends Overrides {
  readonly request: ProjectRequest;
  /** Where the command runs. */
  readonly folder: string;
  /** Where the built-in example lies. */
  readonly exampleFolder: string;
  /** The digest of the generation that is there: the same contents need not be loaded again. */
  readonly known?: string;
  /** The most diagnostics that are given, errors before others; all when absent. */
  readonly tellAtMost?: number;
  /** Files of expectations, instead of those of the topology. */
  readonly expectations?: readonly SourceFile[];
  /** Whether to read every file again, also those that look unchanged. */
  readonly afresh?: boolean;
}

export type LoadResult =
  | { readonly kind: "unchanged" }
  /** There is nothing to load: not a file that is wrong, but none that could be. */
  | { readonly kind: "problem"; readonly message: string }
  | LoadedModel;

export interface LoadedModel {
  readonly kind: "loaded";
  readonly digest: string;
  readonly input: CompileInput;
  readonly diagnostics: readonly Diagnostic[];
  /** How many more there are than were to be told. */
  readonly untold: number;
  readonly hasErrors: boolean;
  /** How the user would name the project's first file. */
  readonly name: string;
  readonly isExample: boolean;
  /** Absolute paths of files and folders whose change may change the model. */
  readonly touched: readonly string[];
  /** Absolute paths of the files that could be read: of the project, none outside. */
  readonly files: readonly string[];
}

/** A model that is looked at on the thread that loaded it. */
export interface LoadedHere {
  readonly kind: "loaded";
  readonly model: LoadedModel;
  readonly snapshot: Snapshot;
}

/** A file that is being written is read again after so long, */
const REST_MS = 20;
/** and when it still does not rest, what was read counts: its next change is another load. */
const PATIENCE_MS = 10_000;

/**
 * Finds, reads, parses and checks a project. Everything in the result can cross threads. What `memory` has of an earlier
 * run, and still holds, is not done again.
 */
export function runLoad(order: LoadOrder, memory = newLoadMemory()): LoadResult {
  const result = runLoadHere(order, memory);
  return result.kind === "loaded" ? result.model : result;
}

/**
 * The same, with the snapshot that was compiled on the way, for who stays on this thread: of the files, without what the order
 * lays over them. `onRead` hears of each file before it is read.
 */
export function runLoadHere(
  order: LoadOrder,
  memory = newLoadMemory(),
  onRead?: (path: string) => void,
): LoadedHere | Exclude<LoadResult, LoadedModel> {
  if (order.afresh === true) memory.files.forget();
  for (const end = performance.now() + PATIENCE_MS; ; rest()) {
    const found = findProject(order.request, order.folder, order.exampleFolder, memory);
    if (found.kind === "problem") return found;
    found.files.onRead = onRead;
    const result = loadFound(found, order, memory);
    if (performance.now() > end || !found.files.areBeingWritten()) return result;
  }
}

/** Does nothing for a while, and lets nothing else happen on this thread. */
function rest(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REST_MS);
}

function loadFound(
  { entry, files, isExample, origins }: FoundProject,
  order: LoadOrder,
  memory: LoadMemory,
): ReturnType<typeof runLoadHere> {
  const { input, snapshot, diagnostics, hasErrors } = loadProject(
    entry,
    files,
    memory.zones,
    order.expectations,
    origins,
  );
  if (!hasErrors) memory.files.keepOnly(new Set(files.touched));
  const digest = files.digest();
  if (digest === order.known) return { kind: "unchanged" };
  const overridden = overrideTopology(input.topology, order, { file: entry, start: 0, end: 0 });
  if (typeof overridden === "string") return { kind: "problem", message: overridden };
  const told = worstOf(diagnostics, order.tellAtMost);
  const model: LoadedModel = {
    kind: "loaded",
    digest,
    input: { ...input, topology: overridden },
    diagnostics: told,
    untold: diagnostics.length - told.length,
    hasErrors,
    name: entry.path,
    isExample,
    touched: files.touched,
    files: files.found,
  };
  return { kind: "loaded", model, snapshot };
}

const SEVERITIES = ["error", "warning", "info"] as const;

/** At most so many diagnostics, the worst, in the order that they had. */
function worstOf(diagnostics: readonly Diagnostic[], most = diagnostics.length): readonly Diagnostic[] {
  if (diagnostics.length <= most) return diagnostics;
  const worst = SEVERITIES.flatMap((severity) => diagnostics.filter((one) => one.severity === severity));
  const told = new Set(worst.slice(0, most));
  return diagnostics.filter((one) => told.has(one));
}
