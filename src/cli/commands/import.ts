import { join, resolve } from "node:path";
import type { Draft } from "../../exchange/draft.ts";
import { importAzure } from "../../exchange/import-azure.ts";
import {
  formatImportJson,
  formatImportLines,
  formatImportMarkdown,
  type ImportReport,
  importSummary,
} from "../../exchange/import-report.ts";
import { oneLine } from "../../exchange/origin-text.ts";
import { writeDraft } from "../../exchange/write-draft.ts";
import { runLoad } from "../../project/load-order.ts";
import { type Arguments, type Command, choiceOf, valueOf, valuesOf } from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { type ExitCode, ExitCodes } from "../exit-codes.ts";
import { readJsonFiles, removeEarlierZones, whyNotInto, writeFiles } from "../import-files.ts";
import { readCorefile, readNamedConf, readTransfer } from "../import-servers.ts";
import type { Io } from "../io.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { loadOrder } from "../project.ts";

/** What was read of a source, whatever it is. */
export type Imported =
  | {
      readonly kind: "imported";
      readonly draft: Draft;
      /** What is counted: `resources`. */
      readonly noun: string;
      readonly total: number;
      readonly mapped: number;
    }
  | { readonly kind: "problem"; readonly message: string };

/** A kind of source: reads what the words name. */
type Reader = (words: readonly string[], args: Arguments, io: Io) => Promise<Imported> | Imported;

const READERS: Readonly<Record<string, Reader>> = {
  terraform: (words, args, io) => readAzure("terraform", words, args, io),
  arm: (words, args, io) => readAzure("arm", words, args, io),
  az: (words, args, io) => readAzure("az", words, args, io),
  bind: (words, _, io) => readNamedConf(words, io),
  coredns: (words, _, io) => readCorefile(words, io),
  axfr: (words, _, io) => readTransfer(words, io),
};

const FORMATS = ["text", "json"] as const;
const SIDES = ["after", "before"] as const;
const REPORT = "import-report.md";
/** What every file of an import begins with: a later import into the same folder knows its own by it. */
const MARK = "written by privlink import ";

export const importCommand: Command = {
  name: "import",
  usage: "privlink import KIND INPUT… --out DIR [--force] [--format FORM]",
  describe: "an estate from elsewhere as a topology and zone files",
  details: `KIND is what the inputs are:
  terraform  what terraform show -json prints of a state or a plan
  arm        deployment templates, and what Bicep builds
  az         what az … -o json prints, or the management interface replies; files and folders of them
  bind       a named.conf, or its folder: a network for each view
  coredns    a Corefile, or its folder: a network for each view
  axfr       @SERVER ZONE…: zones as a server transfers them
Each part of the topology stands under where it came from. What is not in it, or not the whole of it, goes to standard
output and to ${REPORT} in DIR: nothing is dropped silently.`,
  options: [
    { name: "out", value: "DIR", describe: "where to write; made if it is not there" },
    { name: "force", describe: "write into a folder that is not empty; zone files of an import before go" },
    { name: "format", value: "FORM", choices: FORMATS, describe: "how what was not mapped is written (default: text)" },
    { name: "parameters", value: "FILE", repeatable: true, describe: "arm: values of parameters; later ones win" },
    { name: "location", value: "REGION", describe: "arm: the location of the resource group" },
    { name: "side", value: "SIDE", choices: SIDES, describe: "terraform: which side of a plan (default: after)" },
  ],
  async run(args, io) {
    const [kind, ...words] = args.words;
    const out = valueOf(args, "out");
    const kinds = Object.keys(READERS);
    const reader = kind === undefined ? undefined : READERS[kind];
    if (kind === undefined) return misuse(io, importCommand, `say what to import: ${kinds.join(", ")}`);
    if (reader === undefined)
      return misuse(
        io,
        importCommand,
        `nothing is called ${kind}${didYouMean(kind, kinds) || `: there are ${kinds.join(", ")}`}`,
      );
    if (words.length === 0) return misuse(io, importCommand, "an INPUT is missing: name what to read");
    if (out === undefined) return misuse(io, importCommand, "say where to write: --out DIR");
    const folder = resolve(io.cwd, out);
    const whyNot = whyNotInto(folder, out);
    if (whyNot !== undefined && !(args.switches.has("force") && whyNot.includes("not empty")))
      return couldNotRun(io, whyNot);
    const imported = await reader(words, args, io);
    if (imported.kind === "problem") return couldNotRun(io, imported.message);
    if (imported.total === 0) return couldNotRun(io, `nothing to import: ${words.join(" ")} holds no ${imported.noun}`);
    return write(imported, { source: `${kind} ${words.join(" ")}`, folder, out }, args, io);
  },
};

function readAzure(kind: "terraform" | "arm" | "az", words: readonly string[], args: Arguments, io: Io): Imported {
  const inputs = readJsonFiles(words, io.cwd);
  if (inputs.kind === "problem") return inputs;
  const parameters = readJsonFiles(valuesOf(args, "parameters"), io.cwd);
  if (parameters.kind === "problem") return parameters;
  const location = valueOf(args, "location");
  const imported = importAzure(kind, inputs.files, {
    parameters: parameters.files,
    side: choiceOf(args, "side", SIDES),
    ...(location === undefined ? {} : { location }),
  });
  return imported.kind === "problem" ? imported : { ...imported, noun: "resources", total: imported.resources };
}

function write(
  imported: Imported & { readonly kind: "imported" },
  { source, folder, out }: { readonly source: string; readonly folder: string; readonly out: string },
  args: Arguments,
  io: Io,
): ExitCode {
  const head = [`${MARK}${oneLine(source)}`, `what is not here is in ${REPORT}`];
  const written = writeDraft(imported.draft, head);
  const { noun, total, mapped } = imported;
  const report: ImportReport = { source, noun, total, mapped, written };
  const problem = writeFiles(folder, new Map([...written.files, [REPORT, formatImportMarkdown(report)]]));
  if (problem !== undefined) return couldNotRun(io, problem);
  const removed = removeEarlierZones(folder, written.files, MARK);
  io.stdout(choiceOf(args, "format", FORMATS) === "json" ? formatImportJson(report) : formatImportLines(report));
  io.stderr(
    `${importSummary(report)}\nwritten: ${join(out, "privlink.yaml")}, ${join(out, REPORT)}${zoneFiles(written.files.size - 1)}\n`,
  );
  if (removed.length > 0)
    io.stderr(`removed, as an import before this one wrote it: ${removed.map((path) => join(out, path)).join(", ")}\n`);
  const loaded = runLoad(loadOrder({ config: folder, paths: [], networks: [] }, io));
  if (loaded.kind === "loaded" && loaded.hasErrors)
    io.stderr(`what was written has errors, as its source has: privlink check ${out}\n`);
  return ExitCodes.CLEAN;
}

function zoneFiles(count: number): string {
  return count === 0 ? "" : `, ${count} zone ${count === 1 ? "file" : "files"}`;
}
