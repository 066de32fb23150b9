import type { TestResult, TestRun, Verdict } from "../expect/results.ts";
import { positionOf } from "../source/source-file.ts";
import { coverageJson } from "./coverage.ts";

/** What the JSON form is; its number rises when a field goes away or changes its meaning, not when one is added. */
const TESTS_SCHEMA = "privlink/test/v1";

/** A run of expectations as one JSON document, for programs. */
export function renderTestsJson({ results, name, server, coverage }: TestRun): string {
  const summary: Record<Verdict, number> = { met: 0, failed: 0, unknown: 0, skipped: 0 };
  for (const { verdict } of results) summary[verdict] += 1;
  const document = {
    schema: TESTS_SCHEMA,
    tested: name,
    server: server ?? null,
    summary,
    results: results.map(entryOf),
    ...(coverage === undefined ? {} : { coverage: coverageJson(coverage) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function entryOf({ expectation, from, name, type, verdict, got, faults, why, explanation }: TestResult): unknown {
  const { span, tags, because } = expectation;
  return {
    path: span.file.path,
    ...positionOf(span),
    from,
    name,
    type,
    verdict,
    got,
    faults,
    tags,
    ...(because === undefined ? {} : { because }),
    ...(why === undefined ? {} : { why }),
    ...(explanation === undefined ? {} : { explanation }),
  };
}
