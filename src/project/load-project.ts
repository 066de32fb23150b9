import { isAbsolute } from "node:path";
import { type Diagnostic, Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { type CompileInput, compile } from "../snapshot/compile.ts";
import { zoneProfile } from "../snapshot/compile-zones.ts";
import type { PublicZoneInput } from "../snapshot/public-view.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";
import type { FileReference, PrivateZone, Topology, ZoneText } from "../topology/model.ts";
import { readTopology } from "../topology/read-topology.ts";
import type { ZoneTree } from "../zone/zone-tree.ts";
import { parseRdataEntry } from "../zonefile/parse-rdata-entry.ts";
import { inputOfText } from "../zonefile/zone-input.ts";
import { COMMAND_LINE } from "./command-line.ts";
import { type FileAccess, resolvePath } from "./project-files.ts";
import { readRuleAnswers } from "./read-rule-answers.ts";
import { originIn, originInPath, type PackedZone, ZoneMemory, type ZoneSources } from "./zone-memory.ts";

/** What one run of the config flow gives: everything it found, and a snapshot unless something is an error. */
export interface LoadedProject {
  readonly topology: Topology;
  /** Plain data that can cross to another thread, from which `compile` makes the same snapshot. */
  readonly input: CompileInput;
  readonly snapshot: Snapshot;
  /** Sorted. With an error among them the snapshot is for looking at, not for serving. */
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
}

/**
 * Reads, parses, checks and compiles a project from its topology. Finds every problem in one run. Zones that `memory` has
 * from an earlier run, and whose files hold the same, are neither read nor packed again. Files of `expectations` stand for
 * those of the topology.
 */
export function loadProject(
  entry: SourceFile,
  files: FileAccess,
  memory = new ZoneMemory(),
  expectations?: readonly SourceFile[],
  origins: ReadonlyMap<string, DomainName> = new Map(),
): LoadedProject {
  const diagnostics = new Diagnostics();
  const run = { files, memory, diagnostics, origins };
  const topology = readTopology(entry, topologyPorts(run), diagnostics, expectations);
  const input = readZones(topology, run);
  const snapshot = compile(input, diagnostics);
  // A topology with a mistake may have lost its zones for a moment: they are kept until a run is right.
  if (!diagnostics.hasErrors) memory.keepUsed();
  return { topology, input, snapshot, diagnostics: diagnostics.sorted(), hasErrors: diagnostics.hasErrors };
}

/** What every step of a run needs. */
interface Run {
  readonly files: FileAccess;
  readonly memory: ZoneMemory;
  readonly diagnostics: Diagnostics;
  readonly origins: ReadonlyMap<string, DomainName>;
}

function topologyPorts({ files, memory }: Run): Parameters<typeof readTopology>[1] {
  return {
    read: (path, from) => files.open(resolvePath(path, from), "unicode"),
    list: (pattern, from) => files.list(resolvePath(pattern, from)),
    originOf: (path, from) => originIn(resolvePath(path, from), files, memory),
  };
}

function readZones(topology: Topology, run: Run): CompileInput {
  const zones = new Map<string, { tree: ZoneTree; soa?: RRset }>();
  for (const zone of topology.zones.values()) zones.set(zone.key, readPrivateZone(zone, topology, run));
  const named = new Set<string>();
  const publicZones = topology.publicData.zones.flatMap((reference) => readPublicZones(reference, named, run));
  const texts = topology.publicData.records;
  const { tree: publicRecords } = zoneOf({ origin: ROOT, files: [], texts }, run);
  const ruleAnswers = readRuleAnswers(topology, run.diagnostics);
  return { topology, zones, publicZones, publicRecords, ruleAnswers };
}

function readPrivateZone(zone: PrivateZone, topology: Topology, run: Run): { tree: ZoneTree; soa?: RRset } {
  const profile = zoneProfile(zone, topology);
  const files = zone.files.flatMap((reference) => readablePath(reference, run) ?? []);
  const defaultTtl = zone.ttl ?? profile.recordTtl;
  const { tree } = zoneOf({ origin: zone.name, defaultTtl, files, texts: zone.records }, run);
  const soa = zone.soa === undefined ? undefined : parseSoa(zone.name, zone.soa, profile.soa.ttl, run.diagnostics);
  return { tree, ...(soa === undefined ? {} : { soa }) };
}

/** `named`: what the command line named before. There a folder and a file in it are no contradiction, as they are in a topology. */
function readPublicZones(reference: FileReference, named: Set<string>, run: Run): PublicZoneInput[] {
  const isTyped = reference.span.file.path === COMMAND_LINE;
  return publicFiles(reference, isTyped, run).flatMap((file) => {
    if (isTyped && named.has(file)) return [];
    named.add(file);
    return readPublicZone(file, isTyped ? startOf(run.files.show(file)) : reference.span, run) ?? [];
  });
}

/** The zone files that a reference means; a folder without any is told. */
function publicFiles(reference: FileReference, isTyped: boolean, { files, diagnostics }: Run): readonly string[] {
  const path = resolvePath(reference.path, reference.span.file);
  if (!files.isFolder(path)) return files.list(path);
  const listed = files.list(`${path}/**/*.zone`);
  if (listed.length === 0) {
    const shown = isAbsolute(path) ? files.show(path) : path; // Else it is as the topology is shown.
    const message = `the folder ${shown.replace(/\/*$/, "/")} has no *.zone file in it or below it`;
    diagnostics.report("topology/zone-folder", message, isTyped ? startOf(shown) : reference.span);
  }
  return listed;
}

function readPublicZone(listed: string, span: SourceSpan, run: Run): PublicZoneInput | undefined {
  const { files, memory, diagnostics, origins } = run;
  const path = readablePath({ path: listed, span }, run);
  if (path === undefined) return undefined;
  const given = origins.get(path);
  const found = given === undefined ? originIn(path, files, memory) : { kind: "origin" as const, origin: given };
  const origin = (found.kind === "origin" ? found.origin : undefined) ?? originInPath(path);
  if (origin === undefined) {
    const message = `no origin for ${files.show(path)}: it has no absolute $ORIGIN or SOA owner, and its name is no domain`;
    diagnostics.report("public/no-origin", message, span, {
      hint: "name the file after its zone, or begin it with $ORIGIN",
    });
    return undefined;
  }
  const { tree, start } = zoneOf({ origin, files: [path], texts: [] }, run);
  return { tree, span: start ?? span };
}

/** The start of a file that was named on the command line: there is no other place to point at. */
function startOf(path: string): SourceSpan {
  return { file: { path, encoding: "octets", lineStarts: Uint32Array.of(0) }, start: 0, end: 0 };
}

/** The zone, of this run or an earlier one, and what is wrong with its records told. */
function zoneOf(sources: ZoneSources, { files, memory, diagnostics }: Run): PackedZone {
  const zone = memory.zoneOf(sources, files);
  diagnostics.add(zone.diagnostics);
  return zone;
}

/** The path of a file that can be read, in the form that `FileAccess` takes; else that is told where it was named. */
function readablePath({ path, span }: FileReference, { files, diagnostics }: Run): string | undefined {
  const resolved = resolvePath(path, span.file);
  const found = files.identify(resolved);
  if (found.kind === "contents") return resolved;
  diagnostics.report("zone/unreadable-file", `${path} ${found.message}`, span);
  return undefined;
}

/** The SOA that a topology gives a zone: rdata alone. */
function parseSoa(owner: DomainName, soa: ZoneText, ttl: number, diagnostics: Diagnostics): RRset | undefined {
  const parsed = parseRdataEntry(inputOfText(soa), RecordTypes.SOA, owner, diagnostics);
  if (parsed === undefined) return undefined;
  return { owner, type: RecordTypes.SOA, ttl, rdatas: [parsed.rdata], places: [parsed.span] };
}
