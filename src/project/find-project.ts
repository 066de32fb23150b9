import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { displayName } from "../name/name-text.ts";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { zoneOrigin } from "./load-project.ts";
import { describeSystemError, ProjectFiles } from "./project-files.ts";
import { TOPOLOGY_NAMES, topologyPath } from "./topology-path.ts";

/** What the user named. */
export interface ProjectRequest {
  /** `-c`. */
  readonly config?: string;
  /** A topology, or zone files and folders of them. */
  readonly paths: readonly string[];
  /** `NAME=CIDR`, with zone files: networks that see the zones. */
  readonly networks: readonly string[];
}

/** A project that can be loaded: its first file, and the files beside it. */
export interface FoundProject {
  readonly kind: "found";
  /** Made of the command line where no topology was named. */
  readonly entry: SourceFile;
  readonly files: ProjectFiles;
  readonly isExample: boolean;
}

export type FindResult = FoundProject | { readonly kind: "problem"; readonly message: string };

/**
 * Finds what a command is about: `-c FILE`, else the paths, else the topology in the folder, else the example that comes
 * with privlink. Reads anew at every call: a reload calls it again.
 */
export function findProject(request: ProjectRequest, folder: string, exampleFolder: string): FindResult {
  const { config, paths, networks } = request;
  try {
    if (config !== undefined && paths.length > 0)
      return problem(`${paths[0]} stands beside -c ${config}: name a topology or zone files, not both`);
    const named = config ?? topologyAmong(paths, folder);
    if (named !== undefined && networks.length > 0)
      return problem("--network goes with zone files: a topology declares its networks itself");
    if (named !== undefined) return openTopology(resolve(folder, named), folder, false);
    if (paths.length > 0) return ofZoneFiles(paths, networks, folder);
    if (networks.length > 0) return problem("--network needs zone files or a folder of them to show to that network");
    const { path, isExample } = topologyPath(undefined, folder, exampleFolder);
    return openTopology(path, folder, isExample);
  } catch (error) {
    return problem(describeSystemError(error));
  }
}

/** The topology that the paths name: a YAML file, or a folder with one in it. */
function topologyAmong(paths: readonly string[], folder: string): string | undefined {
  const [first] = paths;
  if (paths.length !== 1 || first === undefined) return undefined;
  if (/\.ya?ml$/.test(first)) return first;
  const inside = TOPOLOGY_NAMES.map((name) => join(resolve(folder, first), name));
  return inside.find((path) => existsSync(path));
}

function openTopology(path: string, shownFrom: string, isExample: boolean): FindResult {
  if (!existsSync(path)) return problem(`${path} does not exist`);
  const files = new ProjectFiles(dirname(path), shownFrom);
  const read = files.open(path, "unicode");
  return read.kind === "problem"
    ? problem(`${files.show(path)} ${read.message}`)
    : { kind: "found", entry: read.file, files, isExample };
}

/** Zone files alone: public zones, or, with networks, private zones that those networks see. */
function ofZoneFiles(paths: readonly string[], networks: readonly string[], folder: string): FindResult {
  const absolute = paths.map((path) => resolve(folder, path));
  const missing = absolute.find((path) => !existsSync(path));
  if (missing !== undefined) return problem(`${missing} does not exist`);
  const files = new ProjectFiles(commonFolder(absolute), folder);
  const lines =
    networks.length === 0 ? ["public:", `  zones: ${quoteList(absolute)}`] : linkedZones(absolute, networks, files);
  if (typeof lines === "string") return problem(lines);
  return { kind: "found", entry: sourceFile("command line", `${lines.join("\n")}\n`), files, isExample: false };
}

function linkedZones(paths: readonly string[], networks: readonly string[], files: ProjectFiles): string[] | string {
  const lines = ["networks:"];
  for (const text of networks) {
    const [, name, prefix] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || prefix === undefined) return `--network ${text} is no NAME=CIDR`;
    lines.push(`  ${JSON.stringify(name)}: { prefixes: ${JSON.stringify(prefix)} }`);
  }
  lines.push("zones:");
  for (const path of paths) {
    if (files.isFolder(path)) {
      lines.push(`  ${JSON.stringify(`folder/${basename(path)}`)}: { folder: ${JSON.stringify(path)}, links: all }`);
      continue;
    }
    const read = files.open(path, "octets");
    const origin = read.kind === "file" ? zoneOrigin(read.file) : undefined;
    if (origin === undefined)
      return `${files.show(path)}: no origin: begin the file with $ORIGIN, or name it after its zone`;
    lines.push(`  ${JSON.stringify(displayName(origin))}: { file: ${JSON.stringify(path)}, links: all }`);
  }
  return lines;
}

function quoteList(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
}

/** The deepest folder that holds every path. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  let common = folders[0] ?? "/";
  for (const folder of folders) {
    while (folder !== common && !folder.startsWith(common === "/" ? "/" : `${common}/`)) common = dirname(common);
  }
  return common;
}

function problem(message: string): FindResult {
  return { kind: "problem", message };
}
