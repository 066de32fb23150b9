import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";

/** Changes come in bursts: an editor writes, renames and touches. This much quiet ends one. */
const QUIET_MS = 50;

/** Watches the folders that files lie in: it sees atomic renames and the link swaps of a mounted ConfigMap. */
export interface FolderWatcher {
  /** The files and folders to look after from now on. */
  follow(paths: readonly string[]): void;
  close(): void;
}

/** Calls `onChange` after each burst of changes beside the followed files. A folder that cannot be watched is told once. */
export function watchFolders(onChange: () => void, onTrouble: (folder: string, error: unknown) => void): FolderWatcher {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  const open = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, changed);
      watcher.on("error", (error) => {
        watcher.close();
        watchers.delete(folder);
        onTrouble(folder, error);
      });
      watchers.set(folder, watcher);
    } catch (error) {
      onTrouble(folder, error);
    }
  };
  return {
    follow(paths) {
      const folders = new Set(
        paths.flatMap((path) => [path, dirname(path)]).filter((path) => !/\.(zone|ya?ml)$/.test(path)),
      );
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders) if (!watchers.has(folder)) open(folder);
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
