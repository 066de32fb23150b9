import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Expectation } from "../topology/model.ts";
import { askModelOffline } from "./ask-model.ts";
import { questionsOf } from "./questions.ts";
import { answeredBy, type JudgeOptions, judge, judgeUnmatched, type TestResult } from "./results.ts";

/** Runs expectations against the model, with nothing sent, in their order. */
export function testOffline(
  snapshot: Snapshot,
  expectations: readonly Expectation[],
  options: JudgeOptions = { strict: false },
): TestResult[] {
  return questionsOf(snapshot, expectations).map((one) =>
    one.kind === "unmatched"
      ? judgeUnmatched(one)
      : judge(snapshot, one, answeredBy(askModelOffline(snapshot, one)), options),
  );
}
