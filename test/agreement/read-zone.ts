import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Diagnostics } from "../../src/diagnostics/diagnostic.ts";
import type { DomainName } from "../../src/name/domain-name.ts";
import { formatName } from "../../src/name/name-text.ts";
import { formatRdata } from "../../src/record/rdata-text.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import type { RRset } from "../../src/record/rrset.ts";
import { typeName } from "../../src/record/type-names.ts";
import { sourceFile } from "../../src/source/source-file.ts";
import type { Zone } from "../../src/zone/zone.ts";
import { ZoneBuilder } from "../../src/zone/zone-builder.ts";
import { zoneRecords } from "../../src/zone/zone-records.ts";
import { findNode, rrsetAt, type ZoneTree } from "../../src/zone/zone-tree.ts";
import { parseZoneText } from "../../src/zonefile/parse-zone-file.ts";
import type { IncludeFile } from "../../src/zonefile/zone-file.ts";
import { inputOfFile } from "../../src/zonefile/zone-input.ts";

/** A zone file as we read it. */
export interface ReadZone {
  readonly tree: ZoneTree;
  readonly diagnostics: Diagnostics;
}

/** Reads the octets of a zone file; files that it includes are looked for in `folder`. */
export function readZone(octets: Buffer, origin: DomainName, folder = "."): ReadZone {
  const diagnostics = new Diagnostics();
  const builder = new ZoneBuilder(origin);
  const include: IncludeFile = (path) => {
    try {
      return { kind: "file", file: sourceFile(path, readFileSync(join(folder, path), "latin1"), "octets") };
    } catch {
      return { kind: "problem", message: `${path} cannot be read` };
    }
  };
  const input = inputOfFile(sourceFile("test.zone", octets.toString("latin1"), "octets"));
  parseZoneText(input, { origin, include }, { record: (record) => builder.add(record), diagnostics });
  return { tree: builder.finish(diagnostics), diagnostics };
}

/** The same as a zone to ask, with the SOA that it has. */
export function zoneOf({ tree }: ReadZone): Zone {
  const apex = findNode(tree, tree.origin);
  const soa = apex === undefined ? undefined : rrsetAt(tree, apex, RecordTypes.SOA);
  if (soa === undefined) throw new RangeError(`zone ${formatName(tree.origin)} has no SOA`);
  return { origin: tree.origin, tree, soa };
}

/** Every record of a zone, one line each, sorted. */
export function linesOfZone(tree: ZoneTree): string[] {
  return [...zoneRecords(tree)].flatMap(linesOfSet).sort();
}

/** `www.example. 300 A 10.0.0.1`, a line for each record. */
export function linesOfSet({ owner, ttl, type, rdatas }: Pick<RRset, "owner" | "ttl" | "type" | "rdatas">): string[] {
  return rdatas.map((rdata) => `${formatName(owner)} ${ttl} ${typeName(type)} ${formatRdata(type, rdata)}`);
}
