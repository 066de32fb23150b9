import { foldLabel } from "../../name/domain-name.ts";
import { type SourceSpan, sourceFile } from "../../source/source-file.ts";
import { readJson } from "../azure/read-json.ts";
import { numberOf, ownField, unknownIn, type Value } from "../azure/value.ts";
import { type Expression, isExpression, parseExpression } from "./_expression.ts";
import { asText, listOf, madeGuid, madeUnique, PLAIN_FUNCTIONS } from "./_functions.ts";
import { Making } from "./_making.ts";

/** What holds where an expression stands: the template around it, and the loops it is in. */
export interface Scope {
  readonly template: Surroundings;
  /** The turn of each copy loop, by folded name; `""` is the innermost. */
  readonly copies: ReadonlyMap<string, number>;
  /** What lambdas, and the parameters of user functions, are called with. */
  readonly lambdas: ReadonlyMap<string, Value>;
  readonly parameters?: ReadonlyMap<string, Value>;
}

/** What an expression asks of the template it stands in. */
export interface Surroundings {
  parameter(name: string, make: Making): Value;
  variable(name: string, make: Making): Value;
  /** A function of the deployment and its resources; `undefined` when there is none of the name. */
  call(name: string, args: readonly Value[], make: Making): Value | undefined;
  /** A function that the template declares. */
  userFunction(name: string): { readonly parameters: readonly string[]; readonly output: Value } | undefined;
}

/** Counts what a whole import evaluates: templates are programs, and may be made to run for ever. */
export class Budget {
  /** Whether anything evaluated since it was last set to false holds what is made here instead of by Azure. */
  isMade = false;
  depth = 0;
  private left = 2_000_000;

  spend(): boolean {
    this.left -= 1;
    return this.left >= 0 && this.depth < 250;
  }
}

/** Evaluates values of a template, to their depth. Never throws: what cannot be known is an unknown value with the reason. */
export class Evaluator {
  readonly budget = new Budget();
  /** Reasons why something is unknown, with where it stands; each once. */
  readonly unknown = new Map<string, Value>();
  private readonly parsed = new Map<string, ReturnType<typeof parseExpression>>();

  /** The value with every expression in it replaced by what it comes to. */
  deep(value: Value, scope: Scope): Value {
    switch (value.kind) {
      case "text":
        return this.text(value, scope);
      case "list":
        return { ...value, items: value.items.map((item) => this.deep(item, scope)) };
      case "map":
        return this.map(value, scope);
      case "number":
      case "boolean":
      case "null":
      case "unknown":
        return value;
    }
  }

  /** Repeats `input` of a copy loop: the values of its turns. */
  repeat(loop: Value, scope: Scope, make: Making): Value {
    const count = this.deep(ownField(loop, "count") ?? make.null(), scope);
    const many = numberOf(count);
    const input = ownField(loop, "input");
    const name = foldLabel(asText(ownField(loop, "name")));
    if (count.kind === "unknown") return count;
    if (many === undefined || many < 0 || many > 10_000 || input === undefined)
      return this.tell(make.unknown("a copy loop needs an input, and a count of 0 to 10000"));
    const turns: Value[] = [];
    for (let i = 0; i < many; i++) {
      const copies = new Map(scope.copies).set("", i).set(name, i);
      turns.push(this.deep(input, { ...scope, copies }));
    }
    return make.list(turns);
  }

  private text(value: Value & { kind: "text" }, scope: Scope): Value {
    if (!isExpression(value.text)) return value.text.startsWith("[[") ? { ...value, text: value.text.slice(1) } : value;
    const make = new Making(value.span);
    const parsed = this.parsed.get(value.text) ?? parseExpression(value.text);
    this.parsed.set(value.text, parsed);
    if (parsed.kind === "problem") return this.tell(make.unknown(`the expression cannot be read: ${parsed.message}`));
    return this.expression(parsed.expression, scope, make);
  }

  private map(value: Value & { kind: "map" }, scope: Scope): Value {
    const entries: [string, Value][] = [];
    for (const [key, item] of value.entries) {
      const loops = key === "copy" && item.kind === "list" ? item.items : [];
      if (loops.length > 0 && loops.every((loop) => ownField(loop, "input") !== undefined)) {
        for (const loop of loops)
          entries.push([asText(ownField(loop, "name")), this.repeat(loop, scope, new Making(loop.span))]);
      } else {
        const name = isExpression(key) ? asText(this.text({ kind: "text", text: key, span: item.span }, scope)) : key;
        entries.push([name, this.deep(item, scope)]);
      }
    }
    return { ...value, entries: new Map(entries) };
  }

  private expression(expression: Expression, scope: Scope, make: Making): Value {
    if (!this.budget.spend()) return this.tell(make.unknown("evaluating it takes too long"));
    this.budget.depth += 1;
    const value = this.evaluated(expression, scope, make);
    this.budget.depth -= 1;
    return value.kind === "unknown" ? this.tell(value) : value;
  }

  private evaluated(expression: Expression, scope: Scope, make: Making): Value {
    switch (expression.kind) {
      case "text":
        return make.text(expression.text);
      case "number":
        return make.number(expression.number);
      case "member":
        return this.member(
          this.expression(expression.of, scope, make),
          this.expression(expression.key, scope, make),
          expression.isSafe,
          make,
        );
      case "call":
        return this.call(foldLabel(expression.name), expression.args, scope, make);
    }
  }

  private member(of: Value, key: Value, isSafe: boolean, make: Making): Value {
    if (of.kind === "unknown") return of;
    if (key.kind === "unknown") return key;
    const at = numberOf(key);
    const found = of.kind === "list" && at !== undefined ? of.items[at] : ownField(of, asText(key));
    if (found !== undefined) return found;
    if (of.kind === "map" && of.open !== undefined) return make.unknown(of.open);
    return isSafe ? make.null() : make.unknown(`there is no ${asText(key)} in what it looks into`);
  }

  /** Calls a function by its folded name. Some look at what they need only: what they do not look at may be unknown. */
  private call(name: string, args: readonly Expression[], scope: Scope, make: Making): Value {
    const of = (i: number): Value => {
      const arg = args[i];
      return arg === undefined ? make.null() : this.expression(arg, scope, make);
    };
    switch (name) {
      case "if": {
        const condition = of(0);
        if (condition.kind === "unknown") return condition;
        return condition.kind === "boolean" && condition.is ? of(1) : of(2);
      }
      case "and":
      case "or":
        return this.decided(name, args, scope, make);
      case "coalesce": {
        for (let i = 0; i < args.length; i++) {
          const value = of(i);
          if (value.kind !== "null") return value;
        }
        return make.null();
      }
      case "parameters":
        return scope.parameters?.get(foldLabel(asText(of(0)))) ?? scope.template.parameter(asText(of(0)), make);
      case "variables":
        return scope.template.variable(asText(of(0)), make);
      case "lambdavariables":
        return scope.lambdas.get(asText(of(0))) ?? make.unknown(`there is no lambda variable ${asText(of(0))}`);
      case "copyindex":
        return this.turn(args, scope, make);
      case "json": {
        const text = of(0);
        return text.kind === "text" ? fromJson(text.text, name, make) : text;
      }
      case "base64tojson": {
        const text = of(0);
        if (text.kind !== "text") return text;
        return fromJson(Buffer.from(text.text, "base64").toString("utf8"), name, make);
      }
      case "tryget": {
        let value = of(0);
        for (let i = 1; i < args.length && value.kind !== "null"; i++) value = this.member(value, of(i), true, make);
        return value;
      }
      case "filter":
      case "map":
      case "mapvalues":
      case "reduce":
      case "sort":
      case "toobject":
      case "groupby":
        return this.higher(name, args, scope, make);
      default:
        return this.plain(
          name,
          args.map((_arg, i) => of(i)),
          scope,
          make,
        );
    }
  }

  private plain(name: string, args: readonly Value[], scope: Scope, make: Making): Value {
    const user = scope.template.userFunction(name);
    if (user !== undefined) {
      const parameters = new Map(user.parameters.map((key, i) => [foldLabel(key), args[i] ?? make.null()]));
      return this.deep(user.output, { ...scope, lambdas: new Map(), copies: new Map(), parameters });
    }
    const unknown = args.find((arg) => arg.kind === "unknown");
    if (unknown !== undefined) return unknown;
    if (name === "uniquestring" || name === "guid") {
      this.budget.isMade = true;
      return make.text(name === "guid" ? madeGuid(args) : madeUnique(args));
    }
    const own = scope.template.call(name, args, make);
    if (own !== undefined) return own;
    const plain = PLAIN_FUNCTIONS.get(name);
    if (plain === undefined) return make.unknown(`the function ${name}() is not one that privlink has`);
    // What is made of a list with something unknown in it is known where the function keeps its items apart.
    if (!KEEPS_APART.has(name)) {
      const inside = args.map(unknownIn).find((found) => found !== undefined);
      if (inside !== undefined) return inside;
    }
    return plain(make, args);
  }

  private decided(name: "and" | "or", args: readonly Expression[], scope: Scope, make: Making): Value {
    let unknown: Value | undefined;
    for (const arg of args) {
      const value = this.expression(arg, scope, make);
      if (value.kind === "boolean" && value.is === (name === "or")) return value;
      if (value.kind === "unknown") unknown ??= value;
    }
    return unknown ?? make.boolean(name === "and");
  }

  private turn(args: readonly Expression[], scope: Scope, make: Making): Value {
    const values = args.map((arg) => this.expression(arg, scope, make));
    const name = values[0]?.kind === "text" ? foldLabel(values[0].text) : "";
    const offset = values.map(numberOf).find((number) => number !== undefined) ?? 0;
    const turn = scope.copies.get(name);
    return turn === undefined ? make.unknown("copyIndex() stands outside a copy loop") : make.number(turn + offset);
  }

  /** Functions that take a lambda: `filter(list, lambda('x', …))`. */
  private higher(name: string, args: readonly Expression[], scope: Scope, make: Making): Value {
    const [first, ...rest] = args;
    const over = first === undefined ? make.null() : this.expression(first, scope, make);
    if (over.kind === "unknown") return over;
    const call = (lambda: Expression | undefined, values: readonly Value[]): Value => {
      if (lambda?.kind !== "call" || foldLabel(lambda.name) !== "lambda")
        return make.unknown(`${name}() needs a lambda`);
      const body = lambda.args.at(-1);
      const names = lambda.args.slice(0, -1).map((arg) => asText(this.expression(arg, scope, make)));
      const lambdas = new Map(scope.lambdas);
      for (const [i, key] of names.entries()) lambdas.set(key, values[i] ?? make.null());
      return body === undefined ? make.null() : this.expression(body, { ...scope, lambdas }, make);
    };
    const all = listOf(over);
    switch (name) {
      case "map":
        return make.list(all.map((item, i) => call(rest[0], [item, make.number(i)])));
      case "filter": {
        const kept = all.map((item, i) => ({ item, keeps: call(rest[0], [item, make.number(i)]) }));
        const unknown = kept.find(({ keeps }) => keeps.kind === "unknown");
        if (unknown !== undefined) return unknown.keeps;
        return make.list(kept.filter(({ keeps }) => keeps.kind === "boolean" && keeps.is).map(({ item }) => item));
      }
      case "reduce": {
        let total = rest[0] === undefined ? make.null() : this.expression(rest[0], scope, make);
        for (const [i, item] of all.entries()) total = call(rest[1], [total, item, make.number(i)]);
        return total;
      }
      case "sort": {
        const before = (a: Value, b: Value): boolean => {
          const is = call(rest[0], [a, b]);
          return is.kind === "boolean" && is.is;
        };
        return make.list([...all].sort((a, b) => (before(a, b) ? -1 : Number(before(b, a)))));
      }
      case "mapvalues":
        return over.kind === "map"
          ? make.map([...over.entries].map(([key, item]) => [key, call(rest[0], [item])]))
          : make.unknown("mapValues() needs an object");
      case "toobject":
        return make.map(
          all.map((item) => [asText(call(rest[0], [item])), rest[1] === undefined ? item : call(rest[1], [item])]),
        );
      default: {
        const groups = new Map<string, Value[]>();
        for (const item of all) {
          const key = asText(call(rest[0], [item]));
          groups.set(key, [...(groups.get(key) ?? []), item]);
        }
        return make.map([...groups].map(([key, members]) => [key, make.list(members)]));
      }
    }
  }

  /** Notes that something is unknown, or only stands for what is. */
  tell(value: Value): Value {
    if (value.kind === "unknown") {
      const key = `${value.span.file.path} ${value.span.start} ${value.reason}`;
      if (!this.unknown.has(key) && this.unknown.size < 10_000) this.unknown.set(key, value);
    }
    return value;
  }
}

/** The value of JSON in a text, all of it where the expression stands. */
function fromJson(text: string, name: "json" | "base64tojson", make: Making): Value {
  const read = readJson(sourceFile(make.span.file.path, text));
  return read.kind === "value"
    ? placedAt(read.value, make.span)
    : make.unknown(`${name}() is given text that is no JSON`);
}

function placedAt(value: Value, span: SourceSpan): Value {
  if (value.kind === "list") return { ...value, span, items: value.items.map((item) => placedAt(item, span)) };
  if (value.kind !== "map") return { ...value, span };
  return { ...value, span, entries: new Map([...value.entries].map(([key, item]) => [key, placedAt(item, span)])) };
}

/** Functions that put values together, or look at one of them: the unknown among them stays where it is. */
const KEEPS_APART: ReadonlySet<string> = new Set([
  "array",
  "createarray",
  "createobject",
  "concat",
  "first",
  "last",
  "length",
  "empty",
  "take",
  "skip",
  "flatten",
  "items",
  "objectkeys",
  "shallowmerge",
  "union",
  "contains",
]);
