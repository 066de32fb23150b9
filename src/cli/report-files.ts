import { resolve } from "node:path";
import { didYouMean } from "./did-you-mean.ts";
import type { Io } from "./io.ts";
import { writeWholeFile } from "./write-whole-file.ts";

/** A file that a report is written into, in one of the forms of a command. */
export interface ReportFile<Format extends string> {
  readonly format: Format;
  /** As typed. */
  readonly path: string;
}

/** What `--report FORM=FILE` says, as often as it stands there; the sentence of the first that says nothing. */
export function readReportFiles<Format extends string>(
  texts: readonly string[],
  formats: readonly Format[],
): readonly ReportFile<Format>[] | string {
  const files: ReportFile<Format>[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const [word, path] = at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    const format = formats.find((one) => one === word);
    if (at === -1 || path === "") return `--report ${text} is no FORM=FILE: junit=report.xml`;
    if (format === undefined)
      return `--report ${text}: ${word} is none of ${formats.join(", ")}${didYouMean(word, formats)}`;
    // Two forms on one stream are neither: standard output has the form of --format.
    if (path === "-") return `--report ${text}: write --format ${format} to have it on standard output`;
    if (files.some((file) => file.path === path)) return `--report writes ${path} twice`;
    files.push({ format, path });
  }
  return files;
}

/** Writes each of them, and gives a sentence for each that could not be written. */
export function writeReportFiles<Format extends string>(
  files: readonly ReportFile<Format>[],
  render: (format: Format) => string,
  { cwd }: Pick<Io, "cwd">,
): string[] {
  return files.flatMap(({ format, path }) => {
    const problem = writeWholeFile(resolve(cwd, path), render(format));
    return problem === undefined ? [] : [`${path} ${problem}`];
  });
}
