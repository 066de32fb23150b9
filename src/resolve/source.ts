import { type DomainName, isAtOrBelow, parentOf } from "../name/domain-name.ts";
import { longestSuffix } from "../name/suffix-map.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import type { BuiltinZone } from "../snapshot/builtin-zones.ts";
import type { PublicView, Rule, View, ViewZone } from "../snapshot/snapshot.ts";
import { findNode, rrsetsAt } from "../zone/zone-tree.ts";

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
  const builtin = builtinFor(internet, matched);
  if (builtin !== undefined) return { kind: "builtin", builtin };
  return rule === undefined ? { kind: "public" } : { kind: "rule", rule };
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
  return isExact(internet, name) ? undefined : builtin;
}

/** Whether some record of `public.records` or of a service has exactly this owner. */
export function isExact(internet: PublicView, name: DomainName): boolean {
  const { tree } = internet.exact;
  const node = findNode(tree, name);
  return node !== undefined && rrsetsAt(tree, node, name).length > 0;
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
