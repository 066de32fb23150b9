import type { SourceSpan } from "../source/source-file.ts";
import { CATALOGUE, type DiagnosticCode } from "./catalogue.ts";

/** How bad it is: an error stops a start and keeps the old generation at a reload; the others are only shown. */
export type Severity = "error" | "warning" | "info";

/** Something the user should change in a file. Collected, sorted and shown; never thrown. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** A sentence without a full stop that names the thing and what was expected. */
  readonly message: string;
  readonly span: SourceSpan;
  /** Other places the reader must look at to understand, in reading order. */
  readonly related: readonly RelatedPlace[];
  /** What to change, as an order: `add hub to links`. */
  readonly hint?: string;
  /** What a client gets because of it, as the model answers: `myregistry.azurecr.io resolves to 20.45.122.144 from spoke`. */
  readonly effect?: string;
  /** Changes of text that mend it, all of them together: mechanical, and safe. */
  readonly fix?: readonly TextEdit[];
}

/** New text in the place of a stretch of a file; where that is empty, text that is put in. */
export interface TextEdit {
  readonly span: SourceSpan;
  readonly text: string;
}

/** What may be said of a finding beside its sentence and place. */
type Details = Partial<Pick<Diagnostic, "related" | "hint" | "effect" | "fix">>;

/** Another place, with what to see there: `the A record is here`. */
export interface RelatedPlace {
  readonly message: string;
  readonly span: SourceSpan;
}

/** Where rooms of the config flow put what they find; the run goes on to find the rest. */
export class Diagnostics {
  private readonly found: Diagnostic[] = [];

  /** Adds a finding, with the severity its code has in the catalogue. */
  report(code: DiagnosticCode, message: string, span: SourceSpan, more: Details = {}): void {
    const severity = CATALOGUE[code].severity;
    this.found.push({ code, severity, message, span, related: [], ...more });
  }

  /** Takes over what another run found. */
  add(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.found.push(diagnostic);
  }

  /** Whether anything found forbids to go on with the files. */
  get hasErrors(): boolean {
    return this.found.some((diagnostic) => diagnostic.severity === "error");
  }

  /** By file, then place, then as they were found; the same finding at the same place once. */
  sorted(): Diagnostic[] {
    const seen = new Set<string>();
    return this.found
      .filter((diagnostic) => {
        const key = `${diagnostic.span.file.path}\0${diagnostic.span.start}\0${diagnostic.code}\0${diagnostic.message}`;
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      })
      .sort((a, b) => comparePlaces(a.span, b.span));
  }
}

function comparePlaces(a: SourceSpan, b: SourceSpan): number {
  if (a.file.path !== b.file.path) return a.file.path < b.file.path ? -1 : 1;
  return a.start - b.start;
}
