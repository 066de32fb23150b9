import type { CodeEntry } from "../code-entry.ts";

/** What is written right, and answers what nobody wants: told by `check`, which asks the model. */
export const LINT_CODES = {
  "rule/loop": { severity: "warning", summary: "rules that send names in a circle" },
  "rule/alias-elsewhere": { severity: "warning", summary: "a name that depends on how a forwarder treats aliases" },
} as const satisfies Record<string, CodeEntry>;
