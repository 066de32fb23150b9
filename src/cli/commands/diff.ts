import { type Asker, type SharedAskers, sharedAskers } from "../../diff/asker.ts";
import type { Compared } from "../../diff/compared.ts";
import { type DiffOptions, diffSnapshots } from "../../diff/diff-snapshots.ts";
import type { Difference } from "../../diff/difference.ts";
import { isBreaking } from "../../diff/ending.ts";
import { differenceJson } from "../../diff/json.ts";
import { differenceMarkdown } from "../../diff/markdown.ts";
import { differenceText } from "../../diff/text.ts";
import type { DomainName } from "../../name/domain-name.ts";
import { type RecordType, RecordTypes } from "../../record/record-type.ts";
import { isMetaType, typeNumber } from "../../record/type-names.ts";
import { formatSummary } from "../../report/summary.ts";
import { renderText } from "../../report/text.ts";
import { visibleText } from "../../report/visible-text.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { takesColor } from "../color.ts";
import {
  type Arguments,
  CONFIG_OPTION,
  type Command,
  choiceOf,
  NO_COLOR_OPTION,
  valueOf,
  valuesOf,
} from "../command.ts";
import { didYouMean } from "../did-you-mean.ts";
import { isWholePlan, readSide, type SideContext, topologyHere } from "../diff-sides.ts";
import { readDomainName } from "../dig-words.ts";
import { ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { findWho, type Who } from "../who.ts";

const FORMATS = ["text", "json", "markdown"] as const;
const FAIL_ON = ["breaking", "any", "none"] as const;

export const diffCommand: Command = {
  name: "diff",
  usage: "privlink diff [OLD [NEW]] [--from WHO]… [--name NAME]… [--type TYPE]… [--format FORM] [--fail-on KIND]",
  describe: "which answers change between two models, for whom, and why",
  details: `OLD and NEW are topologies, folders, zone files, git:REVISION or git:REVISION:PATH, or the plan.json of a Terraform plan. By
default git:HEAD against the files here; with OLD alone, that against the files here; a plan alone, before against after.
Nothing is checked out and nothing is sent.

Breaking are private → public and answer → none. *.DOMAIN stands for a name that is not there. Names are those that either
side knows; SOA is compared with --type SOA alone.`,
  options: [
    { name: "from", value: "WHO", repeatable: true, describe: "who asks (default: everybody)" },
    {
      name: "name",
      value: "NAME",
      repeatable: true,
      describe: "a name to compare beside those that the models have",
      environment: "none",
    },
    {
      name: "type",
      short: "t",
      value: "TYPE",
      repeatable: true,
      describe: "the types (default: what each name has)",
      environment: "none",
    },
    { name: "format", value: "FORM", choices: FORMATS, describe: "how changes are written (default: text)" },
    {
      name: "fail-on",
      value: "KIND",
      choices: FAIL_ON,
      describe: "the changes that make the exit code 2 (default: breaking)",
    },
    { ...CONFIG_OPTION, describe: "the new side, and what a revision is read at (default: privlink.yaml here)" },
    NO_COLOR_OPTION,
  ],
  maxWords: 2,
  async run(args, io) {
    const asked = readAsked(args);
    if (typeof asked === "string") return misuse(io, diffCommand, asked);
    const config = valueOf(args, "config");
    const context = { io, ...(config === undefined ? {} : { config }) };
    const words = sideWords(args, context);
    if (typeof words === "string") return misuse(io, diffCommand, words);
    const before = openSide(words.before, context, args);
    if (before === undefined) return ExitCodes.COULD_NOT_RUN;
    const after = openSide(words.after, context, args);
    if (after === undefined) return ExitCodes.COULD_NOT_RUN;
    const found = askersOf(before, after, valuesOf(args, "from"));
    if (typeof found === "string") return couldNotRun(io, `--from: ${found}`);
    const { askers, ...notCompared } = found;
    const difference = diffSnapshots(before, after, { ...asked, askers });
    io.stdout(rendered(difference, { ...words, ...notCompared }, args, io));
    return fails(difference, choiceOf(args, "fail-on", FAIL_ON)) ? ExitCodes.FINDINGS : ExitCodes.CLEAN;
  },
};

/** The two sides as they were typed, or meant. */
function sideWords(args: Arguments, context: SideContext): Pick<Compared, "before" | "after"> | string {
  const [before = "git:HEAD", named] = args.words;
  if (named !== undefined) {
    const isTyped = context.config !== undefined && !args.fromEnvironment.has("config");
    return isTyped
      ? `${named} stands beside -c ${context.config}: name two sides, or one and -c`
      : { before, after: named };
  }
  if (isWholePlan(before)) return { before: `${before}:before`, after: before };
  const after = topologyHere(context);
  return after === undefined
    ? "no privlink.yaml here: name both sides, OLD and NEW, or the new one with -c"
    : { before, after };
}

/** A side; `undefined` where there is none to compare, with what is wrong on standard error. */
function openSide(word: string, context: SideContext, args: Arguments): Snapshot | undefined {
  const { io } = context;
  const side = readSide(word, context);
  switch (side.kind) {
    case "side":
      return side.snapshot;
    case "problem":
      couldNotRun(io, `${word}: ${side.message}`);
      return undefined;
    case "invalid":
      for (const error of side.errors) io.stderr(renderText(error, { color: takesColor(args, io, "stderr") }));
      couldNotRun(io, `${word} cannot be compared: ${formatSummary(side.errors)}`);
      return undefined;
  }
}

/** `--name` and `--type`, or what is wrong with them. */
function readAsked(args: Arguments): Required<Pick<DiffOptions, "names" | "types">> | string {
  const names: DomainName[] = [];
  for (const text of valuesOf(args, "name")) {
    const name = readDomainName(text);
    if (typeof name === "string") return `--name: ${name}`;
    names.push(name);
  }
  const types: RecordType[] = [];
  for (const text of valuesOf(args, "type")) {
    const type = typeNumber(text);
    if (type === undefined) return `--type: ${text} is no record type${didYouMean(text, Object.keys(RecordTypes))}`;
    if (isMetaType(type)) return `--type: ${text} is no type that records have`;
    types.push(type);
  }
  return { names, types };
}

/** Who is compared: `--from` on both sides, else whoever both sides have. */
function askersOf(before: Snapshot, after: Snapshot, texts: readonly string[]): SharedAskers | string {
  if (texts.length === 0) return sharedAskers(before, after);
  const old = new Map<string, Who>();
  const now = new Map<string, Who>();
  for (const text of texts) {
    const [was, is] = [findWho(before, [text]), findWho(after, [text])];
    if (was.kind === "problem" && is.kind === "problem") return is.message;
    for (const who of was.kind === "found" ? was.who : []) old.set(who.text, who);
    for (const who of is.kind === "found" ? is.who : []) now.set(who.text, who);
  }
  const askers = [...old.values()].flatMap(({ text, client }): Asker[] => {
    const other = now.get(text);
    return other === undefined ? [] : [{ text, before: client, after: other.client }];
  });
  const onlyBefore = [...old.keys()].filter((text) => !now.has(text));
  const onlyAfter = [...now.keys()].filter((text) => !old.has(text));
  if (askers.length === 0)
    return `${[...onlyBefore, ...onlyAfter].join(", ")} is on one side alone, and cannot be compared`;
  return { askers, onlyBefore, onlyAfter };
}

function rendered(difference: Difference, compared: Compared, args: Arguments, io: Io): string {
  switch (choiceOf(args, "format", FORMATS)) {
    case "text":
      for (const [askers, word] of [
        [compared.onlyBefore, compared.before],
        [compared.onlyAfter, compared.after],
      ] as const)
        if (askers.length > 0) io.stderr(`privlink: only in ${word}, and not compared: ${askers.join(", ")}\n`);
      return textOf(difference, takesColor(args, io, "stdout"));
    case "json":
      return `${JSON.stringify(differenceJson(difference, compared), null, 2)}\n`;
    case "markdown":
      return differenceMarkdown(difference, compared);
  }
}

/** Files can hold what would act on a terminal: it is shown instead. Breaking changes are red where there are colours. */
function textOf(difference: Difference, color: boolean): string {
  const lines = differenceText(difference).split("\n").map(visibleText);
  return lines.map((line) => (color && line.startsWith("! ") ? `\u001b[1;31m${line}\u001b[0m` : line)).join("\n");
}

function fails({ changes }: Difference, least: (typeof FAIL_ON)[number]): boolean {
  switch (least) {
    case "none":
      return false;
    case "any":
      return changes.length > 0;
    case "breaking":
      return changes.some(({ contrast }) => isBreaking(contrast));
  }
}
