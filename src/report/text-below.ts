import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatPosition } from "../source/source-file.ts";

/** What is said of a finding below its sentence, a line each: other places, the effect, the hint. For forms that show no excerpt. */
export function textBelow({ related, effect, hint }: Diagnostic): string[] {
  return [
    ...related.map(({ message, span }) => `${formatPosition(span)}: note: ${message}`),
    ...(effect === undefined ? [] : [`effect: ${effect}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
}
