import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ProjectRequest } from "../project/find-project.ts";
import { TOPOLOGY_NAMES } from "../project/topology-path.ts";
import { type Arguments, valueOf, valuesOf } from "./command.ts";
import type { Io } from "./io.ts";

/**
 * What `check` is about: one request for each topology, and one for all zone files; the sentence of what cannot be checked.
 * With nothing at hand there is nothing to check: the built-in example would let a check in the wrong folder pass.
 */
export function checkInputs(args: Arguments, io: Io): readonly ProjectRequest[] | string {
  const config = valueOf(args, "config");
  const zones = valuesOf(args, "zone");
  const { words } = args;
  const other = words[0] ?? zones[0];
  if (config !== undefined && other !== undefined && !args.fromEnvironment.has("config"))
    return `${other} stands beside -c ${config}: name each file once`;
  if (other === undefined) {
    const found = config ?? TOPOLOGY_NAMES.find((name) => existsSync(join(io.cwd, name)));
    if (found === undefined) return "nothing to check: no privlink.yaml here; name a topology, a zone file or a folder";
    return [{ config: found, paths: [], networks: [] }];
  }
  const requests: ProjectRequest[] = [];
  const zoneFiles: string[] = [];
  for (const word of words) {
    const path = resolve(io.cwd, word);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const isTopology = isFolder ? TOPOLOGY_NAMES.some((name) => existsSync(join(path, name))) : /\.ya?ml$/.test(word);
    if (isTopology) requests.push({ paths: [word], networks: [] });
    else zoneFiles.push(word);
  }
  if (zoneFiles.length === 0 && zones.length === 0) return requests;
  return [...requests, { paths: zoneFiles, networks: [], zones }];
}

/** What the user would call an input. */
export function inputName({ paths, zones = [] }: ProjectRequest, loadedName: string): string {
  const names = [...paths, ...zones.map((zone) => zone.slice(zone.indexOf("=") + 1))];
  return names.length > 0 ? names.join(" ") : loadedName;
}
