import type { JsonSchema } from "../control/route.ts";

export const STRING: JsonSchema = { type: "string" };
export const STRINGS: JsonSchema = { type: "array", items: STRING };
export const COUNT: JsonSchema = { type: "integer", minimum: 0 };

const OPTIONAL = Symbol("may be absent");

/** A field that may be absent. */
export function optional(schema: JsonSchema): JsonSchema {
  return { ...schema, [OPTIONAL]: true };
}

export function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

/** An object of exactly these fields, all there but the optional ones. */
export function objectOf(fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const required = Object.entries(fields).flatMap(([name, schema]) => (OPTIONAL in schema ? [] : [name]));
  return { type: "object", required, properties: fields, additionalProperties: false };
}

/** The same behind the name and version of its shape. */
export function versioned(schema: string, fields: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return objectOf({ schema: { const: schema }, ...fields });
}
