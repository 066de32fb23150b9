import { resolve } from "node:path";
import { writeToday } from "../expect/today.ts";
import type { Arguments } from "./command.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { couldNotRun } from "./misuse.ts";
import { loadOrder, openProject, requestOf } from "./project.ts";
import type { TestTerms } from "./test-terms.ts";
import { writeNewFile } from "./write-whole-file.ts";

/** Writes expectations that today's answers meet, to standard output or to a file that is not there yet. */
export function initTests({ out, quiet }: TestTerms, args: Arguments, io: Io): ExitCode {
  const project = openProject(loadOrder(requestOf(args), io), args, io);
  if (project === undefined) return ExitCodes.COULD_NOT_RUN;
  const { text, expectations, answers, unknown } = writeToday(project.snapshot);
  if (expectations === 0) return couldNotRun(io, `${project.loaded.name} has no names: there is nothing to expect`);
  const head = `# Written by privlink test --init from the answers of ${project.loaded.name}: keep what must stay so.\n`;
  if (out === undefined) io.stdout(head + text);
  else {
    const problem = writeNewFile(resolve(io.cwd, out), head + text);
    if (problem !== undefined) return couldNotRun(io, `${out} ${problem}`);
  }
  if (!quiet) {
    const missing = unknown === 0 ? "" : `, and nothing of ${unknown} that only a real server knows`;
    io.stderr(`${out ?? "standard output"}: ${expectations} expectations of ${answers} answers${missing}\n`);
  }
  return ExitCodes.CLEAN;
}
