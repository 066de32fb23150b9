import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";

/** What the YAML library reports, of it what is used here. */
export interface YamlProblem {
  readonly code: string;
  readonly pos: readonly [start: number, end: number];
  readonly message: string;
}

/**
 * Says in the words of a topology what the YAML library complains about. Its warnings count as errors: a tag that it
 * does not know turns `!legacy` into no text at all. Returns whether all of it is about single texts, so that the shape
 * of the rest is what was meant.
 */
export function reportYamlProblems(
  file: SourceFile,
  problems: readonly YamlProblem[],
  diagnostics: Diagnostics,
): boolean {
  const text = file.text ?? "";
  const said = new Set<number>();
  const directive = problems.some(({ code }) => code === "BAD_DIRECTIVE");
  let isShapeKnown = !directive;
  for (const problem of problems) {
    // The line that is missing after a directive that is none.
    if (directive && problem.code === "MISSING_CHAR" && problem.message.includes("directives-end")) continue;
    const quoting = toQuote(problem, text);
    const start = quoting?.start ?? Math.min(problem.pos[0], text.length);
    // One fault makes many complaints, all at one place.
    if (said.has(start)) continue;
    said.add(start);
    if (quoting === undefined) {
      isShapeKnown = false;
      const { message, hint } = sentenceOf(problem);
      const end = Math.max(start, Math.min(problem.pos[1], text.length));
      diagnostics.report("topology/syntax", message, { file, start, end }, hint === undefined ? {} : { hint });
    } else {
      const span = { file, start, end: start + quoting.text.length };
      const hint = quoting.hint ?? `write ${JSON.stringify(quoting.text)}`;
      diagnostics.report("topology/unquoted", `${quoting.text} must be quoted: ${quoting.because}`, span, { hint });
    }
  }
  return isShapeKnown;
}

interface ToQuote {
  readonly start: number;
  readonly text: string;
  readonly because: string;
  readonly hint?: string;
}

/** The text that YAML takes for something else, when that is what happened. */
function toQuote(problem: YamlProblem, text: string): ToQuote | undefined {
  const [start] = problem.pos;
  switch (problem.code) {
    case "TAG_RESOLVE_FAILED":
      return { start, text: plainAt(text, start), because: "in YAML a leading ! is a tag" };
    case "BAD_DIRECTIVE":
      return { start, text: plainAt(text, start).replace(/:$/, ""), because: "in YAML a leading % is a directive" };
    case "BAD_SCALAR_START": {
      const found = text.slice(start, lineEndAfter(text, start)).replace(/(?:: .*|:$|\s+#.*|\s+)$/, "");
      const hint = /\s/.test(found) ? "write records in a block: a | after the key, then one record a line" : undefined;
      const because = `YAML keeps a leading ${found.charAt(0)} for itself`;
      return { start, text: found, because, ...(hint === undefined ? {} : { hint }) };
    }
    default:
      return bracketsAround(text, start);
  }
}

/** `[::1]:53`: YAML reads a list, and then a text that has no business there. */
function bracketsAround(text: string, at: number): ToQuote | undefined {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const line = text.slice(lineStart, lineEndAfter(text, at));
  for (const match of line.matchAll(/\[[0-9A-Fa-f:.]+(?:%\w+)?\](?::[0-9]+)?/g)) {
    const start = lineStart + match.index;
    if (!match[0].includes(":") || at <= start || at > start + match[0].length) continue;
    return { start, text: match[0], because: "in YAML a leading [ starts a list" };
  }
  return undefined;
}

function plainAt(text: string, start: number): string {
  return /^[^\s,\]}]*/.exec(text.slice(start, lineEndAfter(text, start)))?.[0] ?? "";
}

function lineEndAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function sentenceOf(problem: YamlProblem): { readonly message: string; readonly hint?: string } {
  if (problem.message.startsWith("Implicit map keys"))
    return {
      message: "a key without a colon, expected KEY:",
      hint: "write a colon after it, or a dash and a blank before it",
    };
  switch (problem.code) {
    case "TAB_AS_INDENT":
      return { message: "a tab cannot indent in YAML", hint: "indent with blanks" };
    case "BLOCK_AS_IMPLICIT_KEY":
      return {
        message: "a second key on one line",
        hint: "quote a text that has a colon and a blank in it, or start a new line",
      };
    case "MULTIPLE_DOCS":
      return {
        message: "a second document (---) in one file, expected one",
        hint: "put it in a file of its own, and include that",
      };
    case "RESOURCE_EXHAUSTION":
      return { message: "values are nested too deeply" };
    default:
      return { message: lowerFirst(problem.message.replace(/[.:]$/, "")) };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
