// What holds of diagnostics and records whatever was read.
import { renderCompact } from "../../dist/report/compact.js";
import { renderJson } from "../../dist/report/json.js";
import { renderText } from "../../dist/report/text.js";

/** Diagnostics of one input that are printed: as many as make a difference. */
const SHOWN = 12;

/** Every diagnostic can be printed in every form, and points into its file. */
export function checkDiagnostics(diagnostics) {
  for (const diagnostic of diagnostics.slice(0, SHOWN)) {
    for (const { span } of [diagnostic, ...diagnostic.related]) {
      const length = span.file.text?.length ?? Number.POSITIVE_INFINITY;
      must(
        0 <= span.start && span.start <= span.end && span.end <= length,
        () => `${diagnostic.code} points to ${span.start}-${span.end} of ${length}`,
      );
    }
    must(
      /^[^:\n]*:\d+:\d+: (error|warning|info): [^\n]+ \[[a-z]+\/[a-z0-9-]+\]\n?$/.test(renderCompact(diagnostic)),
      () => `a line of another form: ${JSON.stringify(renderCompact(diagnostic))}`,
    );
    renderText(diagnostic, { color: false });
  }
  JSON.parse(renderJson(diagnostics.slice(0, SHOWN)));
}

export function must(holds, what) {
  if (!holds) throw new Error(what());
}

export function sameOctets(a, b) {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

/** What to mutate next: half the time an input that once reached something new. */
export function poolOf(random, kept, seeds) {
  return kept.length > 0 && random.oneIn(2) ? kept : seeds;
}
