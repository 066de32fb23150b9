import type { Log } from "../observe/log.ts";
import type { ReloadResult } from "../observe/metrics.ts";
import type { LoadedModel, LoadOrder } from "../project/load-order.ts";
import type { LoadThread } from "../project/load-thread.ts";
import { watchFolders } from "../project/watch-folders.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { OnSignal } from "./lifecycle.ts";
import { createReloader, type ReloadReport } from "./reload.ts";
import { tellChanges } from "./tell-changes.ts";

/** What keeps the model up to date while the server runs. */
export interface Upkeep {
  /** Reads every file again and says how it ended. */
  reload(why: string): Promise<ReloadReport>;
  close(): Promise<void>;
}

/**
 * Reloads when the files of the model change, or SIGHUP comes: then every file is read again, also those that look
 * unchanged. `onSwap` is told after each new generation and waited for, `onEnd` how each reload ended. Closes the thread at the end.
 */
export function keepUpToDate(
  model: LoadedModel,
  order: LoadOrder,
  holder: SnapshotHolder,
  log: Log,
  { onSignal, thread }: { readonly onSignal: OnSignal; readonly thread: LoadThread },
  onSwap: (model: LoadedModel) => Promise<void>,
  onEnd: (result: ReloadResult) => void = () => undefined,
): Upkeep {
  const watcher = watchFolders(
    () => reloader.request("files changed"),
    (folder, error) => log.warn({ err: error }, `changes in ${folder} cannot be watched: send SIGHUP to reload`),
  );
  const onRest = (): void => void tellChanges(thread, log);
  const follow = (paths: readonly string[]): void => watcher.follow(paths);
  const reloader = createReloader(
    { order, thread, holder, log, follow, onLoaded: onSwap, onEnd, onRest },
    model.digest,
  );
  watcher.follow(model.touched);
  const offHangup = onSignal("SIGHUP", () => reloader.request("SIGHUP", { afresh: true }));
  return {
    reload: (why) => reloader.reload(why),
    async close() {
      offHangup();
      watcher.close();
      await thread.close();
    },
  };
}
