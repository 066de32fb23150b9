import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A project of files on a disk, which changes as people and clusters change it. */
export interface ProjectFolder {
  readonly path: string;
  /** Writes a file beside its place and moves it there, as editors and `mv` do. */
  replace(file: string, text: string): void;
  /** Writes into the file that is there. */
  overwrite(file: string, text: string): void;
  remove(file: string): void;
  /** Ends the folder. */
  close(): void;
}

export function projectFolder(files: Readonly<Record<string, string>>): ProjectFolder {
  const path = newFolder();
  const overwrite = (file: string, text: string): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  for (const [file, text] of Object.entries(files)) overwrite(file, text);
  return {
    path,
    overwrite,
    replace(file, text) {
      overwrite(`${file}.new`, text);
      renameSync(join(path, `${file}.new`), join(path, file));
    },
    remove: (file) => rmSync(join(path, file)),
    close: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A folder as a cluster mounts a ConfigMap: every file a link through `..data`, which a change swaps. */
export interface MountedFolder {
  readonly path: string;
  /** All files at once: a new generation, then the swap, then the old one goes. */
  swap(files: Readonly<Record<string, string>>): void;
  close(): void;
}

export function mountedFolder(files: Readonly<Record<string, string>>): MountedFolder {
  const path = newFolder();
  let generation = 0;
  const swap = (next: Readonly<Record<string, string>>): void => {
    const before = join(path, `..generation_${generation}`);
    generation += 1;
    const name = `..generation_${generation}`;
    mkdirSync(join(path, name));
    for (const [file, text] of Object.entries(next)) writeFileSync(join(path, name, file), text);
    symlinkSync(name, join(path, "..data_tmp"));
    renameSync(join(path, "..data_tmp"), join(path, "..data"));
    if (generation > 1) rmSync(before, { recursive: true });
  };
  swap(files);
  for (const file of Object.keys(files)) symlinkSync(join("..data", file), join(path, file));
  return { path, swap, close: () => rmSync(path, { recursive: true, force: true }) };
}

function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "privlink-project-")));
}
