import type { TestRun } from "../expect/results.ts";
import { positionOf } from "../source/source-file.ts";
import { detailsOf } from "./tests-text.ts";
import { workflowCommand } from "./workflow-command.ts";

/** A run of expectations as annotations of GitHub Actions: an error at the line of each that failed. */
export function renderTestsGithub({ results }: TestRun): string {
  return results
    .filter(({ verdict }) => verdict === "failed")
    .map((result) => {
      const { expectation, from, name, type } = result;
      const { line, column: col } = positionOf(expectation.span);
      const properties = { file: expectation.span.file.path, line, col, title: `${from} asks ${name} ${type}` };
      return workflowCommand("error", properties, detailsOf(result).join("\n"));
    })
    .join("");
}
