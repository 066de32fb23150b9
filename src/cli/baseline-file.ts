import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { type BaselineEntry, readBaseline, siftByBaseline, writeBaseline } from "../diagnostics/baseline.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Sifted } from "../diagnostics/suppressions.ts";
import { ProjectFiles } from "../project/project-files.ts";
import type { SourceFile } from "../source/source-file.ts";
import { writeWholeFile } from "./write-whole-file.ts";

/** The baseline of a run of `check`, at the path that was typed. */
export class BaselineFile {
  private readonly path: string;
  private readonly folder: string;
  private readonly cwd: string;

  constructor(path: string, cwd: string) {
    this.path = path;
    this.cwd = cwd;
    this.folder = dirname(resolve(cwd, path));
  }

  /** What it has, or why that cannot be said: a sentence. */
  read(): readonly BaselineEntry[] | string {
    const absolute = resolve(this.cwd, this.path);
    if (!existsSync(absolute)) return `${this.path} does not exist: --write-baseline writes it`;
    const read = new ProjectFiles(this.folder, this.cwd).open(absolute, "unicode");
    if (read.kind === "problem") return `${this.path} ${read.message}`;
    const baseline = readBaseline(read.file);
    return baseline.kind === "problem" ? `${this.path} ${baseline.message}` : baseline.entries;
  }

  /** Writes these findings; a sentence where that cannot be. */
  write(found: readonly Diagnostic[]): string | undefined {
    const problem = writeWholeFile(resolve(this.cwd, this.path), writeBaseline(found, this.pathOf));
    return problem === undefined ? undefined : `${this.path} ${problem}`;
  }

  /** `checked`: absolute paths of the files that everything was looked for in. Entries of files that are gone are stale too. */
  sift(found: readonly Diagnostic[], entries: readonly BaselineEntry[], checked: ReadonlySet<string>): Sifted {
    return siftByBaseline(found, entries, this.pathOf, ({ path }) => {
      const absolute = resolve(this.folder, path);
      return checked.has(absolute) || !existsSync(absolute);
    });
  }

  private readonly pathOf = ({ path }: SourceFile): string => relative(this.folder, resolve(this.cwd, path));
}
