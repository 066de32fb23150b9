/**
 * How old a change must be before a stamp is believed. Two writes within one tick of a file system's clock leave the same
 * stamp; the coarsest clock in use counts two seconds (FAT).
 */
const SETTLED_MS = 2000;

/** What a file system says of a file without opening it. */
export interface FileStamp {
  /** Device, inode, size, and the times of the last write and of the last change of anything, in nanoseconds. */
  readonly text: string;
  /** The last change of anything: unlike the time of the last write, nobody can set it. Milliseconds since 1970. */
  readonly changedMs: number;
}

export interface SeenFile {
  readonly stamp: string;
  readonly digest: string;
}

/** By absolute path. */
export type SeenFiles = ReadonlyMap<string, SeenFile>;

/**
 * What files held when they were last read, so that one whose stamp is the same need not be read again
 * (docs/decisions/0017). It outlives the runs of the config flow.
 */
export class FileMemory {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  private readonly digests: Map<string, SeenFile>;

  constructor(now: () => number = Date.now, seen: SeenFiles = new Map()) {
    this.now = now;
    this.digests = new Map(seen);
  }

  /** All that it knows, as plain data. */
  get seen(): SeenFiles {
    return this.digests;
  }

  /** The digest of the contents, if the file with this stamp was read and had settled by then. */
  digestOf(path: string, stamp: FileStamp): string | undefined {
    const known = this.digests.get(path);
    return known?.stamp === stamp.text ? known.digest : undefined;
  }

  /** `stamp` was taken before the file was read, at `nowMs`: what changed since then has another one. */
  remember(path: string, stamp: FileStamp, digest: string, nowMs: number): void {
    // A time to come, of another machine's clock, never settles: such a file is read each time.
    if (nowMs - stamp.changedMs >= SETTLED_MS) this.digests.set(path, { stamp: stamp.text, digest });
    else this.digests.delete(path);
  }

  /** Believes no stamp that it has: whoever asks for everything to be read again has a reason. */
  forget(): void {
    this.digests.clear();
  }

  /** Drops what is not among the paths that a run opened. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of this.digests.keys()) if (!paths.has(path)) this.digests.delete(path);
  }
}
