import type { SourceFile, SourceSpan } from "../source/source-file.ts";
import { type Diagnostic, Diagnostics } from "./diagnostic.ts";
import type { ExcusedFinding } from "./excused-finding.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isExcusable, type Sifted } from "./suppressions.ts";

/** What a baseline file is; its number rises when old files can no longer be read. */
export const BASELINE_SCHEMA = "privlink/baseline/v1";

/** One finding that was there when the baseline was written, so many times; lines do not count. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly code: string;
  /** As seen from the folder of the baseline. */
  readonly path: string;
  readonly message: string;
  readonly count: number;
  /** Where it stands in the baseline. */
  readonly span: SourceSpan;
}

export type ReadBaseline =
  | { readonly kind: "baseline"; readonly entries: readonly BaselineEntry[] }
  /** A sentence that names what is wrong and not the file. */
  | { readonly kind: "problem"; readonly message: string };

/** The path of a file as seen from the folder of the baseline: so it does not matter where the command runs. */
export type PathFromBaseline = (file: SourceFile) => string;

/** The text of a baseline with every finding that may be excused, sorted, one line for each: a diff of it can be read. */
export function writeBaseline(found: readonly Diagnostic[], pathOf: PathFromBaseline): string {
  const entries = new Map<
    string,
    { fingerprint: string; code: string; path: string; message: string; count: number }
  >();
  for (const { code, message, span } of found) {
    if (!isInBaseline({ code })) continue;
    const path = pathOf(span.file);
    const fingerprint = fingerprintOf({ code, message }, path);
    const known = entries.get(fingerprint);
    if (known === undefined) entries.set(fingerprint, { fingerprint, code, path, message, count: 1 });
    else known.count += 1;
  }
  const keyOf = ({ path, code, message }: { path: string; code: string; message: string }): string =>
    `${path}\0${code}\0${message}`;
  const sorted = [...entries.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const lines = sorted.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  const findings = lines === "" ? "[]" : `[\n${lines}\n  ]`;
  return `{\n  "schema": "${BASELINE_SCHEMA}",\n  "findings": ${findings}\n}\n`;
}

/** Whether a baseline may hold it. What is wrong with excuses themselves is never excused. */
function isInBaseline({ code }: Pick<Diagnostic, "code">): boolean {
  return isExcusable(code) && !code.startsWith("suppression/") && !code.startsWith("baseline/");
}

/** Reads what `writeBaseline` wrote, also after people took entries out. */
export function readBaseline(file: SourceFile): ReadBaseline {
  const { text = "" } = file;
  const document = parseJson(text);
  if (!isObject(document) || document["schema"] !== BASELINE_SCHEMA || !Array.isArray(document["findings"])) {
    return { kind: "problem", message: `is no baseline: it has not the schema ${BASELINE_SCHEMA}` };
  }
  const entries: BaselineEntry[] = [];
  let at = 0;
  for (const [index, entry] of document["findings"].entries()) {
    const [fingerprint, code, path, message] = ["fingerprint", "code", "path", "message"].map((key) =>
      textIn(entry, key),
    );
    if (fingerprint === undefined || code === undefined || path === undefined || message === undefined)
      return {
        kind: "problem",
        message: `is no baseline: finding ${index + 1} has not fingerprint, code, path and message`,
      };
    const start = Math.max(at, text.indexOf(JSON.stringify(fingerprint), at));
    at = start + 1;
    const span = { file, start, end: start + fingerprint.length + 2 };
    entries.push({ fingerprint, code, path, message, count: countIn(entry), span });
  }
  return { kind: "baseline", entries };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textIn(entry: unknown, key: string): string | undefined {
  const value = isObject(entry) ? entry[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

function countIn(entry: unknown): number {
  const value = isObject(entry) ? entry["count"] : undefined;
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : 1;
}

/**
 * Takes out what the baseline has, each entry as often as it counts, and adds entries that nothing matched any more, of those
 * for which everything `wasLookedFor`: a run may be about one file of many, or have ended at an error.
 */
export function siftByBaseline(
  found: readonly Diagnostic[],
  entries: readonly BaselineEntry[],
  pathOf: PathFromBaseline,
  wasLookedFor: (entry: BaselineEntry) => boolean,
): Sifted {
  const diagnostics = new Diagnostics();
  const left = new Map<string, number>();
  for (const { fingerprint, count } of entries) left.set(fingerprint, (left.get(fingerprint) ?? 0) + count);
  const excused: ExcusedFinding[] = [];
  for (const finding of found) {
    const fingerprint = fingerprintOf(finding, pathOf(finding.span.file));
    const count = left.get(fingerprint) ?? 0;
    if (count === 0 || !isInBaseline(finding)) {
      diagnostics.add([finding]);
      continue;
    }
    left.set(fingerprint, count - 1);
    excused.push({ finding, by: "baseline", reason: "in the baseline" });
  }
  for (const entry of entries.filter(wasLookedFor)) {
    const count = left.get(entry.fingerprint) ?? 0;
    if (count === 0) continue;
    left.set(entry.fingerprint, 0);
    const what = `${entry.code} in ${entry.path}: ${entry.message}`;
    const message = count < entry.count ? `${count} fewer than in the baseline: ${what}` : `no longer found: ${what}`;
    diagnostics.report("baseline/stale", message, entry.span, { hint: "write the baseline again: --write-baseline" });
  }
  return { told: diagnostics.sorted(), excused };
}
