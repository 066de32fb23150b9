import { type DomainName, prepend } from "../name/domain-name.ts";
import { platformAddressesOf } from "../platform/platform-resolver.ts";
import { profileOf } from "../platform/profiles.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { RRset } from "../record/rrset.ts";
import type { ForwardRule, Network, NetworkKind, RuleOrder, Target, Topology } from "../topology/model.ts";
import type { Zone } from "../zone/zone.ts";
import { answerKey, type RuleAnswers } from "./rule-answers.ts";
import type { Rule } from "./snapshot.ts";
import { zoneOfRRsets } from "./zone-of-rrsets.ts";

/** Rules by domain, for each place that they may have against linked zones. */
export type RuleTables = ReadonlyMap<RuleOrder, Map<string, Rule>>;

/** The rules that a network's platform resolver obeys: the network's own, and those of rulesets linked to it. */
export function networkRules(network: Network, topology: Topology, answers: RuleAnswers): RuleTables {
  const tables = new Map<RuleOrder, Map<string, Rule>>();
  const { key: own, kind } = network;
  const add = (
    order: RuleOrder,
    rules: readonly ForwardRule[],
    place: Omit<RulePlace, "topology" | "answers">,
  ): void => {
    const compiled = rules.map((rule) => compileRule(rule, { ...place, kind, topology, answers }));
    const table = tableOf(
      compiled.filter((rule) => rule !== undefined),
      tables.get(order),
    );
    if (table.size > 0) tables.set(order, table);
  };
  const { order: usual, isDocumented } = profileOf(kind).rules;
  const order = isDocumented ? usual : topology.assume.azureRules;
  const assumed = isDocumented ? {} : { assumedOrder: order };
  add(order, network.forward, { owner: `network ${own}`, own, ...assumed });
  for (const { key, links, forward, order: said, network: outbound } of topology.rulesets.values()) {
    if (!links.some((link) => link.network === own)) continue;
    const leaves = outbound === undefined || outbound === own ? {} : { outbound };
    const place = { owner: `ruleset ${key}`, own, ruleset: key, ...leaves };
    add(said ?? order, forward, said === undefined ? { ...place, ...assumed } : place);
  }
  return tables;
}

/** Rules by domain; of two for one domain the first, the other was an error. */
export function tableOf(rules: readonly Rule[], before: ReadonlyMap<string, Rule> = new Map()): Map<string, Rule> {
  const table = new Map(before);
  for (const rule of rules) if (!table.has(rule.domain.key)) table.set(rule.domain.key, rule);
  return table;
}

interface RulePlace {
  /** Who has the rule: `ruleset corp`. */
  readonly owner: string;
  readonly topology: Topology;
  readonly answers: RuleAnswers;
  /** The network whose platform resolver obeys it; absent: a forwarder of its own. */
  readonly own?: string;
  readonly kind?: NetworkKind;
  readonly ruleset?: string;
  /** Where its questions leave. */
  readonly outbound?: string;
  readonly assumedOrder?: RuleOrder;
}

/** A rule as it is asked; `undefined` for one that is switched off. */
export function compileRule(rule: ForwardRule, place: RulePlace): Rule | undefined {
  const { domain, span, enabled } = rule;
  if (!enabled) return undefined;
  const { owner, own, ruleset, outbound, assumedOrder, topology, answers, kind = "generic" } = place;
  const origin = {
    domain,
    span,
    ...(ruleset === undefined ? {} : { ruleset }),
    ...(assumedOrder === undefined ? {} : { assumedOrder }),
  };
  switch (rule.kind) {
    case "view":
      return { ...origin, kind: "view", network: rule.network, leadsInside: true, isLocal: false };
    case "answer": {
      const zone = answeringZone(domain, answers.get(answerKey(owner, domain)) ?? [], kind);
      return { ...origin, kind: "answer", zone, leadsInside: true, isLocal: false };
    }
    case "to": {
      const { targets } = rule;
      const isLocal = own !== undefined && leadsBack(targets[0], own);
      const leadsInside = targets.some((target) => isInside(target, topology));
      return {
        ...origin,
        kind: "to",
        targets,
        leadsInside,
        isLocal,
        ...(outbound === undefined ? {} : { network: outbound }),
      };
    }
  }
}

/** `platform` among the rules of a network's platform resolver is that resolver itself. */
function leadsBack(target: Target | undefined, own: string): boolean {
  return target?.kind === "platform" && (target.network ?? own) === own;
}

/** A zone in which records stand at the apex and, by a wildcard, at every name below. */
function answeringZone(domain: DomainName, rrsets: readonly RRset[], kind: NetworkKind): Zone {
  const { soa } = profileOf(kind);
  const wildcard = prepend(["*"], domain);
  const below = wildcard === undefined ? [] : rrsets.map((rrset) => ({ ...rrset, owner: wildcard }));
  const denial: RRset = { owner: domain, type: RecordTypes.SOA, ttl: soa.ttl, rdatas: [soa.rdata(domain)] };
  return zoneOfRRsets(domain, denial, [...rrsets, ...below]);
}

/** Whether a target is a resolver that the model answers as; a real server is none. */
function isInside(target: Target, { networks, resolvers }: Topology): boolean {
  switch (target.kind) {
    case "platform":
    case "network":
      return true;
    case "internet":
      return false;
    case "resolver":
      return resolvers.get(target.key)?.external === false;
    case "address": {
      const { text } = target.at.address;
      const there = [...resolvers.values()].find(({ addresses }) =>
        addresses.some(({ address }) => address.text === text),
      );
      if (there !== undefined) return !there.external;
      return [...networks.values()].some((network) =>
        platformAddressesOf(network).view.some((one) => one.text === text),
      );
    }
  }
}
