import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** The names that a topology goes by in a folder. */
export const TOPOLOGY_NAMES = ["privlink.yaml", "privlink.yml"];

/**
 * Where the topology lies that is meant without paths: `-c FILE`, the one in the folder that `-c` names, the one in the folder
 * where the command runs, the example. It may not exist.
 */
export function topologyPath(
  config: string | undefined,
  folder: string,
  exampleFolder: string,
): { readonly path: string; readonly isExample: boolean } {
  if (config !== undefined) return { path: namedTopology(resolve(folder, config)), isExample: false };
  const beside = topologyIn(folder);
  return beside === undefined
    ? { path: join(exampleFolder, "privlink.yaml"), isExample: true }
    : { path: beside, isExample: false };
}

/** The topology that a path names: itself, or the one in it where it is a folder that has one. */
export function namedTopology(path: string): string {
  return topologyIn(path) ?? path;
}

/** The topology in a folder. */
export function topologyIn(folder: string): string | undefined {
  return TOPOLOGY_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * Why a folder that was named has no topology, in words that follow it; `undefined` of what is no folder. An empty folder is
 * most often a volume that was mounted elsewhere, a file with another name a slip.
 */
export function describeWithoutTopology(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const names = readdirSync(path).filter((name) => !name.startsWith("."));
  const [wanted = ""] = TOPOLOGY_NAMES;
  const shown = names.toSorted().slice(0, 5).join(", ");
  const what = names.length === 0 ? "it is empty" : `it holds ${shown}${names.length > 5 ? ", …" : ""}`;
  return `has no ${wanted}: ${what}`;
}
