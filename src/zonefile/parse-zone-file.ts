import {
  argument,
  directiveOf,
  isDirective,
  readDefaultTtl,
  readOrigin,
  reportUnknownDirective,
} from "./_directives.ts";
import { readOwner, readRecord } from "./_entry.ts";
import { reportFault } from "./_fault.ts";
import { readGenerate } from "./_generate.ts";
import { type Inclusion, readInclude } from "./_include.ts";
import { isOver, newRun, type Run, report } from "./_run.ts";
import { Scanner, type Token } from "./scanner.ts";
import type { ZoneFileOptions, ZoneFileSink, ZoneFileSummary } from "./zone-file.ts";
import { inputOfFile, type ZoneInput } from "./zone-input.ts";

/**
 * Reads zone-file entries (RFC 1035 §5) and gives each record to the sink as soon as it is read.
 *
 * Any text ends in records or diagnostics, in linear time: after a mistake the next entry is read as if nothing had
 * happened. Whether the records make a zone is not asked here.
 */
export function parseZoneText(input: ZoneInput, options: ZoneFileOptions, sink: ZoneFileSink): ZoneFileSummary {
  const run = newRun(input, options, sink);
  readText(run);
  const { records, firstOrigin, soaOwner } = run;
  return {
    records,
    ...(firstOrigin === undefined ? {} : { origin: firstOrigin }),
    ...(soaOwner === undefined ? {} : { soaOwner }),
  };
}

/** Reads the text in hand to its end. */
function readText(run: Run): void {
  const { text } = run.input;
  if (run.encoding === "octets" && isUtf16(text)) {
    const message = "the file is UTF-16, a zone file is ASCII or UTF-8";
    report(run, "zonefile/not-text", message, { start: 0, end: 2 }, { hint: "save the file as UTF-8" });
    return;
  }
  const entry = new Scanner(text);
  while (!isOver(run) && entry.next()) readEntry(run, entry);
}

/** A byte-order mark of UTF-16, in either order. */
function isUtf16(text: string): boolean {
  return text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff");
}

function readEntry(run: Run, entry: Scanner): void {
  const { tokens, faults } = entry;
  if (faults.length > 0 && !survives(run, entry)) return;
  const [first] = tokens;
  if (first === undefined) return;
  if (!isDirective(first)) {
    readRecord(run, entry);
    return;
  }
  if (entry.indented) {
    const hint = `begin the line with ${first.text}`;
    report(run, "zonefile/bad-directive", `${first.text} stands behind a blank, where only a record may`, first, {
      hint,
    });
  }
  readDirective(run, tokens);
}

function readDirective(run: Run, tokens: readonly Token[]): void {
  const first = argument(run, tokens, 0, "a directive");
  if (first === undefined) return;
  const directive = directiveOf(first);
  switch (directive) {
    case "$ORIGIN":
      readOrigin(run, tokens);
      return;
    case "$TTL":
      readDefaultTtl(run, tokens);
      return;
    case "$INCLUDE": {
      const inclusion = readInclude(run, tokens);
      if (inclusion !== undefined) readInclusion(run, inclusion);
      return;
    }
    case "$GENERATE":
      readGenerate(run, tokens);
      return;
    case undefined:
      reportUnknownDirective(run, first);
  }
}

/**
 * Reads an included file in place of its directive. Origin and owner are afterwards what they were before, whatever the
 * file did (RFC 1035 §5.1); it begins with the owner in hand, and a `$TTL` in it stays, as in BIND.
 */
function readInclusion(run: Run, { file, from, origin }: Inclusion): void {
  const { input, encoding, origin: outerOrigin, owner } = run;
  run.input = inputOfFile(file);
  run.encoding = file.encoding;
  run.origin = origin;
  run.files.push({ file, from });
  readText(run);
  run.files.pop();
  run.input = input;
  run.encoding = encoding;
  run.origin = outerOrigin;
  run.owner = owner;
}

/** Reports what is wrong with the shape of an entry; `false` when its words cannot be trusted either. */
function survives(run: Run, { tokens, faults, indented }: Scanner): boolean {
  for (const fault of faults) reportFault(run, fault);
  if (faults.every(({ kind }) => kind === "stray-parenthesis")) return true;
  const [first] = tokens;
  if (first === undefined || indented || run.options.owner !== undefined || isDirective(first)) return false;
  // The next records may repeat this owner.
  if (faults.every((fault) => first.end <= fault.start)) readOwner(run, first);
  else run.owner = { kind: "lost" };
  return false;
}
