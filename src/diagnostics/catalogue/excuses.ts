import type { CodeEntry } from "../code-entry.ts";

/** What is wrong with what excuses findings: comments and the baseline. Told by `check`, which alone looks at them. */
export const EXCUSE_CODES = {
  "suppression/no-reason": { severity: "warning", summary: "a privlink-ignore without a reason" },
  "suppression/unknown-code": { severity: "warning", summary: "a privlink-ignore of a code that does not exist" },
  "suppression/of-error": {
    severity: "warning",
    summary: "a privlink-ignore of an error that keeps files from being loaded",
  },
  "suppression/unused": { severity: "warning", summary: "a privlink-ignore of something that is not found there" },
  "baseline/stale": { severity: "warning", summary: "an entry of the baseline for something that is no longer found" },
} as const satisfies Record<string, CodeEntry>;
