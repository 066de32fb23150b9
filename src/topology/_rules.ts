import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import { type Reading, referenceTo } from "./_reading.ts";
import { readDomain, readFlag, readZoneText } from "./_scalars.ts";
import { type Asking, isAnswerable, readTarget } from "./_targets.ts";
import type { Entry } from "./_value.ts";
import type { ForwardRule, RuleAction, RuleOrder, Target } from "./model.ts";

export const readOrder = choiceOf<RuleOrder>("before-zones", "with-zones", "after-zones");

/** Where rules stand: what can be said about what they do before anything is asked. */
export interface RulePlace {
  /** Every network that they send questions from; empty when that is not known. */
  readonly asking: readonly Asking[];
  /** What is wrong with a target, beside where it is asked from: it was reported, and the target is not kept. */
  readonly refuses: (target: Target, domain: string) => boolean;
  /** Networks whose platform resolver has the rules itself: as their view a rule would lead to itself. */
  readonly owners: readonly string[];
}

/** Reads `forward`: domain → rule. */
export function readForward(entries: readonly Entry[], place: RulePlace, reading: Reading): ForwardRule[] {
  const rules = new Map<string, ForwardRule>();
  for (const entry of entries) {
    const rule = readRule(entry, place, reading);
    if (rule === undefined) continue;
    const first = rules.get(rule.domain.key);
    if (first === undefined) {
      rules.set(rule.domain.key, rule);
      continue;
    }
    const related = [{ message: "the other rule is here", span: first.span }];
    reading.diagnostics.report("rule/repeated", `${entry.key} has a rule already in this forward`, entry.span, {
      related,
    });
  }
  return [...rules.values()];
}

function readRule({ key, span, value }: Entry, place: RulePlace, reading: Reading): ForwardRule | undefined {
  const what = `the rule for ${key}`;
  const domain = readDomain({ text: key, span }, reading.diagnostics);
  const mapping = asMapping(value, what, reading.diagnostics, "to");
  if (domain === undefined || mapping === undefined) return undefined;
  const reader = new ObjectReader("rule", { what, layers: [mapping], span }, reading.diagnostics);
  const enabled = reader.one("enabled", readFlag) ?? true;
  const action = readAction(reader, key, place, reading);
  return action === undefined ? undefined : { domain, enabled, span, ...action };
}

/** What a rule does: one of three things. */
function readAction(
  reader: ObjectReader<"rule">,
  domain: string,
  place: RulePlace,
  reading: Reading,
): RuleAction | undefined {
  const read = reader.many("to", (text) => readTarget(text, reading));
  const view = reader.one("view", (text) => referenceTo(reading, "networks", text));
  const records = reader.one("answer", readZoneText);
  const said = (["to", "view", "answer"] as const).filter((key) => reader.has(key));
  const [first, second] = said;
  if (first === undefined || (first === "to" && reader.items("to").length === 0)) {
    const hint = "write to: and whom to ask, view: and a network, or answer: and records";
    reader.diagnostics.report("rule/no-target", `${reader.what} has no target`, reader.placeOf("to"), { hint });
    return undefined;
  }
  if (second !== undefined) {
    const related = [{ message: `${first} is here`, span: reader.placeOf(first) }];
    const message = `${reader.what} has ${second} beside ${first}, expected one of them`;
    reader.diagnostics.report("topology/conflicting-keys", message, reader.placeOf(second), { related });
  }
  if (view !== undefined) return isSeeing(view, reader, place, reading) ? { kind: "view", network: view } : undefined;
  if (records !== undefined) return { kind: "answer", records };
  if (first !== "to") return undefined;
  const kept = read.filter((target) => !place.refuses(target, domain));
  const targets = kept.filter(
    (target) => isLocal(target, place) || place.asking.every((asking) => isAnswerable(target, asking, reading)),
  );
  return { kind: "to", targets };
}

/** A ruleset's rule to the platform means the resolver that obeys it, wherever its questions leave. */
function isLocal(target: Target, { owners, asking }: RulePlace): boolean {
  return (
    target.kind === "platform" &&
    target.network === undefined &&
    !asking.some(({ network }) => owners.includes(network))
  );
}

/** Whether a network has a view that a rule can be answered with. */
function isSeeing(network: string, reader: ObjectReader<"rule">, { owners }: RulePlace, reading: Reading): boolean {
  const span = reader.placeOf("view");
  if (reading.kinds.get(network) === "on-premises") {
    const message = `network ${network} is on-premises and has no platform resolver whose view this could be`;
    const hint = "write to: and a resolver that stands in it";
    reader.diagnostics.report("network/no-platform-resolver", message, span, { hint });
    return false;
  }
  if (!owners.includes(network)) return true;
  const message = `${reader.what} is answered as network ${network} would, which has this rule itself`;
  reader.diagnostics.report("rule/to-itself", message, span, { hint: "name the network that has the zone" });
  return false;
}
