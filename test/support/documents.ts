import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Checkout } from "./checkout.ts";

/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  /** Of the first line inside, counted from 1. */
  readonly line: number;
  readonly lines: readonly string[];
  /** Why it is not run: the text of a comment `<!-- not run: … -->` right before it. */
  readonly excuse?: string;
}

/** One command of a block, with what is shown below it. */
export interface Shown {
  readonly command: string;
  readonly line: number;
  readonly output: readonly string[];
}

/** The fenced blocks of a document, in order. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  let excuse: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [, fence, language = ""] = /^(`{3,})(\S*)\s*$/.exec(line) ?? [];
    if (fence === undefined) {
      const [, reason] = /^<!-- not run: (.+) -->$/.exec(line) ?? [];
      if (reason !== undefined) excuse = reason;
      else if (line.trim() !== "") excuse = undefined;
      continue;
    }
    const end = lines.indexOf(fence, at + 1);
    const inside = lines.slice(at + 1, end === -1 ? lines.length : end);
    blocks.push({ language, line: at + 2, lines: inside, ...(excuse === undefined ? {} : { excuse }) });
    excuse = undefined;
    at = end === -1 ? lines.length : end;
  }
  return blocks;
}

/** The languages whose blocks are commands. */
export function isCommands({ language }: Block): boolean {
  return language === "sh" || language === "console";
}

/** The commands of a block: all lines of `sh`; of `console` those behind `$ `, each with its output. */
export function commandsOf({ language, line, lines }: Block): readonly Shown[] {
  const shown: { command: string; line: number; output: string[] }[] = [];
  for (const [i, text] of lines.entries()) {
    if (language === "sh") {
      if (text.trim() !== "" && !text.startsWith("#")) shown.push({ command: text, line: line + i, output: [] });
    } else if (text.startsWith("$ ")) shown.push({ command: text.slice(2), line: line + i, output: [] });
    else shown.at(-1)?.output.push(text);
  }
  return shown;
}

/** A command whose output is not what the document shows. */
export interface Difference {
  readonly place: string;
  readonly command: string;
  readonly shown: string;
  readonly printed: string;
}

/**
 * Runs every command of a document in its order, in the folder of the document if it is an example, and compares what is
 * printed with what is shown. A server stays until the next one, or the end; with `&` behind it to the end.
 *
 * With UPDATE_DOCUMENTS=1 the document is rewritten instead, to be looked at before it is kept.
 */
export async function runDocument(root: string, path: string, checkout: Checkout): Promise<readonly Difference[]> {
  const text = readFileSync(join(root, path), "utf8");
  const cwd = join(checkout.folder, path.startsWith("examples/") ? dirname(path) : ".");
  const differences: Difference[] = [];
  const replaced = new Map<number, { readonly count: number; readonly lines: readonly string[] }>();
  for (const block of blocksOf(text)) {
    if (!isCommands(block) || block.excuse !== undefined) continue;
    for (const { command, line, output } of commandsOf(block)) {
      const isServer = /^(?:npm start|npx privlink serve)\b/.test(command) && !command.includes("--help");
      const printed = isServer ? await checkout.serve(command, cwd) : await checkout.run(command, cwd);
      if (block.language === "sh") continue;
      const lines = trimmed(printed.split("\n"));
      replaced.set(line, { count: output.length, lines });
      const [shown, said] = [masked(trimmed(output)), masked(lines)];
      if (!matches(shown, said)) {
        differences.push({ place: `${path}:${line}`, command, shown: shown.join("\n"), printed: said.join("\n") });
      }
    }
  }
  await checkout.stop();
  if (process.env["UPDATE_DOCUMENTS"] === "1") rewrite(join(root, path), text, replaced, differences);
  return differences;
}

/** Without blank lines at both ends: dig begins with one, and blocks look better without. */
function trimmed(lines: readonly string[]): string[] {
  const isBlank = (line: string): boolean => line.trim() === "";
  const start = lines.findIndex((line) => !isBlank(line));
  return start === -1 ? [] : lines.slice(start, lines.findLastIndex((line) => !isBlank(line)) + 1);
}

/** What no two runs have in common. */
function masked(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .replace(/^; <<>> DiG \S+ <<>>/, "; <<>> DiG <<>>")
      .replace(/\bid: [0-9]+/, "id: ID")
      .replace(/^(;; Query time:) .*/, "$1")
      .replace(/^(;; WHEN:) .*/, "$1")
      .replace(/^(; COOKIE:) [0-9a-f]+/, "$1")
      .replace(/(\bdurationMs"?: )[0-9.]+/, "$1")
      .replace(/node v[0-9.]+ \w+ \w+/, "node")
      .trimEnd(),
  );
}

/** Whether lines are as shown; a line `[...]` stands for any lines. */
function matches(shown: readonly string[], printed: readonly string[]): boolean {
  const pattern = shown.map((line) => (line === "[...]" ? "(?:.*\\n)*" : `${escape(line)}\\n`)).join("");
  return new RegExp(`^${pattern}$`).test(printed.map((line) => `${line}\n`).join(""));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Puts what was printed in the place of what was shown; an elision is kept where it fits. */
function rewrite(
  path: string,
  text: string,
  printed: ReadonlyMap<number, { readonly count: number; readonly lines: readonly string[] }>,
  differences: readonly Difference[],
): void {
  const wrong = new Set(differences.map(({ place }) => Number.parseInt(place.slice(place.lastIndexOf(":") + 1), 10)));
  const lines = text.split("\n");
  for (const [line, { count, lines: said }] of [...printed].toReversed()) {
    if (wrong.has(line)) lines.splice(line, count, ...said);
  }
  writeFileSync(path, lines.join("\n"));
}
