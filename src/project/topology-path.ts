import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** The names that a topology goes by in the folder where a command runs. */
export const TOPOLOGY_NAMES = ["privlink.yaml", "privlink.yml"];

/** Where the topology lies that is meant without paths: `-c FILE`, the one in the folder, the example. It may not exist. */
export function topologyPath(
  config: string | undefined,
  folder: string,
  exampleFolder: string,
): { readonly path: string; readonly isExample: boolean } {
  if (config !== undefined) return { path: resolve(folder, config), isExample: false };
  const beside = TOPOLOGY_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
  return beside === undefined
    ? { path: join(exampleFolder, "privlink.yaml"), isExample: true }
    : { path: beside, isExample: false };
}
