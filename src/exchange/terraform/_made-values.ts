import { itemsOf, ownField, type Value } from "../azure/value.ts";

/** What an object of Azure is made of; what is absent is not there. */
export type Fields = Readonly<Record<string, Value | undefined>>;

/** `{ id }` of an attribute that holds an identifier. */
export function reference(values: Value | undefined, key: string): Value | undefined {
  const id = ownField(values, key);
  return id === undefined || id.kind === "null" ? undefined : object(id, { id });
}

/** `Enabled` or `Disabled`, as Azure says what Terraform has as true and false. */
export function switched(values: Value, key: string): Value | undefined {
  const value = ownField(values, key);
  return value?.kind === "boolean"
    ? { kind: "text", text: value.is ? "Enabled" : "Disabled", span: value.span }
    : value;
}

/** Blocks of one kind, each made over; a block that is not known stays so. */
export function each(values: Value | undefined, key: string, fields: (one: Value) => Fields): Value | undefined {
  const blocks = ownField(values, key);
  if (blocks === undefined || blocks.kind === "null" || blocks.kind === "unknown") return blocks;
  return { kind: "list", span: blocks.span, items: itemsOf(blocks).map((one) => object(one, fields(one))) };
}

export function object(at: Value, fields: Fields): Value {
  const entries = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return { kind: "map", span: at.span, entries: new Map(entries) };
}
