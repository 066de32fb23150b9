import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ProjectRequest } from "../project/find-project.ts";
import { formatSummary } from "../report/summary.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { changesText, mend, writeChange } from "./mend.ts";
import { couldNotRun } from "./misuse.ts";

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
    const result = mend(request, io);
    if (result.kind === "problem") return couldNotRun(io, result.message);
    const { changes, mended, left } = result;
    if (order.write) {
      for (const change of changes) {
        const problem = writeChange(change);
        if (problem !== undefined) return couldNotRun(io, `${change.path} ${problem}`);
      }
    } else io.stdout(changesText(changes));
    remaining.push(...left, ...(order.write ? [] : mended));
    if (!order.quiet)
      io.stderr(`${request.config ?? request.paths.join(" ")}: ${summaryOf(mended, left, order.write)}\n`);
  }
  return order.isBadEnough(remaining) ? ExitCodes.FINDINGS : ExitCodes.CLEAN;
}

function summaryOf(mended: readonly Diagnostic[], left: readonly Diagnostic[], isWritten: boolean): string {
  const rest = left.length === 0 ? "nothing is left" : `${formatSummary(left)} left`;
  if (mended.length === 0) return left.length === 0 ? "no errors" : `nothing can be mended by itself, ${rest}`;
  const what = formatSummary(mended);
  return isWritten ? `mended ${what}, ${rest}` : `can mend ${what}, ${rest}; --write does it`;
}
