import { resolve } from "node:path";
import { applyEdits } from "../diagnostics/apply-edits.ts";
import type { Diagnostic, TextEdit } from "../diagnostics/diagnostic.ts";
import { withFindings } from "../lint/lint.ts";
import { EditedFiles } from "../project/edited-files.ts";
import { type FoundProject, findProject, type ProjectRequest } from "../project/find-project.ts";
import { loadProject } from "../project/load-project.ts";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import type { FileChange } from "./file-change.ts";
import type { Io } from "./io.ts";

/** What mending a project came to. */
export interface Mended {
  readonly kind: "mended";
  /** Findings that are gone, as they were. */
  readonly mended: readonly Diagnostic[];
  /** What is found with the changes made. */
  readonly left: readonly Diagnostic[];
  readonly changes: readonly FileChange[];
}

/** Fixes that stand in each other's way are taken one after another, each round with the places as they are then. */
const MOST_ROUNDS = 100;

/** Findings that a fix may uncover, each behind the other. */
const MOST_UNCOVERED = 4;

/**
 * Works out the changes that mend what can be mended, and writes nothing. A fix is taken when, with it made, its finding is
 * gone and nothing is found that was not there before: what a fix cannot see, an alias or a reference elsewhere, speaks up so.
 * `isTold` says which findings count: what somebody excused is left alone.
 */
export function mend(
  request: ProjectRequest,
  io: Pick<Io, "cwd" | "exampleFolder">,
  isTold: (finding: Diagnostic) => boolean = () => true,
): Mended | { readonly kind: "problem"; readonly message: string } {
  const found = findProject(request, io.cwd, io.exampleFolder);
  if (found.kind === "problem") return found;
  const draft = new Draft(found, io.cwd);
  const mended: Diagnostic[] = [];
  let left = draft.findings();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const taken = takeFixes(draft, left.filter(isTold), left);
    if (taken.length === 0) break;
    mended.push(...taken);
    left = draft.findings();
  }
  return { kind: "mended", mended, left, changes: draft.changes() };
}

/** Takes all fixes together where that is right, else one after another as long as their places hold. */
function takeFixes(draft: Draft, findings: readonly Diagnostic[], all: readonly Diagnostic[]): Diagnostic[] {
  const fixable = findings.filter(({ fix = [] }) => fix.length > 0);
  if (fixable.length === 0) return [];
  if (draft.take(fixable, all)) return fixable;
  const one = fixable.find((finding) => draft.take([finding], all));
  return one === undefined ? [] : [one]; // The places of the others have moved: the next round has them anew.
}

/** Texts of a project's files as they would be. */
class Draft {
  private readonly found: FoundProject;
  private readonly cwd: string;
  private texts: ReadonlyMap<string, string> = new Map();
  private readonly originals = new Map<string, Omit<FileChange, "after">>();

  constructor(found: FoundProject, cwd: string) {
    this.found = found;
    this.cwd = cwd;
  }

  findings(texts = this.texts): readonly Diagnostic[] {
    const { entry, files } = this.found;
    const text = texts.get(resolve(this.cwd, entry.path));
    const start = text === undefined ? entry : sourceFile(entry.path, text, entry.encoding);
    const { snapshot, diagnostics } = loadProject(start, new EditedFiles(files, this.cwd, texts));
    return withFindings(() => snapshot, diagnostics);
  }

  /**
   * Keeps the fixes of some of the findings if they do what they are for, and nothing else. What they uncover and can be mended
   * as well is mended with them: a zone by its right name may lack a link.
   */
  take(chosen: readonly Diagnostic[], before: readonly Diagnostic[]): boolean {
    const known = new Set(before.map(identityOf));
    const wanted = chosen.map(identityOf);
    let next = chosen;
    let texts = this.texts;
    for (let depth = 0; depth < MOST_UNCOVERED; depth++) {
      const edited = this.edited(
        texts,
        next.flatMap(({ fix = [] }) => fix),
      );
      if (edited === undefined) return false;
      texts = edited;
      const after = this.findings(texts);
      const found = new Set(after.map(identityOf));
      if (wanted.some((identity) => found.has(identity))) return false;
      next = after.filter((finding) => !known.has(identityOf(finding)));
      if (next.length === 0) {
        this.texts = texts;
        return true;
      }
      if (next.some(({ fix = [] }) => fix.length === 0)) return false;
    }
    return false;
  }

  changes(): FileChange[] {
    return [...this.originals.values()].flatMap((original) => {
      const after = this.texts.get(original.absolute);
      return after === undefined || after === original.before ? [] : [{ ...original, after }];
    });
  }

  private edited(
    from: ReadonlyMap<string, string>,
    edits: readonly TextEdit[],
  ): ReadonlyMap<string, string> | undefined {
    const texts = new Map(from);
    const files = new Map(edits.map(({ span }) => [span.file.path, span.file]));
    for (const [path, file] of files) {
      const absolute = resolve(this.cwd, path);
      const text = texts.get(absolute) ?? this.original(absolute, file);
      const own = edits.filter(({ span }) => span.file.path === path);
      const made = text === undefined ? undefined : applyEdits(text, own);
      if (made === undefined) return undefined;
      texts.set(absolute, made);
    }
    return texts;
  }

  /** What a file holds; `undefined` for what is none, such as the model that stands for a command line. */
  private original(absolute: string, { path, encoding }: SourceFile): string | undefined {
    const read = this.found.files.open(path, encoding);
    const before = read.kind === "file" ? read.file.text : undefined;
    if (before !== undefined) this.originals.set(absolute, { path, absolute, encoding, before });
    return before;
  }
}

/** A finding whatever line it stands in: changes above move it. */
function identityOf({ code, message, span }: Diagnostic): string {
  return `${span.file.path}\0${code}\0${message}`;
}
