import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { EXPORT_KINDS, type ExportedModel, type ExportKind, exportModel } from "../../exchange/export/export-model.ts";
import { groupLosses, LOSS_TITLES } from "../../exchange/export/losses.ts";
import { displayName } from "../../name/name-text.ts";
import { TOPOLOGY_NAMES } from "../../project/topology-path.ts";
import { typeName } from "../../record/type-names.ts";
import { type Arguments, CONFIG_OPTION, type Command, choiceOf, valueOf } from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { whyNotInto, writeInto } from "../output-folder.ts";
import { openSnapshot, PROJECT_OPTIONS } from "../project.ts";

const FORMATS = ["text", "json"] as const;
/** Losses of each kind that are told on standard error; all of them stand in the files. */
const SHOWN_LOSSES = 3;

export const exportCommand: Command = {
  name: "export",
  usage: `privlink export ${EXPORT_KINDS.join("|")} --out DIR [--force] [--format FORM]`,
  describe: "the model as the configuration of another server, or as zone files",
  details: `One view, or one file, for each network, for each machine with DNS servers of its own, and for the internet. What the
target cannot say is counted on standard error, and told in the head of the files. DIR is made; one that holds files is
written into with --force only, and nothing in it is removed.`,
  options: [
    { name: "out", value: "DIR", environment: "none", describe: "the folder to write into" },
    { name: "force", environment: "none", describe: "write into a folder that holds files" },
    {
      name: "format",
      value: "FORM",
      choices: FORMATS,
      describe: "how what was written and lost is told (default: text)",
    },
    ...PROJECT_OPTIONS,
  ],
  maxWords: 1,
  async run(args, io) {
    const [word] = args.words;
    const kind = EXPORT_KINDS.find((one) => one === word);
    const kinds = EXPORT_KINDS.join(", ");
    if (word === undefined) return misuse(io, exportCommand, `what to export to is missing: there are ${kinds}`);
    if (kind === undefined)
      return misuse(
        io,
        exportCommand,
        `nothing is exported to ${word}${didYouMean(word, EXPORT_KINDS) || `: there are ${kinds}`}`,
      );
    const out = valueOf(args, "out");
    if (out === undefined) return misuse(io, exportCommand, "--out DIR is missing: the folder to write into");
    const folder = resolve(io.cwd, out);
    const whyNot = whyNotInto(folder, out, args.switches.has("force"));
    if (whyNot !== undefined) return couldNotRun(io, whyNot);
    const snapshot = openSnapshot(args, io);
    if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
    const exported = exportModel(snapshot, kind, nameOf(args, io));
    const written = exported.files.map(({ path, text }) => [path, text] as const);
    const problem = writeInto(folder, out, written);
    if (problem !== undefined) return couldNotRun(io, problem);
    io.stderr(lossText(exported));
    if (choiceOf(args, "format", FORMATS) === "json") io.stdout(jsonText(kind, out, exported));
    else io.stdout(exported.files.map(({ path }) => `${join(out, path)}\n`).join(""));
    return ExitCodes.CLEAN;
  },
};

/** What the model is called in comments: its file, without the folders that are nobody else's affair. */
function nameOf(args: Arguments, io: Io): string {
  const config = valueOf(args, CONFIG_OPTION.name);
  if (config !== undefined) return basename(config);
  return TOPOLOGY_NAMES.find((name) => existsSync(join(io.cwd, name))) ?? "the built-in example";
}

/** How many of each kind, and the first of them. */
function lossText({ losses }: ExportedModel): string {
  const lines = groupLosses(losses).flatMap(({ kind, lines: own }) => [
    `${LOSS_TITLES[kind]}: ${own.length}`,
    ...own.slice(0, SHOWN_LOSSES).map((line) => `  ${line}`),
    ...(own.length > SHOWN_LOSSES ? [`  and ${own.length - SHOWN_LOSSES} more, in the head of the files`] : []),
  ]);
  return lines.length === 0 ? "" : `not in it, or otherwise:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function jsonText(kind: ExportKind, out: string, { files, losses }: ExportedModel): string {
  const counts = Object.fromEntries(groupLosses(losses).map((group) => [group.kind, group.lines.length]));
  const document = {
    schema: "privlink/export/v1",
    kind,
    files: files.map(({ path }) => join(out, path)),
    counts,
    losses: losses.map(({ kind: loss, asker, name, type, message }) => ({
      kind: loss,
      asker: asker ?? null,
      name: name === undefined ? null : displayName(name),
      type: type === undefined ? null : typeName(type),
      message,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
