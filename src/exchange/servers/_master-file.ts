import { Diagnostics } from "../../diagnostics/diagnostic.ts";
import type { DomainName } from "../../name/domain-name.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { ZoneBuilder } from "../../zone/zone-builder.ts";
import { zoneRecords } from "../../zone/zone-records.ts";
import { parseZoneText } from "../../zonefile/parse-zone-file.ts";
import { inputOfFile } from "../../zonefile/zone-input.ts";
import type { DraftRecords, Unmapped } from "../draft.ts";
import type { ReadServerFile } from "./server-files.ts";

/** The records of a master file, and the lines of it that cannot be read. */
export interface MasterFile {
  readonly records: readonly DraftRecords[];
  readonly unmapped: readonly Unmapped[];
}

/** Reads the records of a zone, included files among them. Warnings are for `check`: what is an error here has no record. */
export function readMasterFile(file: SourceFile, origin: DomainName, read: ReadServerFile): MasterFile {
  const diagnostics = new Diagnostics();
  const builder = new ZoneBuilder(origin);
  parseZoneText(
    inputOfFile(file),
    { origin, include: (path, span) => read(path, span.file) },
    { record: (record) => builder.add(record), diagnostics },
  );
  const tree = builder.finish(new Diagnostics());
  const records = Array.from(zoneRecords(tree), (set) => ({ set }));
  const errors = diagnostics.sorted().filter(({ severity }) => severity === "error");
  return {
    records,
    unmapped: errors.map(({ message, span }) => ({
      kind: "left-out",
      what: "record",
      origin: { text: "a line of a zone file", place: span },
      reason: message,
    })),
  };
}
