import { basename, dirname, isAbsolute, join } from "node:path";
import { type Diagnostic, Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { profileOf } from "../platform/profiles.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import { type CompileInput, compile } from "../snapshot/compile.ts";
import { zoneProfile } from "../snapshot/compile-zones.ts";
import type { PublicZoneInput } from "../snapshot/public-view.ts";
import { answerKey } from "../snapshot/rule-answers.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";
import type { FileReference, ForwardRule, PrivateZone, Topology, ZoneText } from "../topology/model.ts";
import { readTopology } from "../topology/read-topology.ts";
import { ZoneBuilder } from "../zone/zone-builder.ts";
import { findNode, rrsetsAt, type ZoneTree } from "../zone/zone-tree.ts";
import { findOrigin } from "../zonefile/find-origin.ts";
import { parseRdataEntry } from "../zonefile/parse-rdata-entry.ts";
import { parseZoneText } from "../zonefile/parse-zone-file.ts";
import { inputOfFile, inputOfText, type ZoneInput } from "../zonefile/zone-input.ts";
import { checkForwarding } from "./check-forwarding.ts";
import type { FileAccess, ReadFile } from "./project-files.ts";

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

/** Reads, parses, checks and compiles a project from its topology. Finds every problem in one run. */
export function loadProject(entry: SourceFile, files: FileAccess): LoadedProject {
  const diagnostics = new Diagnostics();
  const topology = readTopology(entry, topologyPorts(files), diagnostics);
  const input = readZones(topology, files, diagnostics);
  const snapshot = compile(input, diagnostics);
  if (!diagnostics.hasErrors) checkForwarding(snapshot, diagnostics); // Broken rules lead nowhere in particular.
  return { topology, input, snapshot, diagnostics: diagnostics.sorted(), hasErrors: diagnostics.hasErrors };
}

function topologyPorts(files: FileAccess): Parameters<typeof readTopology>[1] {
  return {
    read: (path, from, encoding) => files.open(resolvePath(path, from), encoding),
    list: (pattern, from) => files.list(resolvePath(pattern, from)),
    originOf: (file) => findOrigin(inputOfFile(file)),
  };
}

/** The path of a file named in another one, as a user would type it where the command runs. */
function resolvePath(path: string, from: SourceFile): string {
  return isAbsolute(path) ? path : join(dirname(from.path), path);
}

/** The origin that a zone file gives itself, else its name without `.zone`. */
export function zoneOrigin(file: SourceFile): DomainName | undefined {
  const own = findOrigin(inputOfFile(file));
  if (own !== undefined) return own;
  const parsed = parseName(basename(file.path).replace(/\.zone$/, ""), ROOT, "unicode");
  return parsed.kind === "name" ? parsed.name : undefined;
}

function readZones(topology: Topology, files: FileAccess, diagnostics: Diagnostics): CompileInput {
  const zones = new Map<string, { tree: ZoneTree; soa?: RRset }>();
  for (const zone of topology.zones.values()) zones.set(zone.key, readPrivateZone(zone, topology, files, diagnostics));
  const publicZones = topology.publicData.zones.flatMap((reference) => readPublicZones(reference, files, diagnostics));
  const builder = new ZoneBuilder(ROOT);
  for (const text of topology.publicData.records)
    parseInto(builder, inputOfText(text), { origin: ROOT }, files, diagnostics);
  const publicRecords = builder.finish(diagnostics);
  return { topology, zones, publicZones, publicRecords, ruleAnswers: readAnswers(topology, diagnostics) };
}

/** The records of rules that answer by themselves. */
function readAnswers({ networks, rulesets, resolvers }: Topology, diagnostics: Diagnostics): Map<string, RRset[]> {
  const answers = new Map<string, RRset[]>();
  const add = (owner: string, rules: readonly ForwardRule[], defaultTtl?: number): void => {
    for (const rule of rules)
      if (rule.kind === "answer")
        answers.set(answerKey(owner, rule.domain), readAnswer(rule.domain, rule.records, defaultTtl, diagnostics));
  };
  for (const { key, kind, forward } of networks.values()) add(`network ${key}`, forward, profileOf(kind).recordTtl);
  for (const { key, links, forward } of rulesets.values()) {
    const kind = networks.get(links[0]?.network ?? "")?.kind ?? "generic";
    add(`ruleset ${key}`, forward, profileOf(kind).recordTtl);
  }
  for (const { key, forward } of resolvers.values()) add(`resolver ${key}`, forward, profileOf("generic").recordTtl);
  return answers;
}

/** Records of one owner that lines do not name. */
function readAnswer(
  owner: DomainName,
  text: ZoneText,
  defaultTtl: number | undefined,
  diagnostics: Diagnostics,
): RRset[] {
  const builder = new ZoneBuilder(ROOT); // The owner is no apex: an alias may stand there.
  const options = { origin: owner, owner, ...(defaultTtl === undefined ? {} : { defaultTtl }) };
  parseZoneText(inputOfText(text), options, { record: (record) => builder.add(record), diagnostics });
  const tree = builder.finish(diagnostics);
  const node = findNode(tree, owner);
  return node === undefined ? [] : [...rrsetsAt(tree, node, owner)];
}

function readPrivateZone(
  zone: PrivateZone,
  topology: Topology,
  files: FileAccess,
  diagnostics: Diagnostics,
): { tree: ZoneTree; soa?: RRset } {
  const builder = new ZoneBuilder(zone.name);
  const profile = zoneProfile(zone, topology);
  const options = { origin: zone.name, defaultTtl: zone.ttl ?? profile.recordTtl };
  for (const reference of zone.files) {
    const file = readReference(reference, files, diagnostics);
    if (file !== undefined) parseInto(builder, inputOfFile(file), options, files, diagnostics);
  }
  for (const text of zone.records) parseInto(builder, inputOfText(text), options, files, diagnostics);
  const tree = builder.finish(diagnostics);
  const soa = zone.soa === undefined ? undefined : parseSoa(zone.name, zone.soa, profile.soa.ttl, diagnostics);
  return { tree, ...(soa === undefined ? {} : { soa }) };
}

function readPublicZones(reference: FileReference, files: FileAccess, diagnostics: Diagnostics): PublicZoneInput[] {
  const zones: PublicZoneInput[] = [];
  const named = resolvePath(reference.path, reference.span.file);
  const pattern = files.isFolder(named) ? `${named}/**/*.zone` : named;
  for (const path of files.list(pattern)) {
    const file = readReference({ path: path, span: reference.span }, files, diagnostics);
    if (file === undefined) continue;
    const origin = zoneOrigin(file);
    if (origin === undefined) {
      const message = `no origin for ${file.path}: it has no absolute $ORIGIN or SOA owner, and its name is no domain`;
      diagnostics.report("public/no-origin", message, reference.span, {
        hint: "name the file after its zone, or begin it with $ORIGIN",
      });
      continue;
    }
    const builder = new ZoneBuilder(origin);
    parseInto(builder, inputOfFile(file), { origin }, files, diagnostics);
    zones.push({ tree: builder.finish(diagnostics), span: { file, start: 0, end: 0 } });
  }
  return zones;
}

function readReference(
  { path, span }: FileReference,
  files: FileAccess,
  diagnostics: Diagnostics,
): SourceFile | undefined {
  const read = files.open(resolvePath(path, span.file), "octets");
  if (read.kind === "file") return read.file;
  diagnostics.report("zone/unreadable-file", `${path} ${read.message}`, span);
  return undefined;
}

interface ParseOptions {
  readonly origin: DomainName;
  readonly defaultTtl?: number;
}

function parseInto(
  builder: ZoneBuilder,
  input: ZoneInput,
  options: ParseOptions,
  files: FileAccess,
  diagnostics: Diagnostics,
): void {
  const include = (path: string, span: SourceSpan): ReadFile => files.open(resolvePath(path, span.file), "octets");
  parseZoneText(input, { ...options, include }, { record: (record) => builder.add(record), diagnostics });
}

/** The SOA that a topology gives a zone: rdata alone. */
function parseSoa(owner: DomainName, soa: ZoneText, ttl: number, diagnostics: Diagnostics): RRset | undefined {
  const parsed = parseRdataEntry(inputOfText(soa), RecordTypes.SOA, owner, diagnostics);
  if (parsed === undefined) return undefined;
  return { owner, type: RecordTypes.SOA, ttl, rdatas: [parsed.rdata], places: [parsed.span] };
}
