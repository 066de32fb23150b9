import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source/source-file.ts";
import { type YamlProblem, yamlFault } from "./_yaml-faults.ts";
import { lineEndAfter, lineStartBefore } from "./_yaml-lines.ts";
import type { YamlPlaces } from "./_yaml-places.ts";

/**
 * Says in the words of a topology what the YAML library complains about. Its warnings count as errors: a tag that it
 * does not know turns `!legacy` into no text at all. Returns whether all of it is about single texts, so that the shape
 * of the rest is what was meant.
 */
export function reportYamlProblems(
  file: SourceFile,
  problems: readonly YamlProblem[],
  places: YamlPlaces,
  diagnostics: Diagnostics,
): boolean {
  const text = file.text ?? "";
  const said = new Set<number>();
  const lines = new Set<number>();
  let lastOpener = -1;
  const directive = problems.some(({ code }) => code === "BAD_DIRECTIVE");
  let isShapeKnown = !directive;
  for (const problem of problems) {
    // The line that is missing after a directive that is none.
    if (directive && problem.code === "MISSING_CHAR" && problem.message.includes("directives-end")) continue;
    const quoting = toQuote(problem, text);
    const at = quoting?.start ?? Math.min(problem.pos[0], text.length);
    // One fault makes many complaints, most of them at one place.
    if (said.has(at)) continue;
    said.add(at);
    if (quoting !== undefined) {
      lines.add(lineStartBefore(text, at));
      const span = { file, start: at, end: at + quoting.text.length };
      const hint = quoting.hint ?? `write ${JSON.stringify(quoting.text)}`;
      diagnostics.report("topology/unquoted", `${quoting.text} must be quoted: ${quoting.because}`, span, { hint });
      continue;
    }
    isShapeKnown = false;
    const { message, start, end, hint, note, isOpener } = yamlFault(problem, { text, problems, places });
    const line = lineStartBefore(text, start);
    // Others are on the same line, in what the library could not place any more, or in the brackets around.
    const isLost = said.size > 1 && problem.message.includes("in YAML stream");
    if (lines.has(line) || isLost || (isOpener === true && start < lastOpener)) continue;
    lines.add(line);
    if (isOpener === true) lastOpener = start;
    const related =
      note === undefined ? [] : [{ message: note.message, span: { file, start: note.at, end: note.at + 1 } }];
    diagnostics.report(
      "topology/syntax",
      message,
      { file, start, end },
      { related, ...(hint === undefined ? {} : { hint }) },
    );
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
  const lineStart = lineStartBefore(text, at);
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
