import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { profileOf } from "../platform/profiles.ts";
import type { RRset } from "../record/rrset.ts";
import { answerKey, type RuleAnswers } from "../snapshot/rule-answers.ts";
import type { ForwardRule, Topology, ZoneText } from "../topology/model.ts";
import { ZoneBuilder } from "../zone/zone-builder.ts";
import { findNode, rrsetsAt } from "../zone/zone-tree.ts";
import { parseZoneText } from "../zonefile/parse-zone-file.ts";
import { inputOfText } from "../zonefile/zone-input.ts";

/** The records of rules that answer by themselves; one without a TTL has that of the kind of network it is for. */
export function readRuleAnswers({ networks, rulesets, resolvers }: Topology, diagnostics: Diagnostics): RuleAnswers {
  const answers = new Map<string, readonly RRset[]>();
  const add = (owner: string, rules: readonly ForwardRule[], kind: Parameters<typeof profileOf>[0]): void => {
    const { recordTtl } = profileOf(kind);
    for (const rule of rules)
      if (rule.kind === "answer")
        answers.set(answerKey(owner, rule.domain), readAnswer(rule.domain, rule.records, recordTtl, diagnostics));
  };
  for (const { key, kind, forward } of networks.values()) add(`network ${key}`, forward, kind);
  for (const { key, links, forward } of rulesets.values())
    add(`ruleset ${key}`, forward, networks.get(links[0]?.network ?? "")?.kind ?? "generic");
  for (const { key, forward } of resolvers.values()) add(`resolver ${key}`, forward, "generic");
  return answers;
}

/** Records of one owner that lines do not name. */
function readAnswer(owner: DomainName, text: ZoneText, defaultTtl: number, diagnostics: Diagnostics): readonly RRset[] {
  const builder = new ZoneBuilder(ROOT); // The owner is no apex: an alias may stand there.
  const options = { origin: owner, owner, defaultTtl };
  parseZoneText(inputOfText(text), options, { record: (record) => builder.add(record), diagnostics });
  const tree = builder.finish(diagnostics);
  const node = findNode(tree, owner);
  return node === undefined ? [] : [...rrsetsAt(tree, node, owner)];
}
