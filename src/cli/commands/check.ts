import type { BaselineEntry } from "../../diagnostics/baseline.ts";
import type { Diagnostic, Severity } from "../../diagnostics/diagnostic.ts";
import type { ProjectRequest } from "../../project/find-project.ts";
import { newLoadMemory } from "../../project/load-memory.ts";
import { runLoadHere } from "../../project/load-order.ts";
import { REPORT_FORMATS, type Report, renderReport } from "../../report/report.ts";
import type { RuleTexts } from "../../report/sarif.ts";
import { formatSummary } from "../../report/summary.ts";
import { BaselineFile } from "../baseline-file.ts";
import { checkFix, type FixOrder } from "../check-fix.ts";
import { checkInputs, inputName } from "../check-inputs.ts";
import { type CheckedModel, checkModel } from "../check-run.ts";
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
import { type ExitCode, ExitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { couldNotRun, misuse } from "../misuse.ts";
import { Progress } from "../progress.ts";
import { loadOrder } from "../project.ts";
import { readReportFiles, writeReportFiles } from "../report-files.ts";

const FAIL_ON = ["error", "warning", "info", "never"] as const;

export const checkCommand: Command = {
  name: "check",
  usage:
    "privlink check [PATH…] [--zone NAME=FILE]… [--format FORM] [--report FORM=FILE]… [--fail-on SEVERITY] [--fix [--write]] [-q]",
  describe: "every problem in a topology, in zone files, in folders of them",
  details: `PATH is a topology, a zone file, or a folder: of a topology, or of zone files. Several are checked one by one, zone files
together. Without PATH and -c: privlink.yaml here. Problems go to standard output, the summary to standard error.
A zone file is of the zone that its $ORIGIN, the owner of its SOA, or its own name says; --zone says it of others.
What a comment "privlink-ignore CODE: reason" or the baseline excuses is not told.
With --fix it is the changes of files that go to standard output, as git apply takes them.`,
  options: [
    { ...CONFIG_OPTION, describe: "the topology (default: privlink.yaml here)" },
    { name: "zone", value: "NAME=FILE", repeatable: true, describe: "a zone file, and the zone that it is of" },
    { name: "format", value: "FORM", choices: REPORT_FORMATS, describe: "how problems are written (default: text)" },
    {
      name: "report",
      value: "FORM=FILE",
      repeatable: true,
      environment: "none",
      describe: "write them into a file as well, in a form of its own",
    },
    {
      name: "fail-on",
      value: "SEVERITY",
      choices: FAIL_ON,
      describe: "the least problem that makes the exit code 2 (default: error)",
    },
    { name: "baseline", value: "FILE", describe: "tell only what this file does not have, and what it has in vain" },
    {
      name: "write-baseline",
      environment: "none",
      describe: "write the file that --baseline names: what is found now is told no more",
    },
    {
      name: "fix",
      environment: "none",
      describe: "show the changes of files that mend what can be mended without a doubt",
    },
    { name: "write", environment: "none", describe: "with --fix: make them" },
    { name: "quiet", short: "q", describe: "no summary" },
    NO_COLOR_OPTION,
  ],
  async run(args, io) {
    const reports = readReportFiles(valuesOf(args, "report"), REPORT_FORMATS);
    if (typeof reports === "string") return misuse(io, checkCommand, reports);
    const baseline = baselineOf(args, io);
    if (typeof baseline === "string") return couldNotRun(io, baseline);
    const inputs = checkInputs(args, io);
    if (typeof inputs === "string") return couldNotRun(io, inputs);
    if (args.switches.has("fix")) return checkFix(inputs, fixOrder(args), io);
    if (args.switches.has("write")) return misuse(io, checkCommand, "--write goes with --fix");
    const models = checkAll(inputs, io);
    if (typeof models === "string") return couldNotRun(io, models);
    const sifted = siftAll(models, baseline, args);
    if (typeof sifted === "string") return couldNotRun(io, sifted);

    const format = choiceOf(args, "format", REPORT_FORMATS);
    const least = choiceOf(args, "fail-on", FAIL_ON);
    const needsRules = [format, ...reports.map((file) => file.format)].includes("sarif");
    const report: Report = {
      findings: sifted.told,
      excused: sifted.excused,
      inputs: models.map(({ name, told }) => ({ name, isClean: told.length === 0 })),
      isFailure: ({ severity }) => RANKS[severity] >= RANKS[least],
      version: io.version,
      rules: needsRules ? await loadRules() : new Map(),
    };
    io.stdout(renderReport(format, report, { color: takesColor(args, io, "stdout") }));
    if (!args.switches.has("quiet")) io.stderr(sifted.summary);
    const unwritten = writeReportFiles(reports, (form) => renderReport(form, report, { color: false }), io);
    return exitCodeOf(report, unwritten, io);
  },
};

const RANKS: Readonly<Record<Severity | "never", number>> = { info: 0, warning: 1, error: 2, never: 3 };

function fixOrder(args: Arguments): FixOrder {
  const least = choiceOf(args, "fail-on", FAIL_ON);
  return {
    write: args.switches.has("write"),
    quiet: args.switches.has("quiet"),
    isBadEnough: (findings) => findings.some(({ severity }) => RANKS[severity] >= RANKS[least]),
  };
}

/** Reads and checks everything that was named; the sentence of what cannot be. */
function checkAll(inputs: readonly ProjectRequest[], io: Io): readonly CheckedModel[] | string {
  const progress = new Progress(io);
  const models: CheckedModel[] = [];
  try {
    for (const input of inputs) {
      const loaded = runLoadHere(loadOrder(input, io), newLoadMemory(), (path) => progress.note(`reading ${path}`));
      if (loaded.kind === "problem") return loaded.message;
      if (loaded.kind === "unchanged") continue;
      const { model, snapshot } = loaded;
      progress.note("asking the model");
      models.push(checkModel({ ...model, snapshot }, inputName(input, model.name), io.cwd));
    }
  } finally {
    progress.end();
  }
  return models;
}

/** The baseline that was named, with what it has where it is to be read; the sentence of why it cannot be. */
interface NamedBaseline {
  readonly file: BaselineFile;
  readonly entries: readonly BaselineEntry[];
}

function baselineOf(args: Arguments, io: Io): NamedBaseline | string | undefined {
  const path = valueOf(args, "baseline");
  const isToBeWritten = args.switches.has("write-baseline");
  if (path === undefined) return isToBeWritten ? "--write-baseline needs --baseline FILE: where to write" : undefined;
  const file = new BaselineFile(path, io.cwd);
  const entries = isToBeWritten ? [] : file.read();
  return typeof entries === "string" ? entries : { file, entries };
}

/** What all models have to say together, and a line of summary for each. */
interface SiftedRun extends Pick<Report, "excused"> {
  readonly told: readonly Diagnostic[];
  readonly summary: string;
}

/** Takes out what the baseline has, after it was written where that was asked for. */
function siftAll(
  models: readonly CheckedModel[],
  baseline: NamedBaseline | undefined,
  args: Arguments,
): SiftedRun | string {
  const found = models.flatMap(({ told }) => told);
  const excused = models.flatMap((model) => model.excused);
  const summaryOf = (told: ReadonlySet<Diagnostic>): string => models.map((model) => summaryLine(model, told)).join("");
  if (baseline === undefined) return { told: found, excused, summary: summaryOf(new Set(found)) };
  let { entries } = baseline;
  if (args.switches.has("write-baseline")) {
    const read = baseline.file.write(found) ?? baseline.file.read();
    if (typeof read === "string") return read;
    entries = read;
  }
  const checked = new Set(models.flatMap(({ isComplete, touched }) => (isComplete ? touched : [])));
  const sifted = baseline.file.sift(found, entries, checked);
  const told = new Set(sifted.told);
  const stale = sifted.told.filter(({ code }) => code === "baseline/stale");
  const line = stale.length === 0 ? "" : `${valueOf(args, "baseline")}: ${formatSummary(stale)}\n`;
  return { told: sifted.told, excused: [...excused, ...sifted.excused], summary: `${summaryOf(told)}${line}` };
}

/** `corp.yaml: 1 error, 2 excused`. */
function summaryLine({ name, told, excused }: CheckedModel, left: ReadonlySet<Diagnostic>): string {
  const remaining = told.filter((finding) => left.has(finding));
  const count = excused.length + told.length - remaining.length;
  return `${name}: ${formatSummary(remaining)}${count === 0 ? "" : `, ${count} excused`}\n`;
}

async function loadRules(): Promise<RuleTexts> {
  const { CODE_PAGES } = await import("../../diagnostics/code-pages.ts");
  return CODE_PAGES;
}

function exitCodeOf({ findings, isFailure }: Report, unwritten: readonly string[], io: Io): ExitCode {
  for (const sentence of unwritten) couldNotRun(io, sentence);
  if (unwritten.length > 0) return ExitCodes.COULD_NOT_RUN;
  return findings.some(isFailure) ? ExitCodes.FINDINGS : ExitCodes.CLEAN;
}
