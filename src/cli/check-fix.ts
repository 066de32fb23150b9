import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { fingerprintOf } from "../diagnostics/fingerprint.ts";
import type { ProjectRequest } from "../project/find-project.ts";
import { runLoadHere } from "../project/load-order.ts";
import { formatSummary } from "../report/summary.ts";
import { checkModel } from "./check-run.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import { changesText, writeChanges } from "./file-change.ts";
import type { Io } from "./io.ts";
import { mend } from "./mend.ts";
import { couldNotRun } from "./misuse.ts";
import { loadOrder } from "./project.ts";

/** What `check --fix` is asked to do. */
export interface FixOrder {
  /** Whether files are written; else the difference is shown. */
  readonly write: boolean;
  readonly quiet: boolean;
  /** Whether what is left makes the exit code 2. */
  readonly isBadEnough: (findings: readonly Diagnostic[]) => boolean;
}

/** Mends what can be mended in each project: shows how its files would change, or changes them. */
export function checkFix(requests: readonly ProjectRequest[], order: FixOrder, io: Io): ExitCode {
  const remaining: Diagnostic[] = [];
  for (const request of requests) {
    const isTold = whatIsTold(request, io);
    const result = mend(request, io, isTold);
    if (result.kind === "problem") return couldNotRun(io, result.message);
    const { changes, mended } = result;
    const left = result.left.filter(isTold);
    if (order.write) {
      const problem = writeChanges(changes);
      if (problem !== undefined) return couldNotRun(io, problem);
    } else io.stdout(changesText(changes));
    remaining.push(...left, ...(order.write ? [] : mended));
    if (!order.quiet)
      io.stderr(`${request.config ?? request.paths.join(" ")}: ${summaryOf(mended, left, order.write)}\n`);
  }
  return order.isBadEnough(remaining) ? ExitCodes.FINDINGS : ExitCodes.CLEAN;
}

/** Whether no comment excuses a finding. By what it says, not where: changes of a file move its lines. */
function whatIsTold(request: ProjectRequest, io: Io): (finding: Diagnostic) => boolean {
  const loaded = runLoadHere(loadOrder(request, io));
  if (loaded.kind !== "loaded") return () => true;
  const { excused } = checkModel({ ...loaded.model, snapshot: loaded.snapshot }, "", io.cwd);
  const keyOf = (finding: Diagnostic): string => fingerprintOf(finding, finding.span.file.path);
  const keys = new Set(excused.map(({ finding }) => keyOf(finding)));
  return (finding) => !keys.has(keyOf(finding));
}

function summaryOf(mended: readonly Diagnostic[], left: readonly Diagnostic[], isWritten: boolean): string {
  const rest = left.length === 0 ? "nothing is left" : `${formatSummary(left)} left`;
  if (mended.length === 0) return left.length === 0 ? "no errors" : `nothing can be mended by itself, ${rest}`;
  const what = formatSummary(mended);
  return isWritten ? `mended ${what}, ${rest}` : `can mend ${what}, ${rest}; --write does it`;
}
