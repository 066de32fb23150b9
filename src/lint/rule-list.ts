import type { LintRule } from "./rule.ts";
import { forwardingRule } from "./rules/forwarding.ts";

/** Every rule. The order does not matter: findings are sorted by place. */
export const LINT_RULES: readonly LintRule[] = [forwardingRule];
