import { foldLabel } from "../../name/domain-name.ts";
import type { SourceSpan } from "../../source/source-file.ts";

/** A value of a source with where it stands: what JSON says, or what an expression came to. */
export type Value =
  | { readonly kind: "text"; readonly text: string; readonly span: SourceSpan }
  | { readonly kind: "number"; readonly number: number; readonly span: SourceSpan }
  | { readonly kind: "boolean"; readonly is: boolean; readonly span: SourceSpan }
  | { readonly kind: "null"; readonly span: SourceSpan }
  | ListValue
  | MapValue
  | UnknownValue;

export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly span: SourceSpan;
}

export interface MapValue {
  readonly kind: "map";
  /** In the order written; of a key that stands twice the last. */
  readonly entries: ReadonlyMap<string, Value>;
  /** Why keys may be missing that are there once it is deployed; absent: what is missing is not there. */
  readonly open?: string;
  readonly span: SourceSpan;
}

/** What is only known once it is deployed, or by a function that we do not have. */
export interface UnknownValue {
  readonly kind: "unknown";
  /** Why, as a clause: `it is known after apply`. */
  readonly reason: string;
  readonly span: SourceSpan;
}

/**
 * The value of a key, case folded: the tools differ in it. A dotted path goes on inside. `properties` need not be said:
 * exports have their contents on either level.
 */
export function fieldOf(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let current = value;
  for (const key of path) {
    if (current?.kind === "unknown") return current;
    if (current?.kind !== "map") return undefined;
    const inner = ownField(current, "properties");
    const nested: Value | undefined =
      inner?.kind === "map" ? ownField(inner, key) : inner?.kind === "unknown" ? inner : undefined;
    const own = nested === undefined || nested.kind === "null" ? (ownField(current, key) ?? nested) : nested;
    current = own?.kind === "null" ? undefined : own;
  }
  return current;
}

/** The value of a key of a map itself, case folded. */
export function ownField(value: Value | undefined, key: string): Value | undefined {
  if (value?.kind !== "map") return undefined;
  const exact = value.entries.get(key);
  if (exact !== undefined) return exact;
  const folded = foldLabel(key);
  for (const [name, one] of value.entries) if (name.length === key.length && foldLabel(name) === folded) return one;
  return undefined;
}

/** The text of a value that is one. */
export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === "text" && value.text !== "" ? value.text : undefined;
}

/** The items of a list; a lone value is its own item. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value.kind === "null" || value.kind === "unknown") return [];
  return value.kind === "list" ? value.items : [value];
}

/** The texts among the items. */
export function textsOf(value: Value | undefined): string[] {
  return itemsOf(value)
    .map(textOf)
    .filter((text) => text !== undefined);
}

export function booleanOf(value: Value | undefined): boolean | undefined {
  return value?.kind === "boolean" ? value.is : undefined;
}

export function numberOf(value: Value | undefined): number | undefined {
  return value?.kind === "number" ? value.number : undefined;
}

/** An unknown value in it, if there is one. What expressions made may hold one value many times: each is looked at once. */
export function unknownIn(value: Value | undefined): UnknownValue | undefined {
  const waiting = value === undefined ? [] : [value];
  const seen = new Set<Value>();
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (one.kind === "unknown") return one;
    if (seen.has(one)) continue;
    seen.add(one);
    if (one.kind === "list") waiting.push(...one.items);
    else if (one.kind === "map") waiting.push(...one.entries.values());
  }
  return undefined;
}
