import type { Snapshot } from "./snapshot.ts";

/** The one place where a generation takes over from another. A query reads `current` once and lives in it. */
export interface SnapshotHolder {
  readonly current: Snapshot;
  /** Puts a whole, valid snapshot in place. Queries under way go on in the one they read. */
  swap(next: Snapshot): void;
}

export function holdSnapshot(first: Snapshot): SnapshotHolder {
  let current = first;
  return {
    get current() {
      return current;
    },
    swap(next) {
      current = next;
    },
  };
}
