import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { askModel, askModelOffline } from "../expect/ask-model.ts";
import { askerText } from "../expect/askers.ts";
import { choose } from "../expect/choose.ts";
import { coverageOf } from "../expect/coverage.ts";
import { type ExpectedQuestion, questionsOf, type Unmatched } from "../expect/questions.ts";
import {
  type Answered,
  answeredBy,
  countVerdicts,
  formatCounts,
  judge,
  judgeUnmatched,
  type TestResult,
  type TestRun,
} from "../expect/results.ts";
import { formatAddressPort } from "../net/address.ts";
import { describeSystemError } from "../project/project-files.ts";
import { renderCoverage } from "../report/coverage.ts";
import { renderTests, type TestsFormat } from "../report/tests-report.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { takesColor } from "./color.ts";
import type { Arguments } from "./command.ts";
import { eachOf } from "./each-of.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { couldNotRun } from "./misuse.ts";
import { loadOrder, type OpenedProject, openProject, requestOf } from "./project.ts";
import { writeReportFiles } from "./report-files.ts";
import { openLiveServers } from "./test-live.ts";
import { askTestedServer } from "./test-server.ts";
import type { TestTerms } from "./test-terms.ts";
import { updateTests } from "./test-update.ts";

/** What one run came to, and the files whose change would make it another one. */
export interface TestOutcome {
  readonly code: ExitCode;
  /** Absolute paths. */
  readonly touched: readonly string[];
}

/** Loads everything afresh, runs the expectations, and tells what came of them. */
export async function testOnce(terms: TestTerms, args: Arguments, io: Io): Promise<TestOutcome> {
  const named = terms.files.map((path) => resolve(io.cwd, path));
  const files = readExpectationFiles(terms.files, io);
  if (typeof files === "string") return { code: couldNotRun(io, files), touched: named };
  const order = loadOrder(requestOf(args), io);
  const project = openProject(files.length === 0 ? order : { ...order, expectations: files }, args, io);
  if (project === undefined) return { code: ExitCodes.COULD_NOT_RUN, touched: named };
  const code = await testProject(project, terms, args, io);
  return { code, touched: [...project.loaded.touched, ...named] };
}

/** The files of expectations that were named; the sentence of one that cannot be read. */
function readExpectationFiles(paths: readonly string[], { cwd }: Io): SourceFile[] | string {
  const files: SourceFile[] = [];
  for (const path of paths) {
    try {
      files.push(sourceFile(path, readFileSync(resolve(cwd, path), "utf8")));
    } catch (error) {
      return `${path} ${describeSystemError(error)}`;
    }
  }
  return files;
}

async function testProject(project: OpenedProject, terms: TestTerms, args: Arguments, io: Io): Promise<ExitCode> {
  const { snapshot, loaded } = project;
  const { expectations } = snapshot.topology;
  const name = terms.files.length === 0 ? loaded.name : terms.files.join(" ");
  if (expectations.length === 0)
    return couldNotRun(io, `nothing to test: ${name} expects nothing; privlink test --init writes what holds today`);
  const chosen = choose(expectations, terms.choice);
  if (chosen.length === 0)
    return couldNotRun(io, `nothing to test: --only and --except leave none of ${expectations.length} expectations`);
  const run = await runTests(snapshot, questionsOf(snapshot, chosen), terms, name, io);
  if (typeof run === "string") return couldNotRun(io, run);
  if (terms.mode === "update") return updateTests(run, project, io);

  const coverage = terms.tellsCoverage ? coverageOf(snapshot, run.results) : undefined;
  const options = { color: takesColor(args, io, "stdout"), verbose: terms.verbose };
  io.stdout(renderTests(terms.format, coverage === undefined ? run : { ...run, coverage }, options));
  if (coverage !== undefined && terms.format !== "json") {
    const write = terms.format === "text" ? io.stdout : io.stderr;
    write(renderCoverage(coverage));
  }
  const rendered = (format: TestsFormat): string => renderTests(format, run, { color: false, verbose: true });
  const unwritten = writeReportFiles(terms.reports, rendered, io);
  for (const sentence of unwritten) couldNotRun(io, sentence);
  if (unwritten.length > 0) return ExitCodes.COULD_NOT_RUN;
  if (!terms.quiet) io.stderr(summaryOf(run, terms));
  return countVerdicts(run.results).failed > 0 ? ExitCodes.FINDINGS : ExitCodes.CLEAN;
}

function summaryOf({ name, results }: TestRun, { live, server }: TestTerms): string {
  const { unknown } = countVerdicts(results);
  const hint =
    unknown > 0 && !live && server === undefined ? " (--live asks the real servers, --strict lets unknown fail)" : "";
  return `${name}: ${formatCounts(results)}${hint}\n`;
}

/** Asks, and judges; the sentence of why nothing could be asked. */
async function runTests(
  snapshot: Snapshot,
  items: readonly (ExpectedQuestion | Unmatched)[],
  terms: TestTerms,
  name: string,
  io: Io,
): Promise<TestRun | string> {
  const questions = items.filter((item) => item.kind === "question");
  const answers = await answersTo(snapshot, questions, terms, io);
  if (typeof answers === "string") return answers;
  const left = answers.values();
  const results = items.map((item): TestResult => {
    if (item.kind === "unmatched") return judgeUnmatched(item);
    const answered = left.next().value;
    if (answered === undefined) throw new Error("a question was left without an answer");
    return judge(snapshot, item, answered, terms);
  });
  const { server } = terms;
  if (server === undefined) return { name, results };
  const skipped = results.find(({ verdict }) => verdict === "skipped");
  if (skipped !== undefined && results.every(({ verdict }) => verdict === "skipped"))
    return `nothing was tested: ${skipped.from} asks ${skipped.name} ${skipped.type}: ${skipped.why ?? ""}`;
  return { name, results, server: formatAddressPort(server.at) };
}

async function answersTo(
  snapshot: Snapshot,
  questions: readonly ExpectedQuestion[],
  { server, live }: TestTerms,
  io: Io,
): Promise<readonly Answered[] | string> {
  if (server !== undefined) {
    const { as } = server;
    if (as !== undefined && !questions.some(({ asker }) => isCalled(as, askerText(asker)))) {
      const askers = [...new Set(questions.map(({ asker }) => askerText(asker)))];
      return `--as: no expectation is about ${as}: they are about ${askers.join(", ")}`;
    }
    const asked = await askTestedServer(snapshot, questions, { ...server, random: io.random });
    return asked.kind === "answers"
      ? asked.answers
      : `${formatAddressPort(server.at)} ${asked.text}: nothing was tested`;
  }
  if (!live) return questions.map((question) => answerOffline(snapshot, question));
  const servers = openLiveServers(snapshot, io.random);
  try {
    return await eachOf(questions, LIVE_AT_ONCE, async (question) =>
      answeredBy(await askModel(snapshot, question, servers.ask)),
    );
  } finally {
    servers.close();
  }
}

/** Questions that wait for real servers at once. */
const LIVE_AT_ONCE = 32;

function isCalled(text: string, name: string): boolean {
  return text.toLowerCase() === name.toLowerCase();
}

function answerOffline(snapshot: Snapshot, question: ExpectedQuestion): Answered {
  return answeredBy(askModelOffline(snapshot, question));
}
