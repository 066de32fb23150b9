import type { DomainName } from "../name/domain-name.ts";
import type { RRset } from "../record/rrset.ts";

/** The records of rules that answer by themselves, by `answerKey`. */
export type RuleAnswers = ReadonlyMap<string, readonly RRset[]>;

/** What a rule's records are kept by: who has the rule, in words (`ruleset corp`), and its domain. */
export function answerKey(owner: string, domain: DomainName): string {
  return `${owner}\n${domain.key}`;
}
