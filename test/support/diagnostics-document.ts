import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE } from "../../src/diagnostics/catalogue.ts";
import type { CodeEntry } from "../../src/diagnostics/code-entry.ts";
import type { CodePage } from "../../src/diagnostics/code-pages.ts";
import { aboutOf, checkFolders, inputFiles } from "./check-folders.ts";

const HEAD = `# Diagnostics

Everything privlink says about your files, by code. A code is \`subject/what-is-wrong\` and is never renamed, so it can be
searched for and talked about. Each section has the cause, an input with that one fault, what is printed for it, and a
change that mends it.

- An **error** stops a start, and a reload keeps the old model. A **warning** is shown and the server starts. An **info** is
  shown by \`check\` alone.
- What \`check\` finds beyond loading can be excused, with a reason: [commands](commands.md#check). \`privlink explain-code CODE\`
  prints a section.
- Every problem of every file is found in one run; none hides behind the first.
- A line reads \`file:line:column: severity: sentence [code]\`; lines and columns count from 1. Under it stands the line of
  the file with the place marked, then other places to look at, then what to do.

This page is made of the folders in \`test/check\`, which the tests run.
`;

/** The longest listing that the page shows in full, in lines. */
const MAX_LINES = 30;

/** `docs/diagnostics.md`: one section per code of the catalogue, made of its folders. */
export function diagnosticsDocument(): string {
  const entries = Object.entries<CodeEntry>(CATALOGUE);
  const subjects = [...new Set(entries.map(([code]) => subjectOf(code)))];
  const index = subjects.map((subject) => `[${subject}](#${subject})`).join(" · ");
  const parts = [HEAD, `${index}\n`];
  for (const subject of subjects) {
    const own = entries.filter(([code]) => subjectOf(code) === subject);
    const rows = own.map(
      ([code, { severity, summary }]) => `| [\`${code}\`](#${anchorOf(code)}) | ${severity} | ${summary} |`,
    );
    parts.push(`## ${subject}\n\n| Code | Severity | Means |\n|---|---|---|\n${rows.join("\n")}\n`);
    for (const [code, entry] of own) parts.push(sectionOf(code, entry));
  }
  return parts.join("\n");
}

function subjectOf(code: string): string {
  return code.slice(0, code.indexOf("/"));
}

/** What a heading with the code is linked by: GitHub drops the slash. */
function anchorOf(code: string): string {
  return code.replace("/", "");
}

function sectionOf(code: string, { severity, summary }: CodeEntry): string {
  const page = codePage(code);
  if (page === undefined) return `### ${code}\n\nNo folder shows it.\n`;
  const parts = [
    `### ${code}`,
    `**${severity}** · ${summary}`,
    page.cause,
    ...page.inputs.map(({ path, text }) => `\`${path}\`\n\n${fenced(languageOf(path), text)}`),
    "prints",
    fenced("text", page.output),
    `**Fix.** ${page.fix}`,
    fenced("diff", page.change),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The page of a code, made of its folders; `undefined` where it has none. */
function codePage(code: string): CodePage | undefined {
  const err = checkFolders("err").get(code);
  const ok = checkFolders("ok").get(code);
  if (err === undefined || ok === undefined) return undefined;
  const [cause = "", fix = ""] = aboutOf(err);
  const expectedPath = join(err, "expected.txt");
  const expected = existsSync(expectedPath) ? readFileSync(expectedPath, "utf8") : "";
  const bad = inputFiles(err);
  const shown = [...bad].filter(([path]) => expected.split("\n").some((line) => line.startsWith(`${path}:`)));
  return {
    cause: oneLine(cause),
    inputs: shown.map(([path, text]) => ({ path, text: listing(text) })),
    output: listing(Buffer.from(expected, "utf8").toString("latin1")),
    fix: oneLine(fix),
    change: listing(changesBetween(bad, inputFiles(ok))),
  };
}

function oneLine(paragraph: string): string {
  return paragraph.replace(/\s*\n\s*/g, " ");
}

/** `src/diagnostics/data/code-pages.json`: the same as data, which the program has with it. */
export function codePagesData(): string {
  const pages = Object.keys(CATALOGUE).map((code) => [code, codePage(code)] as const);
  return `${JSON.stringify(Object.fromEntries(pages), null, 2)}\n`;
}

function languageOf(path: string): string {
  return path.endsWith(".yaml") ? "yaml" : "zone";
}

/** Octets as a listing: cut in the middle where it is long; octets that no page holds are shown. */
function listing(latin1: string): string {
  const lines = visible(latin1).replace(/\n$/, "").split("\n");
  const cut =
    lines.length <= MAX_LINES
      ? lines
      : [...lines.slice(0, 8), `… ${lines.length - 12} lines more …`, ...lines.slice(-4)];
  return cut.join("\n");
}

function fenced(language: string, text: string): string {
  const fence = text.includes("```") ? "````" : "```";
  return `${fence}${language}\n${text}\n${fence}`;
}

function visible(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8").replaceAll("\0", "␀").replaceAll("\r", "␍");
}

/** The lines that differ, file by file, as a diff without numbers. */
function changesBetween(bad: ReadonlyMap<string, string>, good: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  for (const path of new Set([...bad.keys(), ...good.keys()])) {
    const before = bad.get(path);
    const after = good.get(path);
    if (before === after) continue;
    parts.push(`--- ${path}`, ...changedLines(linesOf(before), linesOf(after)));
  }
  return `${parts.join("\n")}\n`;
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** Lines before and after, without what both begin and end with. */
export function changedLines(before: readonly string[], after: readonly string[]): string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  return [
    ...before.slice(start, before.length - end).map((line) => `-${line}`),
    ...after.slice(start, after.length - end).map((line) => `+${line}`),
  ];
}
