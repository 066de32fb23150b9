import { basename } from "node:path";
import { type Diagnostic, Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { type SourceFile, type SourceSpan, withLinesOf } from "../source/source-file.ts";
import type { OriginResult } from "../topology/ports.ts";
import { ZoneBuilder } from "../zone/zone-builder.ts";
import { emptyZoneTree, type ZoneTree } from "../zone/zone-tree.ts";
import { findOrigin } from "../zonefile/find-origin.ts";
import { parseZoneText } from "../zonefile/parse-zone-file.ts";
import { type EmbeddedText, inputOfFile, inputOfText, type ZoneInput } from "../zonefile/zone-input.ts";
import { type FileAccess, type FileIdentity, type ReadFile, resolvePath } from "./project-files.ts";

/** The most records that room is made for at once: a file may be nothing but line ends. */
const MAX_EXPECTED = 2_000_000;

/** What a zone is made of. */
export interface ZoneSources {
  readonly origin: DomainName;
  /** Seconds. */
  readonly defaultTtl?: number;
  /** In their order; what they include is found when they are read. */
  readonly files: readonly string[];
  /** Lines out of topologies, behind the files. */
  readonly texts: readonly EmbeddedText[];
}

/** A zone that was read and packed, and holds no text of its files any more. */
export interface PackedZone {
  readonly tree: ZoneTree;
  readonly diagnostics: readonly Diagnostic[];
  /** Where its first file starts. */
  readonly start?: SourceSpan;
  /** What each file held that was opened for it, or asked for in vain. */
  readonly reads: ReadonlyMap<string, FileIdentity>;
}

export interface KnownZones {
  readonly zones: ReadonlyMap<string, PackedZone>;
  readonly origins: ReadonlyMap<string, DomainName | undefined>;
}

/**
 * Zones of earlier runs of the config flow. A change of a topology leaves most zone files alone: as long as they hold the
 * same, the packed zone is the same, and the arrays of its tree too (docs/decisions/0017).
 */
export class ZoneMemory {
  /** By everything that a zone is made of but contents. */
  private readonly zones: Map<string, PackedZone>;
  /** By digest: what contents say of themselves. */
  private readonly origins: Map<string, DomainName | undefined>;
  private used = new Set<string>();

  constructor({ zones, origins }: KnownZones = { zones: new Map(), origins: new Map() }) {
    this.zones = new Map(zones);
    this.origins = new Map(origins);
  }

  /** All that it knows, as plain data. */
  get known(): KnownZones {
    return { zones: this.zones, origins: this.origins };
  }

  /** Reads and packs a zone, unless an earlier one is of the same contents. Its diagnostics are there in either case. */
  zoneOf(sources: ZoneSources, files: FileAccess): PackedZone {
    // Places in a topology move with every line above them, so what stands in one is read with it.
    if (sources.texts.length > 0) return packZone(sources, files);
    if (sources.files.length === 0) return { tree: emptyZoneTree(sources.origin), diagnostics: [], reads: new Map() };
    const key = [sources.origin.key, sources.defaultTtl, ...sources.files].join("\0");
    this.used.add(key);
    const known = this.zones.get(key);
    if (known !== undefined && holdsStill(known, files)) return known;
    const { tree, ...said } = packZone(sources, files);
    const zone = { tree, ...structuredClone(said) }; // A string that is a piece of a file keeps the whole file in memory.
    this.zones.set(key, zone);
    return zone;
  }

  /** The origin that contents give themselves; `undefined` when they do not say. */
  originOf(digest: string, read: () => SourceFile | undefined): DomainName | undefined {
    this.used.add(digest);
    if (this.origins.has(digest)) return this.origins.get(digest);
    const file = read();
    const origin = file === undefined ? undefined : structuredClone(findOrigin(inputOfFile(file))); // As in `zoneOf`.
    this.origins.set(digest, origin);
    return origin;
  }

  /** Forgets what nobody asked for since the last call. */
  keepUsed(): void {
    for (const memory of [this.zones, this.origins])
      for (const key of memory.keys()) if (!this.used.has(key)) memory.delete(key);
    this.used = new Set();
  }
}

/** Whether every file that was read for a zone, or was missing, is as it was. */
function holdsStill({ reads }: PackedZone, files: FileAccess): boolean {
  for (const [path, before] of reads) if (textOf(files.identify(path)) !== textOf(before)) return false;
  return true;
}

function textOf(identity: FileIdentity): string {
  return identity.kind === "contents" ? identity.digest : identity.message;
}

function packZone({ origin, defaultTtl, files: paths, texts }: ZoneSources, files: FileAccess): PackedZone {
  const diagnostics = new Diagnostics();
  const reads = new Map<string, FileIdentity>();
  const open = (path: string): ReadFile => {
    reads.set(path, files.identify(path));
    return files.open(path, "octets");
  };
  // A file that cannot be read could be a moment ago: the run is done again.
  const opened = paths.map(open).flatMap((read) => (read.kind === "file" ? [read.file] : []));
  const lines = opened.reduce((sum, { lineStarts }) => sum + lineStarts.length, 0);
  const builder = new ZoneBuilder(origin, Math.min(lines, MAX_EXPECTED));
  const options = {
    origin,
    ...(defaultTtl === undefined ? {} : { defaultTtl }),
    include: (path: string, { file }: SourceSpan) => open(resolvePath(path, file)),
  };
  const parse = (input: ZoneInput): void =>
    void parseZoneText(input, options, { record: (record) => builder.add(record), diagnostics });
  for (const file of opened) parse(inputOfFile(file));
  for (const text of texts) parse(inputOfText(text));
  const tree = builder.finish(diagnostics);
  for (const path of reads.keys()) files.release(path);
  const [first] = opened;
  const start = first === undefined ? undefined : { file: first, start: 0, end: 0 };
  const found = diagnostics.sorted();
  const lighten = lightenerOf(start === undefined ? found.flatMap(spansOf) : [start, ...found.flatMap(spansOf)]);
  const light = found.map((one) => ({
    ...one,
    span: lighten(one.span),
    related: one.related.map((place) => ({ ...place, span: lighten(place.span) })),
  }));
  return { tree, diagnostics: light, reads, ...(start === undefined ? {} : { start: lighten(start) }) };
}

function spansOf({ span, related }: Diagnostic): SourceSpan[] {
  return [span, ...related.map((place) => place.span)];
}

/** Puts the lines that spans are on in the place of whole zone files: those may be large, and are done with. */
function lightenerOf(spans: readonly SourceSpan[]): (span: SourceSpan) => SourceSpan {
  const byFile = new Map<SourceFile, SourceSpan[]>();
  for (const span of spans) {
    const others = byFile.get(span.file);
    if (others === undefined) byFile.set(span.file, [span]);
    else others.push(span);
  }
  const light = new Map<SourceFile, SourceFile>();
  for (const [file, own] of byFile) if (file.encoding === "octets") light.set(file, withLinesOf(file, own));
  return (span) => ({ ...span, file: light.get(span.file) ?? span.file });
}

/** The origin that the zone file at a path gives itself. */
export function originIn(path: string, files: FileAccess, memory = new ZoneMemory()): OriginResult {
  const identity = files.identify(path);
  if (identity.kind === "problem") return identity;
  const read = (): SourceFile | undefined => {
    const opened = files.open(path, "octets");
    return opened.kind === "file" ? opened.file : undefined;
  };
  const origin = memory.originOf(identity.digest, read);
  return { kind: "origin", ...(origin === undefined ? {} : { origin }) };
}

/** The origin that a file's own name gives it, without `.zone`. */
export function originInPath(path: string): DomainName | undefined {
  const parsed = parseName(basename(path).replace(/\.zone$/, ""), ROOT, "unicode");
  return parsed.kind === "name" ? parsed.name : undefined;
}
