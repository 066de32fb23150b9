import type { Log } from "../observe/log.ts";
import type { ReloadResult } from "../observe/metrics.ts";
import type { LoadedModel, LoadOrder } from "../project/load-order.ts";
import type { LoadThread } from "../project/load-thread.ts";
import { watchFolders } from "../project/watch-folders.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { OnSignal, SignalName } from "./lifecycle.ts";
import { createReloader, type ReloadReport } from "./reload.ts";
import { tellChanges } from "./tell-changes.ts";

/** What keeps the model up to date while the server runs. */
export interface Upkeep {
  /** Reads every file again and says how it ended. */
  reload(why: string): Promise<ReloadReport>;
  close(): Promise<void>;
}

/** What it needs of the process. */
export interface UpkeepPorts {
  readonly onSignal: OnSignal;
  readonly thread: LoadThread;
  /** The signals that ask for a reload, where there are any. */
  readonly reloadSignals: readonly SignalName[];
}

/**
 * Reloads when the files of the model change, or a signal asks for it: then every file is read again, also those that look
 * unchanged. `onSwap` is told after each new generation and waited for, `onEnd` how each reload ended. Closes the thread at the end.
 */
export function keepUpToDate(
  model: LoadedModel,
  order: LoadOrder,
  holder: SnapshotHolder,
  log: Log,
  { onSignal, thread, reloadSignals }: UpkeepPorts,
  onSwap: (model: LoadedModel) => Promise<void>,
  onEnd: (result: ReloadResult) => void = () => undefined,
): Upkeep {
  const [signal] = reloadSignals;
  const howToReload = signal === undefined ? "POST /v1/reload at --control reloads" : `send ${signal} to reload`;
  const watcher = watchFolders(
    () => reloader.request("files changed"),
    (folder, error) => log.warn({ err: error }, `changes in ${folder} cannot be watched: ${howToReload}`),
  );
  const onRest = (): void => void tellChanges(thread, log);
  const follow = (paths: readonly string[]): void => watcher.follow(paths);
  const reloader = createReloader(
    { order, thread, holder, log, follow, onLoaded: onSwap, onEnd, onRest },
    model.digest,
  );
  watcher.follow(model.touched);
  const offSignals = reloadSignals.map((name) => onSignal(name, () => reloader.request(name, { afresh: true })));
  return {
    reload: (why) => reloader.reload(why),
    async close() {
      for (const off of offSignals) off();
      watcher.close();
      await thread.close();
    },
  };
}
