import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type SourceFile, sourceFile } from "../source/source-file.ts";

/** The files of an import, or why there are none. */
export type InputFiles =
  | { readonly kind: "files"; readonly files: readonly SourceFile[] }
  | { readonly kind: "problem"; readonly message: string };

/** A file of JSON takes some ten times its size in memory. */
const MAX_OCTETS = 64 * 1024 * 1024;
const MAX_FILES = 10_000;

/** Reads files of JSON, and every `*.json` below folders, in the order of their names. */
export function readJsonFiles(words: readonly string[], cwd: string): InputFiles {
  const paths: string[] = [];
  for (const word of words) {
    const stats = statSync(resolve(cwd, word), { throwIfNoEntry: false });
    if (stats === undefined) return { kind: "problem", message: `there is no ${word}` };
    if (!stats.isDirectory()) paths.push(word);
    else {
      const below = jsonBelow(resolve(cwd, word)).map((path) => join(word, path));
      if (below.length === 0) return { kind: "problem", message: `${word} has no *.json file in it or below it` };
      paths.push(...below);
    }
  }
  if (paths.length > MAX_FILES)
    return { kind: "problem", message: `these are ${paths.length} files, and at most ${MAX_FILES} are read at once` };
  const files: SourceFile[] = [];
  let octets = 0;
  for (const path of paths) {
    const read = readText(resolve(cwd, path), path, MAX_OCTETS - octets);
    if (read.kind === "problem") return read;
    octets += read.octets;
    files.push(sourceFile(path, read.text));
  }
  return { kind: "files", files };
}

function jsonBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Reads text in UTF-8, or in UTF-16 with its mark, as some shells write what a command prints. */
function readText(
  path: string,
  shown: string,
  most: number,
):
  | { readonly kind: "text"; readonly text: string; readonly octets: number }
  | { readonly kind: "problem"; readonly message: string } {
  const problem = (message: string) => ({ kind: "problem" as const, message: `${shown} ${message}` });
  let octets: Buffer;
  try {
    const { size } = statSync(path);
    if (size > most)
      return problem(
        `is ${Math.ceil(size / 1024 / 1024)} MB: at most ${MAX_OCTETS / 1024 / 1024} MB are read in one import; leave out what has no part in DNS`,
      );
    octets = readFileSync(path);
  } catch (error) {
    return problem(`cannot be read: ${error instanceof Error ? error.message : "it does not say why"}`);
  }
  if (octets[0] === 0x50 && octets[1] === 0x4b)
    return problem("is an archive, as saved plans are: run terraform show -json on it and import what it prints");
  const isWide = octets[0] === 0xff && octets[1] === 0xfe;
  if (!isWide && octets.subarray(0, 4096).includes(0)) return problem("is no text, but binary");
  const text = new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(octets);
  return { kind: "text", text, octets: octets.length };
}

/** Why files cannot be written into a folder without being told to. */
export function whyNotInto(folder: string, shown: string): string | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return `${shown} is no folder`;
  return readdirSync(folder).length === 0
    ? undefined
    : `${shown} is not empty: name another folder, or say --force to write over what is there`;
}

/** Writes texts by path below a folder, which is made; the sentence of what went wrong. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): string | undefined {
  try {
    for (const [path, text] of files) {
      const whole = join(folder, path);
      if (!existsSync(dirname(whole))) mkdirSync(dirname(whole), { recursive: true });
      writeFileSync(whole, text);
    }
  } catch (error) {
    return `${folder} cannot be written: ${error instanceof Error ? error.message : "it does not say why"}`;
  }
  return undefined;
}

/**
 * Removes zone files below a folder that begin with the comment `mark`, and are not among those just written: an import
 * before this one wrote them, of what is no longer there. Gives their paths, in order; what people wrote stays.
 */
export function removeEarlierZones(folder: string, written: ReadonlyMap<string, string>, mark: string): string[] {
  const zones = join(folder, "zones");
  if (!existsSync(zones)) return [];
  const kept = new Set([...written.keys()].map((path) => path.toLowerCase())); // File systems may fold case.
  const paths = readdirSync(zones, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".zone"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !kept.has(path.toLowerCase()) && beginsWith(join(folder, path), `; ${mark}`))
    .sort();
  for (const path of paths) rmSync(join(folder, path));
  return paths;
}

function beginsWith(path: string, text: string): boolean {
  const wanted = Buffer.from(text, "utf8");
  const found = Buffer.alloc(wanted.length);
  const file = openSync(path, "r");
  try {
    return readSync(file, found) === wanted.length && found.equals(wanted);
  } finally {
    closeSync(file);
  }
}
