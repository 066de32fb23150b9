import { createHash } from "node:crypto";
import { foldLabel } from "../../name/domain-name.ts";
import { numberOf, ownField, unknownIn, type Value } from "../azure/value.ts";
import { jsonOf, type Making } from "./_making.ts";
import { cidrHost, cidrSubnet, parsedCidr } from "./_prefix-functions.ts";

/** A function of its arguments alone. None of them is unknown: a function of something unknown is unknown. */
export type PlainFunction = (make: Making, args: readonly Value[]) => Value;

/** The functions that depend on nothing but their arguments, by folded name. */
export const PLAIN_FUNCTIONS: ReadonlyMap<string, PlainFunction> = new Map<string, PlainFunction>([
  ["true", (make) => make.boolean(true)],
  ["false", (make) => make.boolean(false)],
  ["null", (make) => make.null()],
  ["not", (make, [a]) => (a?.kind === "boolean" ? make.boolean(!a.is) : wrong(make, "not"))],
  [
    "xor",
    (make, [a, b]) =>
      a?.kind === "boolean" && b?.kind === "boolean" ? make.boolean(a.is !== b.is) : wrong(make, "xor"),
  ],
  ["bool", (make, [a]) => make.boolean(a?.kind === "boolean" ? a.is : /^(?:true|1)$/i.test(asText(a)))],
  ["equals", (make, [a, b]) => make.boolean(a !== undefined && b !== undefined && isEqual(a, b))],
  ["less", compared((order) => order < 0)],
  ["lessorequals", compared((order) => order <= 0)],
  ["greater", compared((order) => order > 0)],
  ["greaterorequals", compared((order) => order >= 0)],
  ["add", numeric((a, b) => a + b)],
  ["sub", numeric((a, b) => a - b)],
  ["mul", numeric((a, b) => a * b)],
  ["div", numeric((a, b) => Math.trunc(a / b))],
  ["mod", numeric((a, b) => a % b)],
  ["int", (make, [a]) => make.number(Math.trunc(Number.parseFloat(asText(a))))],
  ["float", (make, [a]) => make.number(Number.parseFloat(asText(a)))],
  ["min", (make, args) => make.number(Math.min(...numbersOf(args)))],
  ["max", (make, args) => make.number(Math.max(...numbersOf(args)))],
  ["range", rangeOf],
  ["array", (make, [a]) => (a?.kind === "list" ? a : make.list(a === undefined ? [] : [a]))],
  ["createarray", (make, args) => make.list(args)],
  ["createobject", createObject],
  ["concat", concat],
  ["contains", contains],
  ["empty", (make, [a]) => make.boolean(a === undefined || sizeOf(a) === 0)],
  ["length", (make, [a]) => (a === undefined ? wrong(make, "length") : make.number(sizeOf(a)))],
  ["first", (make, [a]) => endOf(make, a, 0)],
  ["last", (make, [a]) => endOf(make, a, -1)],
  ["take", (make, [a, n]) => sliced(make, a, 0, Math.max(0, numberOf(n) ?? 0))],
  ["skip", (make, [a, n]) => sliced(make, a, Math.max(0, numberOf(n) ?? 0))],
  ["substring", substring],
  ["union", union],
  ["intersection", intersection],
  ["flatten", (make, [a]) => make.list(listOf(a).flatMap((one) => (one.kind === "list" ? one.items : [one])))],
  ["items", items],
  [
    "objectkeys",
    (make, [a]) => make.list(a?.kind === "map" ? [...a.entries.keys()].sort().map((key) => make.text(key)) : []),
  ],
  ["shallowmerge", (make, [a]) => make.map(listOf(a).flatMap((one) => (one.kind === "map" ? [...one.entries] : [])))],
  ["indexof", (make, [a, b]) => make.number(indexIn(a, b, "first"))],
  ["lastindexof", (make, [a, b]) => make.number(indexIn(a, b, "last"))],
  ["tolower", (make, [a]) => make.text(asText(a).toLowerCase())],
  ["toupper", (make, [a]) => make.text(asText(a).toUpperCase())],
  ["trim", (make, [a]) => make.text(asText(a).trim())],
  ["string", (make, [a]) => (a === undefined ? wrong(make, "string") : make.text(asText(a)))],
  ["format", format],
  ["join", (make, [a, b]) => make.text(listOf(a).map(asText).join(asText(b)))],
  ["split", split],
  [
    "replace",
    (make, [a, b, c]) =>
      asText(b) === "" ? wrong(make, "replace") : make.text(asText(a).replaceAll(asText(b), () => asText(c))),
  ],
  ["startswith", (make, [a, b]) => make.boolean(foldLabel(asText(a)).startsWith(foldLabel(asText(b))))],
  ["endswith", (make, [a, b]) => make.boolean(foldLabel(asText(a)).endsWith(foldLabel(asText(b))))],
  [
    "padleft",
    (make, [a, n, c]) =>
      make.text(asText(a).padStart(Math.min(numberOf(n) ?? 0, 10_000), c === undefined ? " " : asText(c))),
  ],
  ["base64", (make, [a]) => make.text(Buffer.from(asText(a), "utf8").toString("base64"))],
  ["base64tostring", (make, [a]) => make.text(Buffer.from(asText(a), "base64").toString("utf8"))],
  ["uri", (make, [a, b]) => make.text(`${asText(a).replace(/\/+$/, "")}/${asText(b).replace(/^\/+/, "")}`)],
  [
    "uricomponent",
    (make, [a]) => make.text(new URLSearchParams([[asText(a), ""]]).toString().slice(0, -1).replaceAll("+", "%20")),
  ],
  ["uricomponenttostring", uriComponentToString],
  ["parsecidr", (make, [a]) => parsedCidr(asText(a), make) ?? wrong(make, "parseCidr")],
  [
    "cidrsubnet",
    (make, [a, bits, n]) => cidrSubnet(asText(a), numberOf(bits), numberOf(n), make) ?? wrong(make, "cidrSubnet"),
  ],
  ["cidrhost", (make, [a, n]) => cidrHost(asText(a), numberOf(n), make) ?? wrong(make, "cidrHost")],
]);

/** Thirteen letters of a digest: stable, so that a second import says the same, but not what Azure makes. */
export function madeUnique(args: readonly Value[]): string {
  const digest = createHash("sha256").update(args.map(asText).join("\n")).digest();
  return [...digest.subarray(0, 13)].map((octet) => "abcdefghijklmnopqrstuvwxyz234567".charAt(octet & 31)).join("");
}

/** An identifier of a digest, in the form of RFC 9562. */
export function madeGuid(args: readonly Value[]): string {
  const hex = createHash("sha256").update(args.map(asText).join("\n")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** A scalar as it stands in a text; anything else as JSON. */
export function asText(value: Value | undefined): string {
  switch (value?.kind) {
    case undefined:
    case "null":
    case "unknown":
      return "";
    case "text":
      return value.text;
    case "number":
      return String(value.number);
    case "boolean":
      return value.is ? "True" : "False";
    case "list":
    case "map":
      return jsonOf(value) ?? "";
  }
}

export function listOf(value: Value | undefined): readonly Value[] {
  return value?.kind === "list" ? value.items : [];
}

function wrong(make: Making, name: string): Value {
  return make.unknown(`${name}() cannot be called with what it is given`);
}

/** Two texts are equal in their own case only; anything else by its JSON. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  const left = jsonOf(a);
  return a.kind === b.kind && left !== undefined && left === jsonOf(b);
}

function compared(holds: (order: number) => boolean): PlainFunction {
  return (make, [a, b]) => {
    if (a?.kind === "number" && b?.kind === "number") return make.boolean(holds(a.number - b.number));
    if (a?.kind === "text" && b?.kind === "text")
      return make.boolean(holds(a.text < b.text ? -1 : Number(a.text > b.text)));
    return wrong(make, "a comparison");
  };
}

function numeric(of: (a: number, b: number) => number): PlainFunction {
  return (make, [a, b]) =>
    a?.kind === "number" && b?.kind === "number" ? make.number(of(a.number, b.number)) : wrong(make, "arithmetic");
}

function numbersOf(args: readonly Value[]): number[] {
  return args.flatMap((one) => (one.kind === "list" ? one.items : [one])).map((one) => numberOf(one) ?? Number.NaN);
}

function rangeOf(make: Making, [start, count]: readonly Value[]): Value {
  const from = numberOf(start);
  const many = numberOf(count);
  if (from === undefined || many === undefined || many < 0 || many > 10_000) return wrong(make, "range");
  return make.list(Array.from({ length: Math.trunc(many) }, (_one, i) => make.number(from + i)));
}

function createObject(make: Making, args: readonly Value[]): Value {
  const pairs: [string, Value][] = [];
  for (let i = 0; i + 1 < args.length; i += 2) pairs.push([asText(args[i]), args[i + 1] ?? make.null()]);
  return make.map(pairs);
}

function concat(make: Making, args: readonly Value[]): Value {
  if (args[0]?.kind === "list") return make.list(args.flatMap((one) => (one.kind === "list" ? one.items : [one])));
  return make.text(args.map(asText).join(""));
}

function contains(make: Making, [within, sought]: readonly Value[]): Value {
  if (sought === undefined) return wrong(make, "contains");
  if (within?.kind === "list") {
    if (within.items.some((one) => isEqual(one, sought))) return make.boolean(true);
    return unknownIn(within) ?? make.boolean(false);
  }
  if (within?.kind === "map") {
    if (ownField(within, asText(sought)) !== undefined) return make.boolean(true);
    return within.open === undefined ? make.boolean(false) : make.unknown(within.open);
  }
  return make.boolean(asText(within).includes(asText(sought)));
}

function sizeOf(value: Value): number {
  switch (value.kind) {
    case "list":
      return value.items.length;
    case "map":
      return value.entries.size;
    case "text":
      return value.text.length;
    case "number":
    case "boolean":
    case "null":
    case "unknown":
      return 0;
  }
}

function endOf(make: Making, value: Value | undefined, at: 0 | -1): Value {
  if (value?.kind === "list") return value.items.at(at) ?? make.null();
  return make.text(asText(value).at(at) ?? "");
}

function sliced(make: Making, value: Value | undefined, from: number, to?: number): Value {
  return value?.kind === "list" ? make.list(value.items.slice(from, to)) : make.text(asText(value).slice(from, to));
}

function substring(make: Making, [text, from, length]: readonly Value[]): Value {
  const start = numberOf(from) ?? 0;
  const many = numberOf(length);
  return make.text(asText(text).slice(start, many === undefined ? undefined : start + many));
}

function union(make: Making, args: readonly Value[]): Value {
  if (args[0]?.kind !== "map") {
    const found = new Map<string, Value>();
    for (const one of args.flatMap(listOf)) found.set(jsonOf(one) ?? `unknown ${found.size}`, one);
    return make.list([...found.values()]);
  }
  const merged = new Map<string, Value>();
  for (const one of args) {
    if (one.kind !== "map") continue;
    for (const [key, value] of one.entries) {
      const before = merged.get(key);
      merged.set(key, before?.kind === "map" && value.kind === "map" ? union(make, [before, value]) : value);
    }
  }
  return make.map(merged);
}

function intersection(make: Making, [first, ...others]: readonly Value[]): Value {
  if (first?.kind === "map") {
    const inAll = [...first.entries].filter(([key, value]) =>
      others.every((other) => {
        const same = ownField(other, key);
        return same !== undefined && isEqual(same, value);
      }),
    );
    return make.map(inAll);
  }
  return make.list(
    listOf(first).filter((one) => others.every((other) => listOf(other).some((same) => isEqual(one, same)))),
  );
}

/** The entries of a map as `{ key, value }`, sorted by key. */
function items(make: Making, [value]: readonly Value[]): Value {
  if (value?.kind !== "map") return wrong(make, "items");
  const keys = [...value.entries.keys()].sort();
  return make.list(
    keys.map((key) =>
      make.map([
        ["key", make.text(key)],
        ["value", value.entries.get(key) ?? make.null()],
      ]),
    ),
  );
}

function indexIn(within: Value | undefined, sought: Value | undefined, which: "first" | "last"): number {
  if (within?.kind === "list") {
    const fits = (one: Value) => sought !== undefined && isEqual(one, sought);
    return which === "first" ? within.items.findIndex(fits) : within.items.findLastIndex(fits);
  }
  const text = foldLabel(asText(within));
  return which === "first" ? text.indexOf(foldLabel(asText(sought))) : text.lastIndexOf(foldLabel(asText(sought)));
}

/** `{0}`, `{1,-5}` and `{1:D2}`: of the forms of numbers leading zeros alone. Doubled braces stand for themselves. */
function format(make: Making, [pattern, ...args]: readonly Value[]): Value {
  let problem: string | undefined;
  const text = asText(pattern).replace(
    /\{\{|\}\}|\{(\d+)(?:,(-?\d{1,4}))?(?::([^{}]*))?\}/g,
    (all, index?: string, width?: string, form?: string) => {
      if (index === undefined) return all.charAt(0);
      const value = args[Number.parseInt(index, 10)];
      const zeros = /^[dD](\d{0,2})$/.exec(form ?? "D")?.[1];
      if (value === undefined) problem ??= `format() has no argument {${index}}`;
      if (zeros === undefined) problem ??= `format() knows the form D alone, not ${form}`;
      const shown = asText(value).padStart(Number.parseInt(zeros || "0", 10), "0");
      const columns = Number.parseInt(width ?? "0", 10);
      return columns < 0 ? shown.padEnd(-columns) : shown.padStart(columns);
    },
  );
  return problem === undefined ? make.text(text) : make.unknown(problem);
}

function uriComponentToString(make: Making, [text]: readonly Value[]): Value {
  try {
    return make.text(decodeURIComponent(asText(text)));
  } catch {
    return wrong(make, "uriComponentToString"); // What follows a percent sign are no octets of UTF-8.
  }
}

function split(make: Making, [text, at]: readonly Value[]): Value {
  const separators = at?.kind === "list" ? at.items.map(asText) : [asText(at)];
  let parts = [asText(text)];
  for (const separator of separators) {
    if (separator !== "") parts = parts.flatMap((part) => part.split(separator));
  }
  return make.list(parts.map((part) => make.text(part)));
}
