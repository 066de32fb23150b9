import { foldLabel } from "../../name/domain-name.ts";
import { type AzureResource, foldId, idOf, readId } from "../azure/azure-resource.ts";
import { numberOf, ownField, type Value } from "../azure/value.ts";
import type { Unmapped } from "../draft.ts";
import { Evaluator, type Scope } from "./_evaluate.ts";
import { asText, listOf } from "./_functions.ts";
import { Making } from "./_making.ts";
import { type DeploymentPlace, type Referable, Template } from "./_template.ts";

/** What a template deploys, as far as it can be known without deploying it. */
export interface ReadTemplate {
  readonly resources: readonly AzureResource[];
  /** Resources that are not deployed, or not from here, and what is made here of the rest. */
  readonly unmapped: readonly Unmapped[];
  /** Nested templates that were opened: resources whose contents are among the others. */
  readonly opened: number;
  /** What could not be evaluated, with where it stands. */
  readonly unknown: readonly Value[];
}

export interface TemplateInputs {
  /** Values by folded name, as a parameter file has them. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Of the resource group. */
  readonly location?: string;
}

/** What identifiers are made with: a template does not say where it is deployed. */
export const MADE_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
const MADE_GROUP = "rg";

/** Reads a deployment template (JSON, or what Bicep makes): every resource it would deploy, in the order it stands. */
export function readTemplate(body: Value, { parameters, location }: TemplateInputs): ReadTemplate {
  const schema = asText(ownField(body, "$schema"));
  const isGroup = !/(?:subscription|managementGroup|tenant)DeploymentTemplate/i.test(schema);
  const place: DeploymentPlace = {
    name: "main",
    subscription: MADE_SUBSCRIPTION,
    ...(isGroup ? { resourceGroup: MADE_GROUP } : {}),
    ...(location === undefined ? {} : { location }),
  };
  const reading = new TemplateReading();
  reading.open(new Template(reading.evaluator, body, place, (name) => parameters.get(foldLabel(name))), 0);
  return reading.result();
}

/** A resource as declared: one turn of its loop. */
interface Declared extends Referable {
  readonly raw: Value;
  readonly names: readonly string[];
  readonly scope: Scope;
  /** The nested template of a deployment that has one here. */
  readonly inner?: Template;
}

/** Templates nest some three deep. */
const MAX_NESTED = 20;

/** One run over a template and those in it. */
class TemplateReading {
  readonly evaluator = new Evaluator();
  private readonly resources: AzureResource[] = [];
  private readonly unmapped: Unmapped[] = [];
  private readonly existing: { readonly id: string; readonly entry: Unmapped }[] = [];
  private opened = 0;

  result(): ReadTemplate {
    const ids = new Set(this.resources.map(({ id }) => foldId(id)));
    const missing = this.existing.filter(({ id }) => !ids.has(foldId(id))).map(({ entry }) => entry);
    const { resources, opened } = this;
    return {
      resources,
      unmapped: [...this.unmapped, ...missing],
      opened,
      unknown: [...this.evaluator.unknown.values()],
    };
  }

  open(template: Template, depth: number): void {
    const declared: Declared[] = [];
    this.declare(ownField(template.body, "resources"), template, template.scope, undefined, depth, declared);
    template.referables = declared;
    for (const one of declared) this.take(one, depth);
  }

  /** Finds the resources of a list, or of a map of symbolic names, with those that stand inside them. */
  private declare(
    list: Value | undefined,
    template: Template,
    scope: Scope,
    parent: Declared | undefined,
    depth: number,
    into: Declared[],
  ): void {
    const all: readonly (readonly [string | undefined, Value])[] =
      list?.kind === "map" ? [...list.entries] : listOf(list).map((raw) => [undefined, raw] as const);
    for (const [symbol, raw] of all) {
      for (const turn of this.turnsOf(raw, scope)) {
        const one = this.declaredOf(raw, symbol, template, turn, parent, depth);
        if (one === undefined) continue;
        into.push(one);
        this.declare(ownField(raw, "resources"), template, turn, one, depth, into);
      }
    }
  }

  /** The scopes of the turns of a loop; one where there is none. What is not deployed at all is told. */
  private turnsOf(raw: Value, scope: Scope): Scope[] {
    const copy = ownField(raw, "copy");
    if (!isThere(copy)) return [scope];
    const make = new Making(copy.span);
    const name = foldLabel(asText(ownField(copy, "name")));
    const count = this.evaluator.deep(ownField(copy, "count") ?? make.null(), scope);
    const many = numberOf(count);
    if (many === undefined || many < 0 || many > 10_000) {
      const why = count.kind === "unknown" ? count.reason : "its count is no number of 0 to 10000";
      this.leaveOut(raw, `how often it is deployed is not known: ${why}`);
      return [];
    }
    if (many === 0) this.leaveOut(raw, "its loop has no turns");
    return Array.from({ length: Math.trunc(many) }, (_one, i) => ({
      ...scope,
      copies: new Map(scope.copies).set("", i).set(name, i),
    }));
  }

  private declaredOf(
    raw: Value,
    symbol: string | undefined,
    template: Template,
    scope: Scope,
    parent: Declared | undefined,
    depth: number,
  ): Declared | undefined {
    const { evaluator } = this;
    const declaredType = asText(ownField(raw, "type"));
    if (declaredType === "") {
      this.leaveOut(raw, "it has no type");
      return undefined;
    }
    const isChild = parent !== undefined && !declaredType.includes(".");
    const type = isChild ? `${parent.type}/${declaredType}` : declaredType;
    const make = new Making(raw.span);
    const loop = isThere(ownField(raw, "copy")) ? scope.copies.get("") : undefined;
    const before = evaluator.budget.isMade;
    evaluator.budget.isMade = false;
    const named = evaluator.deep(ownField(raw, "name") ?? make.null(), scope);
    const isMade = evaluator.budget.isMade;
    evaluator.budget.isMade = before;
    const text = named.kind === "text" ? named.text : "";
    const own =
      named.kind === "unknown" ? [`unknown-${declaredType.split("/").at(-1)}-${raw.span.start}`] : text.split("/");
    const names = isChild ? [...parent.names, ...own] : own;
    const id = this.identify(raw, type, names, template, scope);
    const name = names.join("/");
    if (named.kind === "unknown") this.partial(raw, type, name, `its name is not known: ${named.reason}`);
    else if (isMade)
      this.partial(
        raw,
        type,
        name,
        "a part of its name is made here: uniqueString() and guid() give other text in Azure",
      );
    let body: Value | "evaluating" | undefined;
    const inner =
      foldLabel(type) === "microsoft.resources/deployments"
        ? this.nested(raw, template, scope, name, depth)
        : undefined;
    return {
      raw,
      names,
      scope,
      id,
      type,
      name,
      ...(symbol === undefined ? {} : { symbol }),
      ...(loop === undefined ? {} : { turn: loop }),
      body: () => {
        if (body === "evaluating") return make.unknown(`${name} refers to itself`);
        if (body !== undefined) return body;
        body = "evaluating";
        const made = this.bodyOf(raw, scope);
        body = made;
        return made;
      },
      ...(inner === undefined ? {} : { inner, outputs: () => inner.outputs(make) }),
    };
  }

  /** What counts of a resource: its tags and dependencies have no part in names. */
  private bodyOf(raw: Value, scope: Scope): Value {
    const keys = ["location", "properties", "identity", "kind", "sku"];
    const make = new Making(raw.span);
    return make.map(
      keys.flatMap((key) => {
        const value = ownField(raw, key);
        return value === undefined ? [] : [[key, this.evaluator.deep(value, scope)] as const];
      }),
    );
  }

  private identify(raw: Value, type: string, names: readonly string[], template: Template, scope: Scope): string {
    const written = ownField(raw, "scope");
    const evaluated = written === undefined ? undefined : this.evaluator.deep(written, scope);
    const { subscription, resourceGroup } = template.place;
    const text = (key: string): string | undefined => {
      const value = ownField(raw, key);
      const found = value === undefined ? undefined : this.evaluator.deep(value, scope);
      return found?.kind === "text" ? found.text : undefined;
    };
    const group = text("resourceGroup") ?? resourceGroup;
    const home = `/subscriptions/${text("subscriptionId") ?? subscription}${group === undefined ? "" : `/resourceGroups/${group}`}`;
    const target = evaluated?.kind === "text" ? evaluated.text : undefined;
    // A scope of its own: a resource that it extends, or (for what exists already) where it is.
    const base = target === undefined ? home : target.startsWith("/") ? target : `${home}/providers/${target}`;
    return idOf(base, type, names);
  }

  private nested(raw: Value, template: Template, scope: Scope, name: string, depth: number): Template | undefined {
    const properties = ownField(raw, "properties");
    const body = ownField(properties, "template");
    if (body?.kind !== "map" || depth >= MAX_NESTED) return undefined;
    const { evaluator } = this;
    const text = (key: string): string | undefined => {
      const value = ownField(raw, key);
      const found = value === undefined ? undefined : evaluator.deep(value, scope);
      return found?.kind === "text" ? found.text : undefined;
    };
    const resourceGroup = text("resourceGroup") ?? template.place.resourceGroup;
    const location = template.place.location ?? text("location");
    const place: DeploymentPlace = {
      name,
      subscription: text("subscriptionId") ?? template.place.subscription,
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      ...(location === undefined ? {} : { location }),
    };
    const isInner =
      foldLabel(asText(ownField(ownField(properties, "expressionEvaluationOptions"), "scope"))) === "inner";
    const given = (parameter: string): Value | undefined => {
      const entry = ownField(ownField(properties, "parameters"), parameter);
      if (entry === undefined) return undefined;
      const value = ownField(entry, "value");
      const make = new Making(entry.span);
      if (value === undefined) return make.unknown(`the parameter ${parameter} is a secret that is kept elsewhere`);
      return evaluator.deep(value, scope);
    };
    return new Template(evaluator, body, place, given, isInner ? undefined : { template, copies: scope.copies });
  }

  private take(one: Declared, depth: number): void {
    const { raw, type, name, id, scope, inner } = one;
    const existing = ownField(raw, "existing");
    if (existing?.kind === "boolean" && existing.is) {
      const reason = "it exists already, and is not deployed here: import what says more of it beside this";
      this.existing.push({ id, entry: { kind: "left-out", what: type, origin: originOf(raw, type, name), reason } });
      return;
    }
    const condition = ownField(raw, "condition");
    const holds = condition === undefined ? undefined : this.evaluator.deep(condition, scope);
    if (holds?.kind === "boolean" && !holds.is) return this.leaveOut(raw, "its condition is false", type, name);
    if (holds?.kind === "unknown")
      this.partial(raw, type, name, `whether it is deployed is not known, it is taken as deployed: ${holds.reason}`);
    if (inner !== undefined) {
      this.opened += 1;
      return this.open(inner, depth + 1);
    }
    if (foldLabel(type) === "microsoft.resources/deployments") {
      const link =
        ownField(ownField(ownField(raw, "properties"), "templateLink"), "uri") ??
        ownField(ownField(ownField(raw, "properties"), "templateLink"), "relativePath");
      const where = link === undefined ? "" : `: ${asText(this.evaluator.deep(link, scope)) || asText(link)}`;
      return this.leaveOut(raw, `its template is not in this file${where}; import it by itself`, type, name);
    }
    const body = one.body();
    const location = ownField(body, "location");
    this.resources.push({
      type,
      id,
      names: readId(id)?.names ?? one.names,
      body,
      origin: originOf(raw, type, name),
      ...(location?.kind === "text" ? { location: location.text } : {}),
    });
  }

  private leaveOut(raw: Value, reason: string, type?: string, name?: string): void {
    const what = type ?? (asText(ownField(raw, "type")) || "resource");
    const origin = originOf(raw, what, name ?? asText(ownField(raw, "name")));
    this.unmapped.push({ kind: "left-out", what, origin, reason });
  }

  private partial(raw: Value, type: string, name: string, reason: string): void {
    this.unmapped.push({ kind: "partial", what: type, origin: originOf(raw, type, name), reason });
  }
}

function isThere(value: Value | undefined): value is Value {
  return value !== undefined && value.kind !== "null";
}

function originOf(raw: Value, type: string, name: string): AzureResource["origin"] {
  return { text: `${type} ${name}`, place: raw.span };
}
