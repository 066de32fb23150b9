import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of hand-written zone files; what they include is in `parts` there. */
export const CORPUS_FOLDER = join(import.meta.dirname, "zones");
/** The zone that every file is of. */
export const CORPUS_ORIGIN = "agree.test.";
/** What most files begin with. */
export const CORPUS_HEAD = "$TTL 300\n@ IN SOA ns hostmaster 1 2 3 4 5\n@ IN NS ns\nns A 10.0.0.1\n";

/** A hand-written zone file. */
export interface CorpusFile {
  /** Without the folder and the ending. */
  readonly file: string;
  /** One char per octet. */
  readonly text: string;
  /** `zone:5`, or a line of a file that it includes: the line a person would change. Only of files that are wrong. */
  readonly mark: string | undefined;
}

/** Marks that cannot stand in the file, or would mark what other files include, too. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ["utf16-file", "zone:1"],
  // The origin that the directive gives is no mistake by itself: the record that it completes is outside.
  ["include-with-an-origin-outside-the-zone", "parts/hosts.part:1"],
]);

/** Every file by its name. A comment `<-- here`, or `<-- below` in the line above, marks what is wrong with it. */
export function readCorpus(): CorpusFile[] {
  return readdirSync(CORPUS_FOLDER)
    .filter((name) => name.endsWith(".zone"))
    .sort()
    .map((name) => {
      const file = name.replace(/\.zone$/, "");
      const text = readFileSync(join(CORPUS_FOLDER, name), "latin1");
      return { file, text, mark: MARKS.get(file) ?? markIn("zone", text) ?? markInParts(text) };
    });
}

function markIn(path: string, text: string): string | undefined {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /; <-- (?:here|below)\r?$/.test(line));
  if (at === -1) return undefined;
  return `${path}:${lines[at]?.includes("<-- below") === true ? at + 2 : at + 1}`;
}

/** The mark of the first included file that has one. */
function markInParts(text: string): string | undefined {
  const paths = [...text.matchAll(/^\$INCLUDE\s+(parts\/\S+)/gim)].map(([, path = ""]) => path);
  for (const path of paths) {
    const mark = markIn(path, readPart(path));
    if (mark !== undefined) return mark;
  }
  return undefined;
}

/** The text of an included file; empty where there is none, which is what some files are about. */
function readPart(path: string): string {
  try {
    return readFileSync(join(CORPUS_FOLDER, path), "latin1");
  } catch {
    return "";
  }
}
