import { type DomainName, isAtOrBelow, parentOf } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { BuiltinZone } from "../snapshot/builtin-zones.ts";
import type { Layer, Phase, PublicView, Rule, View, ViewZone } from "../snapshot/snapshot.ts";
import { isPublished } from "./overlay.ts";
import type { Assumption } from "./resolution.ts";

/** Where a view takes a name from. */
export type Source =
  | { readonly kind: "zone"; readonly zone: ViewZone }
  | { readonly kind: "rule"; readonly rule: Rule }
  /** A rule leaves the name to this resolver: the zones it stands with and what comes later are asked. */
  | { readonly kind: "local"; readonly rule: Rule; readonly source: Source }
  /** A switch of the topology decides that it is `source`. */
  | { readonly kind: "assumed"; readonly assumption: Assumption; readonly source: Source }
  | { readonly kind: "builtin"; readonly builtin: BuiltinZone }
  | { readonly kind: "public" };

type FoundInView = Extract<Source, { kind: "zone" | "rule" }>;

/**
 * The one source of a view for a name: in the first of its phases that matches the longest suffix and only that one, else
 * the internet. Built-in names rank above a `.` rule and public data, unless people have private zones there and the rule
 * leads to a resolver of the model, which may see one (SEMANTICS 30).
 */
export function sourceFor(view: View, internet: PublicView, name: DomainName, type: RecordType): Source {
  return sourceFrom(0, view, internet, { name, type, matched: matchedName(name, type) });
}

interface Wanted {
  readonly name: DomainName;
  readonly type: RecordType;
  readonly matched: DomainName;
}

/** As `sourceFor`, from one of the phases on. */
function sourceFrom(first: number, view: View, internet: PublicView, wanted: Wanted): Source {
  const { phases } = view;
  for (let i = first; i < phases.length; i++) {
    const phase = phases[i] ?? [];
    const found = sourceInPhase(phase, wanted.matched);
    if (found?.kind === "zone") return hiddenRule(found, phases.slice(i + 1), wanted.matched);
    if (found === undefined) continue;
    const { rule } = found;
    if (rule.isLocal) {
      const source = zoneIn(phase, wanted.matched) ?? sourceFrom(i + 1, view, internet, wanted);
      return { kind: "local", rule, source };
    }
    if (rule.domain.labels.length > 0) return overZone(found, phase, wanted.matched);
    const outside = sourceOutside(internet, wanted.name, wanted.type);
    if (outside.kind === "builtin" && !(outside.builtin.mayBePrivate && rule.leadsInside)) return outside;
    const reserved = reservedFor(view, rule, wanted.matched);
    if (reserved === undefined) return found;
    const source = reserved.isLeftAlone ? sourceFrom(i + 1, view, internet, wanted) : found;
    return { kind: "assumed", assumption: { kind: "reservedNames", rule, ...reserved }, source };
  }
  return sourceOutside(internet, wanted.name, wanted.type);
}

/** The longest suffix in one phase; on a tie the source that the phase names first. */
function sourceInPhase(phase: Phase, name: DomainName): FoundInView | undefined {
  let best: FoundInView | undefined;
  for (const layer of phase) {
    const found = sourceInLayer(layer, name);
    if (found !== undefined && (best === undefined || labelsOf(found) > labelsOf(best))) best = found;
  }
  return best;
}

function sourceInLayer(layer: Layer, name: DomainName): FoundInView | undefined {
  if (layer.kind === "zones") {
    const zone = longestSuffix(layer.zones, name);
    return zone === undefined ? undefined : { kind: "zone", zone };
  }
  const rule = longestSuffix(layer.rules, name);
  return rule === undefined ? undefined : { kind: "rule", rule };
}

function zoneIn(phase: Phase, name: DomainName): FoundInView | undefined {
  return sourceInPhase(
    phase.filter(({ kind }) => kind === "zones"),
    name,
  );
}

function labelsOf(source: FoundInView): number {
  return (source.kind === "zone" ? source.zone.zone.origin : source.rule.domain).labels.length;
}

/** A zone, where the provider does not say that it hides a longer rule in a later phase. */
function hiddenRule(found: Extract<Source, { kind: "zone" }>, later: readonly Phase[], name: DomainName): Source {
  for (const phase of later) {
    const hidden = sourceInPhase(phase, name);
    if (hidden?.kind === "rule" && labelsOf(hidden) > labelsOf(found))
      return assumedOrder(hidden.rule, found.zone, found);
  }
  return found;
}

/** A rule, where the provider does not say that it counts before a shorter zone of its phase. */
function overZone(found: Extract<Source, { kind: "rule" }>, phase: Phase, name: DomainName): Source {
  const shorter = zoneIn(phase, name);
  return shorter?.kind === "zone" ? assumedOrder(found.rule, shorter.zone, found) : found;
}

function assumedOrder(rule: Rule, zone: ViewZone, source: FoundInView): Source {
  const { assumedOrder: order } = rule;
  return order === undefined
    ? source
    : { kind: "assumed", assumption: { kind: "azureRules", order, rule, zone }, source };
}

/** The rule that sends a name away from a view, whatever zones there are; one that leaves it alone does not. */
export function ruleFor(view: View, name: DomainName, type: RecordType): Extract<Source, { kind: "rule" }> | undefined {
  const matched = matchedName(name, type);
  for (const phase of view.phases) {
    const found = sourceInPhase(
      phase.filter(({ kind }) => kind === "rules"),
      matched,
    );
    if (found?.kind !== "rule") continue;
    const isLeftAlone = reservedFor(view, found.rule, matched)?.isLeftAlone === true;
    return found.rule.isLocal || isLeftAlone ? undefined : found;
  }
  return undefined;
}

/** The domain of a name that the provider reserves, for a `.` rule. */
function reservedFor({ reserved }: View, rule: Rule, name: DomainName) {
  if (reserved === undefined || rule.domain.labels.length > 0) return undefined;
  const domain = longestSuffix(reserved.domains, name);
  return domain === undefined ? undefined : { domain, isLeftAlone: reserved.areLeftAlone };
}

/** The source of a name outside all zones and rules: a built-in name, else public data. */
export function sourceOutside(
  internet: PublicView,
  name: DomainName,
  type: RecordType,
): Extract<Source, { kind: "builtin" | "public" }> {
  const builtin = builtinFor(internet, matchedName(name, type));
  return builtin === undefined ? { kind: "public" } : { kind: "builtin", builtin };
}

/**
 * What goes on where a zone of the view ends: a rule for the child or for names below, else public data that reaches there,
 * a real server's included. The addresses of the child's own servers are never asked (SEMANTICS 44).
 */
export function sourceBelowCut(
  view: View,
  internet: PublicView,
  { name, type }: { readonly name: DomainName; readonly type: RecordType },
  cut: DomainName,
): Source | undefined {
  const matched = matchedName(name, type);
  const ruled = ruleFor(view, name, type);
  if (ruled !== undefined && isAtOrBelow(ruled.rule.domain, cut)) return ruled;
  if (isPublished(internet, name)) return { kind: "public" };
  const declared = longestSuffix(internet.zones, matched);
  if (declared !== undefined) return isAtOrBelow(declared.zone.origin, cut) ? { kind: "public" } : undefined;
  const outside = sourceOutside(internet, name, type);
  return outside.kind === "public" && asksUpstream(internet) ? outside : undefined;
}

/** What zones and rules are matched with: a DS set belongs to the parent (RFC 4035 §3.1.4.1). */
export function matchedName(name: DomainName, type: RecordType): DomainName {
  return type === RecordTypes.DS ? parentOf(name) : name;
}

/** The built-in zone of a name, unless the user has a public zone at or below it, or a public record of that name. */
function builtinFor(internet: PublicView, name: DomainName): BuiltinZone | undefined {
  const builtin = longestSuffix(internet.builtins, name);
  if (builtin === undefined) return undefined;
  const declared = longestSuffix(internet.zones, name);
  if (declared !== undefined && isAtOrBelow(declared.zone.origin, builtin.zone.origin)) return undefined;
  return isPublished(internet, name) ? undefined : builtin;
}

/** Whether a name that the model has no public data for is asked of real servers. */
export function asksUpstream({ onMiss, upstream }: PublicView): boolean {
  return onMiss === "upstream" && upstream.targets.length > 0;
}

/** Whether two sources are one, whatever led to them. */
export function isSameSource(one: Source, other: Source): boolean {
  const a = ownSource(one);
  const b = ownSource(other);
  switch (a.kind) {
    case "zone":
      return b.kind === "zone" && a.zone === b.zone;
    case "rule":
      return b.kind === "rule" && a.rule === b.rule;
    case "builtin":
      return b.kind === "builtin" && a.builtin === b.builtin;
    case "public":
      return b.kind === "public";
  }
}

/** Who answers in the end. */
export function ownSource(source: Source): Exclude<Source, { kind: "local" | "assumed" }> {
  return source.kind === "local" || source.kind === "assumed" ? ownSource(source.source) : source;
}
