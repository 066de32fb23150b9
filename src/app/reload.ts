import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { Log } from "../observe/log.ts";
import type { ReloadResult } from "../observe/metrics.ts";
import type { LoadedModel, LoadOrder } from "../project/load-order.ts";
import type { LoadThread } from "../project/load-thread.ts";
import { renderCompact } from "../report/compact.ts";
import { formatSummary } from "../report/summary.ts";
import { compile } from "../snapshot/compile.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import { modelText } from "./banner.ts";

/** Brings the model up to date with its files: a whole new snapshot, or the old one and the reasons why not. */
export interface Reloader {
  /**
   * Asks for a reload, because of `why`; asked again while one runs, one more follows. `afresh` reads files again that look
   * unchanged.
   */
  request(why: string, how?: { readonly afresh: boolean }): void;
  /** The same with every file read again, and says how it ended: a run that begins after this call. */
  reload(why: string): Promise<ReloadReport>;
  /** Settles when no reload is under way. */
  idle(): Promise<void>;
}

/** How a reload ended. */
export interface ReloadReport {
  readonly result: ReloadResult;
  /** Why it failed: a sentence without a full stop. */
  readonly error?: string;
  /** What is wrong with the files, the worst of it. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many more there are. */
  readonly untold: number;
}

export interface ReloadParts {
  readonly order: LoadOrder;
  readonly thread: Pick<LoadThread, "load">;
  readonly holder: SnapshotHolder;
  readonly log: Log;
  /** Told which files each run read, also one with errors: there they may be put right. */
  readonly follow: (paths: readonly string[]) => void;
  /** Told after each swap, and waited for. */
  readonly onLoaded: (model: LoadedModel) => Promise<void> | void;
  /** Told how each run ended. */
  readonly onEnd?: (result: ReloadResult) => void;
  /** Told when no reload is wanted any more, and something was taken over. */
  readonly onRest?: () => void;
}

/** A log of a reload is read by people, and written where questions are answered: `privlink check` tells the rest. */
const TOLD_AT_MOST = 100;

/** A reload that somebody asked for, and those who wait for its end. */
interface Wanted {
  readonly why: string;
  readonly afresh: boolean;
  readonly waiting: readonly ((report: ReloadReport) => void)[];
}

const NOTHING_WRONG = { diagnostics: [], untold: 0 } as const;

/** `known` is the digest of what is being served. */
export function createReloader(
  { order, thread, holder, log, follow, onLoaded, onEnd, onRest }: ReloadParts,
  known: string,
): Reloader {
  let digest = known;
  let wanted: Wanted | undefined;
  let isBehind = false; // Whether the files say something that could not be taken over.
  let running: Promise<void> | undefined;

  const once = async (why: string, afresh: boolean): Promise<ReloadReport> => {
    const result = await thread.load({ ...order, known: digest, afresh, tellAtMost: TOLD_AT_MOST });
    switch (result.kind) {
      case "unchanged":
        if (isBehind) log.info({ why }, "the files say again what is answered");
        isBehind = false;
        log.debug({ why }, "nothing to reload: the files say the same");
        return { result: "unchanged", ...NOTHING_WRONG };
      case "problem":
        isBehind = true;
        log.error({ why }, `reload failed, the old model goes on answering: ${result.message}`);
        return { result: "failed", error: result.message, ...NOTHING_WRONG };
      case "loaded": {
        const { diagnostics, untold } = result;
        follow(result.touched);
        for (const diagnostic of diagnostics) tell(log, diagnostic);
        if (untold > 0) log.warn(`${untold} more problems: privlink check tells all of them`);
        isBehind = result.hasErrors;
        if (result.hasErrors) {
          const summary = `${formatSummary(diagnostics)}${untold === 0 ? "" : ` and ${untold} more`}`;
          log.error({ why }, `reload failed, the old model goes on answering: ${summary}`);
          return { result: "failed", error: `the old model goes on answering: ${summary}`, diagnostics, untold };
        }
        digest = result.digest;
        holder.swap(compile(result.input, new Diagnostics()));
        await onLoaded(result);
        log.info({ why }, `reloaded: ${modelText(holder.current)}`);
        return { result: "loaded", diagnostics, untold };
      }
    }
  };
  const onceSafely = async ({ why, afresh }: Wanted): Promise<ReloadReport> => {
    try {
      return await once(why, afresh);
    } catch (error) {
      log.error({ why, err: error }, "reload failed, the old model goes on answering");
      return { result: "failed", error: "a bug in privlink, told in its log; please report it", ...NOTHING_WRONG };
    }
  };
  const run = async (): Promise<void> => {
    let isNew = false;
    while (wanted !== undefined) {
      const now = wanted;
      wanted = undefined;
      const report = await onceSafely(now);
      if (report.result === "loaded") isNew = true;
      onEnd?.(report.result);
      for (const tellEnd of now.waiting) tellEnd(report);
    }
    running = undefined;
    if (isNew) onRest?.();
  };
  const want = ({ why, afresh, waiting }: Wanted): void => {
    wanted = {
      why,
      afresh: afresh || wanted?.afresh === true,
      waiting: [...(wanted?.waiting ?? []), ...waiting],
    };
    running ??= run();
  };
  return {
    request: (why, { afresh } = { afresh: false }) => want({ why, afresh, waiting: [] }),
    reload: (why) => new Promise((resolve) => want({ why, afresh: true, waiting: [resolve] })),
    idle: () => running ?? Promise.resolve(),
  };
}

function tell(log: Log, diagnostic: Diagnostic): void {
  const line = renderCompact(diagnostic).trimEnd();
  switch (diagnostic.severity) {
    case "error":
      return log.error(line);
    case "warning":
      return log.warn(line);
    case "info":
      return log.debug(line);
  }
}
