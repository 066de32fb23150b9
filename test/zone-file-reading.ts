import { Diagnostics } from "../src/diagnostics/diagnostic.ts";
import { formatName, knownName } from "../src/name/name-text.ts";
import { formatRdata } from "../src/record/rdata-text.ts";
import type { LocatedRecord } from "../src/record/rrset.ts";
import { typeName } from "../src/record/type-names.ts";
import { formatPosition, type SourceFile, sourceFile } from "../src/source/source-file.ts";
import { parseZoneText } from "../src/zonefile/parse-zone-file.ts";
import type { ZoneFileOptions, ZoneFileSummary } from "../src/zonefile/zone-file.ts";
import { inputOfFile } from "../src/zonefile/zone-input.ts";

/** What a reading of `a.zone` gave. */
export interface Reading {
  readonly records: readonly LocatedRecord[];
  /** The records, one line each: `www.example. 300 A 10.0.0.1`. */
  readonly lines: readonly string[];
  /** The diagnostics in the order of the file, one line each: `zonefile/bad-ttl 2:5`; with the file where it is another. */
  readonly problems: readonly string[];
  readonly diagnostics: Diagnostics;
  readonly summary: ZoneFileSummary;
}

/** Reads text as the file `a.zone` of zone example., TTL 300; `files` are those that it may include, by path. */
export function readZoneFile(
  text: string,
  options: Omit<Partial<ZoneFileOptions>, "origin"> = { defaultTtl: 300 },
  files: Readonly<Record<string, string>> = {},
): Reading {
  const records: LocatedRecord[] = [];
  const diagnostics = new Diagnostics();
  const all: Readonly<Record<string, string>> = { ...files, "a.zone": text };
  const include: ZoneFileOptions["include"] = (path) => {
    const found = all[path];
    return found === undefined
      ? { kind: "problem", message: "does not exist" }
      : { kind: "file", file: zoneFile(path, found) };
  };
  const sink = { record: (record: LocatedRecord) => void records.push(record), diagnostics };
  const input = inputOfFile(zoneFile("a.zone", text));
  const summary = parseZoneText(input, { origin: knownName("example"), include, ...options }, sink);
  const problems = diagnostics
    .sorted()
    .map(({ code, span }) => `${code} ${formatPosition(span).replace("a.zone:", "")}`);
  return { records, lines: records.map(showRecord), problems, diagnostics, summary };
}

export function zoneFile(path: string, text: string): SourceFile {
  return sourceFile(path, text, "octets");
}

/** `www.example. 300 A 10.0.0.1`, as a zone file could have it. */
export function showRecord({ owner, ttl, type, rdata }: LocatedRecord): string {
  return `${formatName(owner)} ${ttl} ${typeName(type)} ${formatRdata(type, rdata)}`;
}
