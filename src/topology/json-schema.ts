import { acceptedKeys, KEYS, type KeyEntry, type ObjectName } from "./keys.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [key: string]: unknown };

/**
 * The keys of a topology as JSON Schema draft 7, the one that editors' YAML servers know. It is made of the same table that
 * topologies are read by. It knows keys, shapes and words; what a key refers to, and everything between keys, is for `check`.
 */
export function topologySchema(): JsonSchema {
  const objects = [...new Set(acceptedKeys().map(({ object }) => object))];
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "privlink topology",
    $ref: "#/definitions/topology",
    definitions: Object.fromEntries(objects.map((object) => [object, objectSchema(object)])),
  };
}

/** Files of expectations, a list of them or one alone, in the same way. */
export function expectationsSchema(): JsonSchema {
  const objects = ["expect", "not", "bounds"] as const;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "privlink expectations",
    ...oneOrMore({ $ref: "#/definitions/expect" }),
    definitions: Object.fromEntries(objects.map((object) => [object, wholeSchema(object)])),
  };
}

/** Objects that defaults can complete: nothing in them is required where they stand. */
const COMPLETED: ReadonlySet<string> = new Set(Object.keys(KEYS.defaults));

/** The shorter forms of objects: the main value may stand for the object. */
const SHORT_FORMS: Partial<Readonly<Record<ObjectName, string>>> = {
  link: "ref(network)",
  cache: "bool",
  clientSubnet: "bool",
  rateLimit: "bool",
  rule: "target+",
  host: "cidr+",
  listen: "addrport",
  expect: "text",
};

function objectSchema(object: ObjectName): JsonSchema {
  const whole = wholeSchema(object);
  const short = SHORT_FORMS[object];
  return short === undefined ? whole : { anyOf: [schemaOf(short), whole] };
}

function wholeSchema(object: ObjectName): JsonSchema {
  const rows = Object.entries<KeyEntry>(KEYS[object]);
  const required = COMPLETED.has(object) ? [] : rows.filter(([, row]) => row.required === true).map(([key]) => key);
  return {
    type: "object",
    properties: Object.fromEntries(rows.map(([key, row]) => [key, keySchema(row)])),
    ...(object === "topology" ? { patternProperties: { "^x-": true } } : {}),
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
  };
}

/** One key. Nothing after a key is as if it were not there. */
function keySchema({ type, meaning, default: otherwise }: KeyEntry): JsonSchema {
  const description = otherwise === undefined ? meaning : `${meaning}. Default: ${otherwise}`;
  return { description, anyOf: [schemaOf(type), { type: "null" }] };
}

/** What the words of the table's types are in YAML. Texts are read as written, so that `10` and `true` are texts, too. */
const WRITTEN: JsonSchema = { type: ["string", "number", "boolean"] };
const TEXTS: ReadonlySet<string> = new Set(
  "text domain cidr ip zonetext server target asker address addrport ttl size count".split(" "),
);

function schemaOf(type: string): JsonSchema {
  const alternatives = type.split(/ or |\|/);
  const isChoice = !type.includes(" or ") && alternatives.every((one) => /^[a-zA-Z-]+\+?$/.test(one));
  if (alternatives.length > 1 && isChoice) return choice(type);
  if (alternatives.length > 1) return { anyOf: alternatives.map((one) => schemaOf(one)) };
  if (type.endsWith("+")) return oneOrMore(schemaOf(type.slice(0, -1)));
  const mapped = /^map\((.+)\)$/.exec(type)?.[1];
  if (mapped !== undefined) {
    return { type: "object", additionalProperties: { anyOf: [schemaOf(mapped), { type: "null" }] } };
  }
  const [, least, most] = /^(\d+) to (\d+)$/.exec(type) ?? [];
  if (least !== undefined) return { type: "integer", minimum: Number(least), maximum: Number(most) };
  if (Object.hasOwn(KEYS, type)) return { $ref: `#/definitions/${type}` };
  if (type === "bool") return { type: "boolean" };
  if (TEXTS.has(type)) return WRITTEN;
  if (/^ref\(\w+\)$/.test(type) || /[A-Z]/.test(type)) return { type: "string" };
  return { const: type };
}

/** Words to choose from; a `+` behind the last is for all of them. */
function choice(type: string): JsonSchema {
  const words = { enum: type.replace(/\+$/, "").split("|") };
  return type.endsWith("+") ? oneOrMore(words) : words;
}

function oneOrMore(one: JsonSchema): JsonSchema {
  return { anyOf: [one, { type: "array", items: one }] };
}
