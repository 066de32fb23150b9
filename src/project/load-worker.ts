import { parentPort } from "node:worker_threads";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type SourceFile, type SourceSpan, withoutText } from "../source/source-file.ts";
import { type LoadOrder, type LoadResult, runLoad } from "./load-order.ts";

/** The config flow on a thread of its own, so that a reload never keeps the answering thread waiting. */
parentPort?.on("message", (order: LoadOrder) => {
  parentPort?.postMessage(light(runLoad(order)));
});

/** The result without the text of zone files: they may be large, and the other side needs their positions alone. */
function light(result: LoadResult): LoadResult {
  if (result.kind !== "loaded") return result;
  const files = new Map<SourceFile, SourceFile>();
  const lighten = (span: SourceSpan): SourceSpan => {
    if (span.file.encoding === "unicode") return span;
    const file = files.get(span.file) ?? withoutText(span.file);
    files.set(span.file, file);
    return { ...span, file };
  };
  const diagnostics = result.diagnostics.map(
    (one): Diagnostic => ({
      ...one,
      span: lighten(one.span),
      related: one.related.map((place) => ({ ...place, span: lighten(place.span) })),
    }),
  );
  return { ...result, diagnostics };
}
