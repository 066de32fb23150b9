import { nearest } from "../name/nearest.ts";
import { positionOf, type SourceFile, type SourceSpan } from "../source/source-file.ts";
import { LINT_CODES } from "./catalogue/lint.ts";
import { CATALOGUE, type DiagnosticCode } from "./catalogue.ts";
import { type Diagnostic, Diagnostics } from "./diagnostic.ts";
import type { ExcusedFinding } from "./excused-finding.ts";

/** A comment `# privlink-ignore CODE: reason`, or behind `;` in zone-file lines. */
export interface Suppression {
  /** As written; empty where none is. */
  readonly code: string;
  /** Empty where none is given. */
  readonly reason: string;
  /** From the comment's sign to the end of its line. */
  readonly span: SourceSpan;
  /** The first and the last line that it speaks of, counted from 1. */
  readonly lines: readonly [first: number, last: number];
}

/** The word that every such comment begins with: a file without it need not be searched. */
export const SUPPRESSION_WORD = "privlink-ignore";

const COMMENT = /(?<=^|\s)[#;]+[ \t]*privlink-ignore(?![\w-])([^\n]*)/;
/** A line that holds nothing, or a comment alone. */
const NO_CONTENT = /^\s*(?:[#;]|$)/;

/**
 * The comments of a file, in order. One behind content speaks of its own line; one on a line of its own speaks of the next
 * line that has content, so several may stand above one another.
 */
export function findSuppressions(file: SourceFile): Suppression[] {
  const { text = "", lineStarts } = file;
  const found: Suppression[] = [];
  for (let at = text.indexOf(SUPPRESSION_WORD); at !== -1; at = text.indexOf(SUPPRESSION_WORD, at + 1)) {
    const line = positionOf({ file, start: at, end: at }).line;
    const start = lineStarts[line - 1] ?? 0;
    const content = lineAt(file, line);
    const match = COMMENT.exec(content);
    // An odd number of quotes before it: it stands inside a string.
    if (match === null || quotesIn(content.slice(0, match.index)) % 2 === 1) continue;
    const [, rest = ""] = match;
    const colon = rest.indexOf(":");
    const [code, reason] = colon === -1 ? [rest, ""] : [rest.slice(0, colon), rest.slice(colon + 1)];
    const span = { file, start: start + match.index, end: start + match.index + match[0].trimEnd().length };
    const last = NO_CONTENT.test(content) ? nextContent(file, line + 1) : line;
    found.push({ code: code.trim(), reason: reason.trim(), span, lines: [line, last] });
    at = start + content.length; // One comment for a line.
  }
  return found;
}

function lineAt({ text = "", lineStarts }: SourceFile, line: number): string {
  return text.slice(lineStarts[line - 1] ?? text.length, (lineStarts[line] ?? text.length + 1) - 1);
}

function quotesIn(text: string): number {
  return text.replace(/\\./g, "").split('"').length - 1;
}

function nextContent(file: SourceFile, from: number): number {
  let line = from;
  while (line <= file.lineStarts.length && NO_CONTENT.test(lineAt(file, line))) line += 1;
  return line;
}

/** Findings that are told, and those that a comment excuses. */
export interface Sifted {
  readonly told: readonly Diagnostic[];
  readonly excused: readonly ExcusedFinding[];
}

/**
 * Takes out what comments excuse, and adds what is wrong with the comments: no reason, a code that is none or is an error of
 * loading, nothing to excuse. A comment that is wrong excuses nothing. `isComplete`: whether everything was looked for; while
 * files cannot be loaded the rules have not spoken, and a comment about them may well be of use.
 *
 * Errors of loading stay: no command works with such files, whatever a comment says (docs/decisions/0039).
 */
export function suppress(found: readonly Diagnostic[], comments: readonly Suppression[], isComplete: boolean): Sifted {
  if (comments.length === 0) return { told: found, excused: [] };
  const diagnostics = new Diagnostics();
  const sound = comments.filter((comment) => isSound(comment, diagnostics));
  const used = new Set<Suppression>();
  const excused: ExcusedFinding[] = [];
  for (const finding of found) {
    const comment = sound.find((one) => speaksOf(one, finding));
    if (comment === undefined) {
      diagnostics.add([finding]);
      continue;
    }
    used.add(comment);
    excused.push({ finding, by: "comment", reason: comment.reason });
  }
  for (const { code, span } of isComplete ? sound.filter((one) => !used.has(one)) : [])
    diagnostics.report("suppression/unused", `${code} is not found here, so nothing is ignored`, span, {
      hint: "remove the comment, or put it on the line of the finding or right above it",
    });
  return { told: diagnostics.sorted(), excused };
}

function speaksOf({ code, span, lines: [first, last] }: Suppression, finding: Diagnostic): boolean {
  if (finding.code !== code || finding.span.file.path !== span.file.path) return false;
  const { line } = positionOf(finding.span);
  return line >= first && line <= last;
}

/** Whether findings of a code may be excused: all but the errors that keep files from being loaded. */
export function isExcusable(code: DiagnosticCode): boolean {
  return CATALOGUE[code].severity !== "error" || Object.hasOwn(LINT_CODES, code);
}

function isSound({ code, reason, span }: Suppression, diagnostics: Diagnostics): boolean {
  const known = Object.keys(CATALOGUE).find((one): one is DiagnosticCode => one === code);
  if (known === undefined) {
    const near = nearest(code, Object.keys(CATALOGUE));
    const message = code === "" ? "privlink-ignore names no code" : `${code} is no code`;
    diagnostics.report("suppression/unknown-code", message, span, {
      hint: near === undefined ? "write privlink-ignore CODE: reason" : `did you mean ${near}?`,
    });
    return false;
  }
  if (!isExcusable(known)) {
    const message = `${code} is an error, and no command can use files that have one`;
    diagnostics.report("suppression/of-error", message, span, { hint: "mend the error, and remove the comment" });
    return false;
  }
  if (reason !== "") return true;
  diagnostics.report("suppression/no-reason", `${code} is ignored without a reason, so it is not ignored`, span, {
    hint: `write privlink-ignore ${code}: and why`,
  });
  return false;
}
