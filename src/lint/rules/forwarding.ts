import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { displayName } from "../../name/name-text.ts";
import { type AliasSplit, aliasSplits } from "../../resolve/alias-splits.ts";
import { type RuleLoop, ruleLoops } from "../../resolve/rule-loops.ts";
import { effectOf } from "../effect.ts";
import type { Estate } from "../estate.ts";
import type { LintRule } from "../rule.ts";
import { resolversWithRuleAlone } from "./custom-dns.ts";
import { resolversWithZoneElsewhere } from "./zone-elsewhere.ts";

/** What questions through rules come to, before anybody asks one. */
export const forwardingRule: LintRule = {
  codes: ["rule/loop", "rule/alias-elsewhere"],
  check(estate, diagnostics) {
    // Of these the cause is told, with what it does.
    const told = new Set([...resolversWithRuleAlone(estate), ...resolversWithZoneElsewhere(estate)]);
    for (const loop of ruleLoops(estate.snapshot)) reportLoop(estate, loop, diagnostics);
    for (const split of aliasSplits(estate.snapshot)) {
      if (!told.has(split.resolver.key)) reportSplit(split, diagnostics);
    }
  },
};

function reportLoop(estate: Estate, { rule, others, path }: RuleLoop, diagnostics: Diagnostics): void {
  const domain = displayName(rule.domain);
  const message = `names of ${domain} go in a circle: ${path.join(" → ")}`;
  const related = others.map(({ span }) => ({ message: "and this rule sends them on", span }));
  const [first = ""] = path;
  const answer = estate.ask({ kind: "resolver", key: first }, rule.domain);
  const effect = effectOf(answer, `resolver ${first}`);
  diagnostics.report("rule/loop", message, rule.span, {
    related,
    effect,
    hint: "let one of these rules lead elsewhere",
  });
}

function reportSplit({ resolver, name, alias, trusting, chasing }: AliasSplit, diagnostics: Diagnostics): void {
  const { key, span } = resolver;
  if (span === undefined) return;
  const asked = displayName(name);
  const message = `resolver ${key} gets ${trusting} for ${asked} while it trusts its target, and ${chasing} once it chases aliases`;
  const hint = `send ${asked} and ${displayName(alias)} to the same target, with a rule for each of their domains`;
  diagnostics.report("rule/alias-elsewhere", message, span, { hint });
}
