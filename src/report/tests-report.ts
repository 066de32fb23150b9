import type { TestRun } from "../expect/results.ts";
import { renderTestsGithub } from "./tests-github.ts";
import { renderTestsJson } from "./tests-json.ts";
import { renderTestsJunit } from "./tests-junit.ts";
import { renderTestsTap } from "./tests-tap.ts";
import { renderTestsText, type TestsTextOptions } from "./tests-text.ts";

/** The forms of a run of expectations: for people, programs, CI servers, test harnesses, and annotations of a run. */
export const TESTS_FORMATS = ["text", "json", "junit", "tap", "github"] as const;

export type TestsFormat = (typeof TESTS_FORMATS)[number];

/** A run in one form. */
export function renderTests(format: TestsFormat, run: TestRun, options: TestsTextOptions): string {
  switch (format) {
    case "text":
      return renderTestsText(run, options);
    case "json":
      return renderTestsJson(run);
    case "junit":
      return renderTestsJunit(run);
    case "tap":
      return renderTestsTap(run);
    case "github":
      return renderTestsGithub(run);
  }
}
