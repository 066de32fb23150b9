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
  | { readonly kind: "builtin"; readonly builtin: BuiltinZone }
  | { readonly kind: "public" };

/**
 * The one source of a view for a name: the longest zone and only that one, else the longest rule, else the internet.
 * Built-in names rank above a `.` rule and public data (SEMANTICS 30).
 */
export function sourceFor(view: View, internet: PublicView, name: DomainName, type: RecordType): Source {
  const matched = matchedName(name, type);
  const zone = longestSuffix(view.zones, matched);
  if (zone !== undefined) return { kind: "zone", zone };
  const rule = longestSuffix(view.rules, matched);
  if (rule !== undefined && rule.domain.labels.length > 0) return { kind: "rule", rule };
  const outside = sourceOutside(internet, name, type);
  return outside.kind === "builtin" || rule === undefined ? outside : { kind: "rule", rule };
}

/** The source of a name outside all zones and rules: a built-in name, else public data. */
export function sourceOutside(internet: PublicView, name: DomainName, type: RecordType): Source {
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
  return onMiss === "upstream" && upstream.length > 0;
}

export function isSameSource(a: Source, b: Source): boolean {
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
