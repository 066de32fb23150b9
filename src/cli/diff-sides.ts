import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Diagnostic, Diagnostics } from "../diagnostics/diagnostic.ts";
import { importAzure } from "../exchange/import-azure.ts";
import { TOPOLOGY_PATH, writeDraft } from "../exchange/write-draft.ts";
import type { ProjectRequest } from "../project/find-project.ts";
import { findRevision, readRevisionName } from "../project/find-revision.ts";
import { runLoad } from "../project/load-order.ts";
import { loadProject } from "../project/load-project.ts";
import { ProjectFiles } from "../project/project-files.ts";
import { TextFiles } from "../project/text-files.ts";
import { TOPOLOGY_NAMES } from "../project/topology-path.ts";
import { type CompileInput, compile } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Io } from "./io.ts";
import { loadOrder } from "./project.ts";

/** One side of a comparison, read. */
export type SideResult =
  | { readonly kind: "side"; readonly snapshot: Snapshot }
  /** There is nothing to read: a sentence without a full stop. */
  | { readonly kind: "problem"; readonly message: string }
  /** What is there has errors. */
  | { readonly kind: "invalid"; readonly errors: readonly Diagnostic[] };

/** What a side is read with. */
export interface SideContext {
  readonly io: Io;
  /** `-c`: which topology is meant where a side does not say it. */
  readonly config?: string;
}

/** A kind of thing that can be a side of a comparison. */
export interface SideKind {
  /** Whether a word of the command line is meant so. */
  takes(word: string): boolean;
  read(word: string, context: SideContext): SideResult;
}

/** `git:REVISION[:PATH]`: the files as a commit has them. */
const REVISION_SIDE: SideKind = {
  takes: (word) => readRevisionName(word) !== undefined,
  read(word, { io, config }) {
    const name = readRevisionName(word);
    const found = name === undefined ? undefined : findRevision(name, io.cwd, config);
    if (found?.kind !== "found") return { kind: "problem", message: found?.message ?? `${word} names no revision` };
    const loaded = loadProject(found.entry, found.files);
    return sideOf(loaded.input, loaded.diagnostics, loaded.hasErrors);
  },
};

const PLAN = /\.json(?::(before|after))?$/;

/** Whether a word names a Terraform plan whose two sides are to be compared. */
export function isWholePlan(word: string): boolean {
  return PLAN.exec(word)?.[0] === ".json";
}

/** `plan.json`, with `:before` as it is before the plan is applied: what `terraform show -json` prints. */
const PLAN_SIDE: SideKind = {
  takes: (word) => PLAN.test(word),
  read(word, { io }) {
    const path = word.replace(/:(?:before|after)$/, "");
    const opened = new ProjectFiles(dirname(resolve(io.cwd, path)), io.cwd).open(path, "unicode");
    if (opened.kind === "problem") return { kind: "problem", message: `${path} ${opened.message}` };
    const side = word.endsWith(":before") ? "before" : "after";
    const imported = importAzure("terraform", [opened.file], { parameters: [], side });
    if (imported.kind === "problem") return imported;
    const { files, unmapped } = writeDraft(imported.draft, []);
    if (unmapped.length > 0)
      io.stderr(
        `privlink: ${word}: ${unmapped.length} things are not in the model: privlink import terraform tells which\n`,
      );
    const texts = new TextFiles(files, basename(path));
    const entry = texts.open(TOPOLOGY_PATH, "unicode");
    if (entry.kind === "problem") return entry;
    const loaded = loadProject(entry.file, texts);
    return sideOf(loaded.input, loaded.diagnostics, loaded.hasErrors);
  },
};

/** A topology, a folder with one, zone files and folders of them. */
const FILES_SIDE: SideKind = {
  takes: () => true,
  read(word, { io }) {
    if (!existsSync(resolve(io.cwd, word)))
      return { kind: "problem", message: `${word} does not exist: a commit is written git:${word}` };
    return load({ paths: [word], networks: [] }, io);
  },
};

/** The first that takes a word reads it. */
const SIDE_KINDS: readonly SideKind[] = [REVISION_SIDE, PLAN_SIDE, FILES_SIDE];

export function readSide(word: string, context: SideContext): SideResult {
  const kind = SIDE_KINDS.find((one) => one.takes(word)) ?? FILES_SIDE;
  return kind.read(word, context);
}

/** The topology that is meant where the command runs; `undefined` when there is none. */
export function topologyHere({ io, config }: SideContext): string | undefined {
  return config ?? TOPOLOGY_NAMES.find((name) => existsSync(join(io.cwd, name)));
}

function load(request: ProjectRequest, io: Io): SideResult {
  const loaded = runLoad(loadOrder(request, io));
  switch (loaded.kind) {
    case "problem":
      return loaded;
    case "unchanged":
      throw new Error("a first load found nothing new");
    case "loaded":
      return sideOf(loaded.input, loaded.diagnostics, loaded.hasErrors);
  }
}

function sideOf(input: CompileInput, diagnostics: readonly Diagnostic[], hasErrors: boolean): SideResult {
  if (hasErrors) return { kind: "invalid", errors: diagnostics.filter(({ severity }) => severity === "error") };
  return { kind: "side", snapshot: compile(input, new Diagnostics()) };
}
