import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type SourceFile, type SourceSpan, sourceFile, withLinesOf } from "../source/source-file.ts";

/**
 * The findings with the lines that they speak of, where only positions were kept: a zone lets go of its text once it is
 * packed. `shownFrom` is where the command runs. A file that has changed since, or is gone, stays as it is.
 */
export function restoreLines(found: readonly Diagnostic[], shownFrom: string): readonly Diagnostic[] {
  const bare = new Map<SourceFile, SourceSpan[]>();
  for (const { span, related } of found) {
    for (const one of [span, ...related.map((place) => place.span)]) {
      if (one.file.text !== undefined || one.file.lines !== undefined) continue;
      const spans = bare.get(one.file);
      if (spans === undefined) bare.set(one.file, [one]);
      else spans.push(one);
    }
  }
  if (bare.size === 0) return found;
  const restored = new Map([...bare].map(([file, spans]) => [file, withLinesFrom(file, spans, shownFrom)]));
  const restore = (span: SourceSpan): SourceSpan => ({ ...span, file: restored.get(span.file) ?? span.file });
  return found.map((finding) => ({
    ...finding,
    span: restore(finding.span),
    related: finding.related.map((place) => ({ ...place, span: restore(place.span) })),
  }));
}

function withLinesFrom(file: SourceFile, spans: readonly SourceSpan[], shownFrom: string): SourceFile {
  const path = resolve(shownFrom, file.path);
  try {
    if (!statSync(path).isFile()) return file; // A pipe would never end.
    const text = readFileSync(path).toString(file.encoding === "octets" ? "latin1" : "utf8");
    const again = sourceFile(file.path, text, file.encoding);
    return again.lineStarts.join() === file.lineStarts.join() ? withLinesOf(again, spans) : file;
  } catch {
    return file;
  }
}
