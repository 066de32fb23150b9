import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";

/**
 * Changes come in bursts: an editor writes, renames and touches. This much quiet ends one. A file that is written more
 * slowly than that is seen to move while it is read, and read again.
 */
const QUIET_MS = 20;
/** A file beside ours that never rests must not keep a change waiting for quiet. */
const LONGEST_WAIT_MS = 250;

/** Watches the folders that files lie in: it sees atomic renames, link swaps of a mounted ConfigMap, folders replaced. */
export interface FolderWatcher {
  /** The files and folders to look after from now on: absolute paths. */
  follow(paths: readonly string[]): void;
  close(): void;
}

interface WatchedFolder {
  readonly watcher: FSWatcher;
  /** Device and inode: another folder at the same path is another folder. */
  readonly identity: string;
}

/** Calls `onChange` after each burst of changes beside the followed files. A folder that cannot be watched is told once. */
export function watchFolders(onChange: () => void, onTrouble: (folder: string, error: unknown) => void): FolderWatcher {
  const watched = new Map<string, WatchedFolder>();
  const troubled = new Set<string>();
  let wanted: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | undefined;
  let burstStart: number | undefined;

  const fire = (): void => {
    burstStart = undefined;
    refresh(); // A folder that took another's place is watched from now on.
    onChange();
  };
  const changed = (): void => {
    const now = performance.now();
    burstStart ??= now;
    clearTimeout(timer);
    timer = setTimeout(fire, Math.max(0, Math.min(QUIET_MS, burstStart + LONGEST_WAIT_MS - now)));
  };
  const close = (folder: string): void => {
    watched.get(folder)?.watcher.close();
    watched.delete(folder);
  };
  const tellOnce = (folder: string, error: unknown): void => {
    if (!troubled.has(folder)) onTrouble(folder, error);
    troubled.add(folder);
  };
  const renew = (folder: string): void => {
    try {
      const identity = identityOf(folder);
      if (watched.get(folder)?.identity === identity) return;
      close(folder);
      if (identity === undefined) return;
      const watcher = watch(folder, { persistent: false }, changed);
      watcher.on("error", () => close(folder));
      watched.set(folder, { watcher, identity });
    } catch (error) {
      tellOnce(folder, error); // Who may not look above the project's folder serves it all the same.
    }
  };
  const refresh = (): void => {
    for (const folder of watched.keys()) if (!wanted.has(folder)) close(folder);
    for (const folder of wanted) renew(folder);
  };
  return {
    follow(paths) {
      wanted = foldersOf(paths);
      refresh();
    },
    close() {
      clearTimeout(timer);
      for (const folder of watched.keys()) close(folder);
    },
  };
}

/** The folders of the paths, the paths that are folders themselves, and the folders above those: there they are replaced. */
function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
    folders.add(folder);
    folders.add(dirname(folder));
  }
  return folders;
}

function identityOf(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true ? `${found.dev}:${found.ino}` : undefined;
}
