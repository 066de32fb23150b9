import { type DomainName, isAtOrBelow, parentOf } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { BuiltinZone } from "../snapshot/builtin-zones.ts";
import type { PublicView, Rule, View, ViewZone } from "../snapshot/snapshot.ts";
import { isPublished } from "./overlay.ts";

/** Where a view takes a name from. */
export type Source =
  | { readonly kind: "zone"; readonly zone: ViewZone }
  | { readonly kind: "rule"; readonly rule: Rule }
  /** A rule leaves the name to this resolver: its zones and the internet are asked, past every other rule. */
  | { readonly kind: "local"; readonly rule: Rule; readonly source: Exclude<Source, { kind: "rule" | "local" }> }
  | { readonly kind: "builtin"; readonly builtin: BuiltinZone }
  | { readonly kind: "public" };

/**
 * The one source of a view for a name: in the first of its phases that matches the longest suffix and only that one, else
 * the internet. Built-in names rank above a `.` rule and public data, unless people have private zones there and the rule
 * leads to a resolver of the model, which may see one (SEMANTICS 30).
 */
export function sourceFor(view: View, internet: PublicView, name: DomainName, type: RecordType): Source {
  const matched = matchedName(name, type);
  for (const phase of view.phases) {
    const found = sourceInPhase(view, phase, matched);
    if (found === undefined) continue;
    if (found.kind === "rule" && found.rule.isLocal) {
      const source = zoneOver(view, matched) ?? sourceOutside(internet, name, type);
      return { kind: "local", rule: found.rule, source };
    }
    if (found.kind !== "rule" || found.rule.domain.labels.length > 0) return found;
    const outside = sourceOutside(internet, name, type);
    const isOwn = outside.kind === "builtin" && !(outside.builtin.mayBePrivate && found.rule.leadsInside);
    return isOwn ? outside : found;
  }
  return sourceOutside(internet, name, type);
}

/** The longest suffix in one phase; on a tie the source that the phase names first. */
function sourceInPhase(
  view: View,
  phase: View["phases"][number],
  name: DomainName,
): Extract<Source, { kind: "zone" | "rule" }> | undefined {
  let best: Extract<Source, { kind: "zone" | "rule" }> | undefined;
  for (const kind of phase) {
    const found = kind === "zones" ? zoneOver(view, name) : ruleOver(view, name);
    if (found !== undefined && (best === undefined || labelsOf(found) > labelsOf(best))) best = found;
  }
  return best;
}

function zoneOver({ zones }: View, name: DomainName): Extract<Source, { kind: "zone" }> | undefined {
  const zone = longestSuffix(zones, name);
  return zone === undefined ? undefined : { kind: "zone", zone };
}

function ruleOver({ rules }: View, name: DomainName): Extract<Source, { kind: "rule" }> | undefined {
  const rule = longestSuffix(rules, name);
  return rule === undefined ? undefined : { kind: "rule", rule };
}

function labelsOf(source: Extract<Source, { kind: "zone" | "rule" }>): number {
  return (source.kind === "zone" ? source.zone.zone.origin : source.rule.domain).labels.length;
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
  const rule = longestSuffix(view.rules, matched);
  if (rule !== undefined && isAtOrBelow(rule.domain, cut)) return { kind: "rule", rule };
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

export function isSameSource(a: Source, b: Source): boolean {
  if (b.kind === "local") return isSameSource(a, b.source);
  switch (a.kind) {
    case "local":
      return isSameSource(a.source, b);
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
