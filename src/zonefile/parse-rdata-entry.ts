import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import type { RecordType } from "../record/record-type.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { readRdata } from "./_entry.ts";
import { reportFault } from "./_fault.ts";
import { newRun, report, stretchOf } from "./_run.ts";
import { Scanner } from "./scanner.ts";
import type { ZoneInput } from "./zone-input.ts";

/** Rdata that stood alone, and where. */
export interface LocatedRdata {
  readonly rdata: Uint8Array;
  readonly span: SourceSpan;
}

/**
 * Reads rdata that stands without owner and type, as the `soa` of a topology does; parentheses, quotes and comments mean
 * what they do in a zone file. `undefined` when it is none, which is reported.
 */
export function parseRdataEntry(
  input: ZoneInput,
  type: RecordType,
  origin: DomainName,
  diagnostics: Diagnostics,
): LocatedRdata | undefined {
  const run = newRun(input, { origin }, { record: () => undefined, diagnostics });
  const entry = new Scanner(input.text);
  entry.next();
  for (const fault of entry.faults) reportFault(run, fault);
  if (entry.faults.length > 0) return undefined;
  const words = [...entry.tokens];
  const { start, end } = stretchOf(words);
  const rdata = readRdata(run, type, words, words[words.length - 1] ?? { text: "", quoted: false, start, end });
  if (rdata === undefined) return undefined;
  if (entry.next()) {
    report(run, "zonefile/syntax", "more text behind the data, where the line should end", stretchOf(entry.tokens), {
      hint: "put data of several lines in parentheses",
    });
    return undefined;
  }
  return { rdata, span: input.span(start, end) };
}
