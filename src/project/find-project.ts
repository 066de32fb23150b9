import { existsSync, lstatSync, readlinkSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { displayName, parseName } from "../name/name-text.ts";
import { type SourceFile, sourceFile } from "../source/source-file.ts";
import { COMMAND_LINE } from "./command-line.ts";
import { type LoadMemory, newLoadMemory } from "./load-memory.ts";
import { describeSystemError, ProjectFiles } from "./project-files.ts";
import { describeWithoutTopology, namedTopology, topologyIn, topologyPath } from "./topology-path.ts";
import { originIn, originInPath } from "./zone-memory.ts";

/** What the user named. */
export interface ProjectRequest {
  /** `-c`. */
  readonly config?: string;
  /** A topology, or zone files and folders of them. */
  readonly paths: readonly string[];
  /** `NAME=CIDR`, with zone files: networks that see the zones. */
  readonly networks: readonly string[];
  /** Whether the command line alone says enough to be served: without files the model is empty then. */
  readonly needsNoFiles?: boolean;
  /** `NAME=FILE`: zone files that do not say themselves, or by their names, which zone they are of. */
  readonly zones?: readonly string[];
}

/** A project that can be loaded: its first file, and the files beside it. */
export interface FoundProject {
  readonly kind: "found";
  /** Made of the command line where no topology was named. */
  readonly entry: SourceFile;
  readonly files: ProjectFiles;
  readonly isExample: boolean;
  /** The zones of files that were named with one, by absolute path. */
  readonly origins?: ReadonlyMap<string, DomainName>;
}

export type FindResult = FoundProject | { readonly kind: "problem"; readonly message: string };

/**
 * Finds what a command is about: what `-c` names, a file or the folder of one, else the paths, else the topology in the folder, else nothing where that is
 * enough, else the example that comes with privlink. Looks anew at every call: a reload calls it again.
 */
export function findProject(
  request: ProjectRequest,
  folder: string,
  exampleFolder: string,
  memory = newLoadMemory(),
): FindResult {
  const { config, paths, networks } = request;
  const openAt = (path: string, isExample: boolean): FindResult => openTopology(path, folder, isExample, memory);
  try {
    if (config !== undefined && paths.length > 0)
      return problem(`${paths[0]} stands beside -c ${config}: name a topology or zone files, not both`);
    const named = config ?? topologyAmong(paths, folder);
    if (named !== undefined && networks.length > 0)
      return problem("--network goes with zone files: a topology declares its networks itself");
    if (named !== undefined) return openAt(resolve(folder, named), false);
    const zones = namedZones(request.zones ?? [], folder);
    if (typeof zones === "string") return problem(zones);
    if (paths.length > 0 || zones.size > 0) return ofZoneFiles(paths, networks, zones, folder, memory);
    if (networks.length > 0) return problem("--network needs zone files or a folder of them to show to that network");
    const { path, isExample } = topologyPath(undefined, folder, exampleFolder);
    return isExample && request.needsNoFiles === true ? ofNothing(folder, memory) : openAt(path, isExample);
  } catch (error) {
    return problem(describeSystemError(error));
  }
}

/** The topology that the paths name: a YAML file, or a folder with one in it. */
function topologyAmong(paths: readonly string[], folder: string): string | undefined {
  const [first] = paths;
  if (paths.length !== 1 || first === undefined) return undefined;
  if (/\.ya?ml$/.test(first)) return first;
  return topologyIn(resolve(folder, first));
}

function openTopology(named: string, shownFrom: string, isExample: boolean, memory: LoadMemory): FindResult {
  if (!existsSync(named)) return problem(`${named} ${describeMissing(named)}`);
  const path = namedTopology(named);
  const without = describeWithoutTopology(path);
  if (without !== undefined) return problem(`${path} ${without}`);
  const files = new ProjectFiles(dirname(path), shownFrom, memory.files);
  const read = files.open(path, "unicode");
  return read.kind === "problem"
    ? problem(`${files.show(path)} ${read.message}`)
    : { kind: "found", entry: read.file, files, isExample };
}

/** A model without anything in it, for what the command line adds. */
function ofNothing(folder: string, memory: LoadMemory): FoundProject {
  const entry = sourceFile(COMMAND_LINE, "networks:\n");
  return { kind: "found", entry, files: new ProjectFiles(folder, folder, memory.files), isExample: false };
}

/** Zone files alone: public zones, or, with networks, private zones that those networks see. */
function ofZoneFiles(
  paths: readonly string[],
  networks: readonly string[],
  origins: ReadonlyMap<string, DomainName>,
  folder: string,
  memory: LoadMemory,
): FindResult {
  const absolute = [...new Set([...paths.map((path) => resolve(folder, path)), ...origins.keys()])];
  const missing = absolute.find((path) => !existsSync(path));
  if (missing !== undefined) return problem(`${missing} ${describeMissing(missing)}`);
  const files = new ProjectFiles(commonFolder(absolute), folder, memory.files);
  const lines =
    networks.length === 0
      ? ["public:", `  zones: ${quoteList(absolute)}`]
      : linkedZones(absolute, networks, files, memory);
  if (typeof lines === "string") return problem(lines);
  const entry = sourceFile(COMMAND_LINE, `${lines.join("\n")}\n`);
  return { kind: "found", entry, files, isExample: false, origins };
}

/** What `NAME=FILE` says, by the file's absolute path; a sentence where it says nothing. */
function namedZones(texts: readonly string[], folder: string): ReadonlyMap<string, DomainName> | string {
  const origins = new Map<string, DomainName>();
  for (const text of texts) {
    const [, name, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || file === undefined) return `--zone ${text} is no NAME=FILE: corp.example=zones/corp.zone`;
    const parsed = parseName(name, ROOT, "unicode");
    if (parsed.kind === "problem") return `--zone ${text}: ${name} ${parsed.problem}`;
    origins.set(resolve(folder, file), parsed.name);
  }
  return origins;
}

/** Why there is no file at a path, in words that follow it. */
function describeMissing(path: string): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? `is a link to ${readlinkSync(path)}, which does not exist` : "does not exist";
}

function linkedZones(
  paths: readonly string[],
  networks: readonly string[],
  files: ProjectFiles,
  memory: LoadMemory,
): string[] | string {
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
    const found = originIn(path, files, memory.zones);
    const origin = found.kind === "origin" ? (found.origin ?? originInPath(path)) : undefined;
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
