import { CATALOGUE, type DiagnosticCode } from "../../diagnostics/catalogue.ts";
import { CODE_PAGES } from "../../diagnostics/code-pages.ts";
import { nearest } from "../../name/nearest.ts";
import { codePageData, renderCodePage } from "../../report/code-page.ts";
import { formatColumns } from "../columns.ts";
import { type Command, choiceOf } from "../command.ts";
import { type ExitCode, ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { couldNotRun } from "../misuse.ts";

const FORMATS = ["text", "json"] as const;
const CODES = Object.keys(CATALOGUE).filter((code): code is DiagnosticCode => code in CATALOGUE);

export const explainCodeCommand: Command = {
  name: "explain-code",
  usage: "privlink explain-code [CODE] [--format FORM]",
  describe: "what a code of check means: cause, an example, and how to mend it",
  details: "Without CODE: every code, its severity, and what it means in a line.",
  options: [{ name: "format", value: "FORM", choices: FORMATS, describe: "the form (default: text)" }],
  maxWords: 1,
  async run({ words: [word], ...args }, io) {
    const format = choiceOf({ words: [], ...args }, "format", FORMATS);
    if (word === undefined) return list(format, io);
    const code = CODES.find((one) => one === word.toLowerCase());
    const page = code === undefined ? undefined : CODE_PAGES.get(code);
    if (code === undefined || page === undefined) return couldNotRun(io, unknown(word));
    io.stdout(format === "text" ? renderCodePage(code, page) : json("privlink/code/v1", codePageData(code, page)));
    return ExitCodes.CLEAN;
  },
};

function list(format: (typeof FORMATS)[number], io: Io): ExitCode {
  const rows = CODES.map((code) => ({ code, severity: CATALOGUE[code].severity, summary: CATALOGUE[code].summary }));
  if (format === "json") io.stdout(json("privlink/codes/v1", { codes: rows }));
  else {
    const cells = rows.map(({ code, severity, summary }) => [code, severity, summary]);
    io.stdout(formatColumns(["CODE", "SEVERITY", "MEANS"], cells));
  }
  return ExitCodes.CLEAN;
}

function json(schema: string, data: object): string {
  return `${JSON.stringify({ schema, ...data }, null, 2)}\n`;
}

/** People leave the subject away, or remember it wrongly: what stands behind the slash is enough to guess by. */
function unknown(word: string): string {
  const near = nearest(word, CODES) ?? CODES.find((code) => endOf(code) === nearest(endOf(word), CODES.map(endOf)));
  const guess = near === undefined ? "privlink explain-code lists them" : `did you mean ${near}?`;
  return `${word} is no code: ${guess}`;
}

function endOf(code: string): string {
  return code.slice(code.indexOf("/") + 1);
}
