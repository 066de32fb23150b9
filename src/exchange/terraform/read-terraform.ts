import { sourceFile } from "../../source/source-file.ts";
import { type AzureResource, idOf, readId } from "../azure/azure-resource.ts";
import { readJson } from "../azure/read-json.ts";
import { itemsOf, numberOf, ownField, textOf, type UnknownValue, type Value } from "../azure/value.ts";
import type { Unmapped } from "../draft.ts";
import { Configuration, type Instance } from "./_configuration.ts";
import { madeId, RESOURCE_TYPES } from "./_resource-types.ts";

/** What a state or a plan holds, or why it cannot be read. */
export type ReadTerraform =
  | { readonly kind: "resources"; readonly resources: readonly AzureResource[]; readonly unmapped: readonly Unmapped[] }
  | { readonly kind: "problem"; readonly message: string; readonly value: Value };

/** Which side of a plan: what is there before it is applied, or after. */
export type PlanSide = "before" | "after";

const AFTER_APPLY = "it is known after apply";
const MADE_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
/** Modules nest a handful deep. */
const MAX_MODULES = 50;

/** Reads what `terraform show -json` prints of a state or a plan; OpenTofu prints the same. */
export function readTerraform(value: Value, side: PlanSide): ReadTerraform {
  const problem = whyNot(value);
  if (problem !== undefined) return { kind: "problem", message: problem, value };
  const planned = ownField(value, "planned_values");
  const shown =
    planned === undefined
      ? ownField(value, "values")
      : side === "after"
        ? planned
        : ownField(ownField(value, "prior_state"), "values");
  const read = new TerraformReading(value, planned === undefined || side === "before" ? "known" : "planned");
  read.module(ownField(shown, "root_module"), "", 0);
  return { kind: "resources", ...read.result() };
}

/** Why it is no output of `terraform show -json` that we can read. */
function whyNot(value: Value): string | undefined {
  const format = textOf(ownField(value, "format_version"));
  if (format === undefined) {
    if (numberOf(ownField(value, "version")) !== undefined && ownField(value, "lineage") !== undefined)
      return "this is a state file itself, not what is read: run terraform show -json and import what it prints";
    return "this is no output of terraform show -json: it has no format_version";
  }
  if (!/^[01]\.\d+$/.test(format))
    return `its format_version is ${format}, and formats 0.x and 1.x are read: use a Terraform that prints one of them`;
  const isEmpty = ownField(value, "values") === undefined && ownField(value, "planned_values") === undefined;
  return isEmpty && ownField(value, "terraform_version") === undefined
    ? "it holds neither a state nor a plan"
    : undefined;
}

interface Found {
  readonly instance: Instance;
  readonly type: string;
  readonly isData: boolean;
  readonly raw: Value;
  readonly values: Value;
}

/** One run over a state or a plan. */
class TerraformReading {
  private readonly found: Found[] = [];
  private readonly unmapped: Unmapped[] = [];
  private readonly changes = new Map<string, Value>();
  private readonly plan: Value;
  private readonly ids = new Map<string, string | undefined>();
  private byAddress = new Map<string, Found>();
  private configuration: Configuration = new Configuration(undefined, []);

  constructor(plan: Value, kind: "known" | "planned") {
    this.plan = plan;
    if (kind === "known") return;
    for (const change of itemsOf(ownField(plan, "resource_changes"))) {
      const unknown = ownField(ownField(change, "change"), "after_unknown");
      const address = textOf(ownField(change, "address"));
      if (unknown !== undefined && address !== undefined) this.changes.set(address, unknown);
    }
  }

  module(module: Value | undefined, path: string, depth: number): void {
    if (depth > MAX_MODULES) return;
    for (const raw of itemsOf(ownField(module, "resources"))) this.resource(raw, path);
    for (const child of itemsOf(ownField(module, "child_modules")))
      this.module(child, textOf(ownField(child, "address")) ?? path, depth + 1);
  }

  private resource(raw: Value, module: string): void {
    const type = textOf(ownField(raw, "type")) ?? "";
    const address = textOf(ownField(raw, "address")) ?? `${type}.${textOf(ownField(raw, "name")) ?? "unnamed"}`;
    const isData = textOf(ownField(raw, "mode")) === "data";
    const name = `${isData ? "data." : ""}${type}.${textOf(ownField(raw, "name")) ?? ""}`;
    const index = ownField(raw, "index");
    const key = index?.kind === "text" ? `"${index.text}"` : index?.kind === "number" ? String(index.number) : "";
    const instance = { address, module, name, index: key };
    const values = ownField(raw, "values") ?? { kind: "map", entries: new Map(), span: raw.span };
    this.found.push({ instance, type, isData, raw, values });
  }

  result(): { readonly resources: readonly AzureResource[]; readonly unmapped: readonly Unmapped[] } {
    this.configuration = new Configuration(
      ownField(this.plan, "configuration"),
      this.found.map(({ instance }) => instance),
    );
    this.byAddress = new Map(this.found.map((one) => [one.instance.address, one]));
    // What is managed says more than what is read of the same thing.
    const inOrder = [...this.found.filter((one) => !one.isData), ...this.found.filter((one) => one.isData)];
    const resources = inOrder.map((one) => this.azure(one)).filter((one) => one !== undefined);
    return { resources, unmapped: this.unmapped };
  }

  private azure(found: Found): AzureResource | undefined {
    const { instance, type, raw } = found;
    const origin = { text: instance.address, place: raw.span };
    if (type === "azapi_resource") return this.azapi(found);
    const shape = RESOURCE_TYPES.get(type);
    if (shape === undefined) {
      this.unmapped.push({
        kind: "left-out",
        what: type,
        origin,
        reason: "it has no part in names that privlink models",
      });
      return undefined;
    }
    const values = this.completed(found);
    const made = shape(values);
    const location = textOf(ownField(values, "location"));
    return {
      type: made.type,
      names: made.names,
      id: this.idOf(found) ?? madeId(values, made, MADE_SUBSCRIPTION),
      body: made.properties,
      origin,
      ...(location === undefined ? {} : { location }),
    };
  }

  /** `azapi_resource` has the resource as Azure has it, its body as an object or as JSON in a text. */
  private azapi(found: Found): AzureResource | undefined {
    const values = this.completed(found);
    const origin = { text: found.instance.address, place: found.raw.span };
    const type = (textOf(ownField(values, "type")) ?? "").replace(/@.*$/, "");
    const parent = textOf(ownField(values, "parent_id"));
    const written = ownField(values, "body");
    const read = written?.kind === "text" ? readJson(sourceFile(written.span.file.path, written.text)) : undefined;
    const body = read?.kind === "value" ? read.value : (written ?? values);
    const id = textOf(ownField(values, "id"));
    const name = textOf(ownField(values, "name"));
    if (!type.includes("/") || (id === undefined && (parent === undefined || name === undefined))) {
      const reason = "neither its id nor its parent and name are known";
      this.unmapped.push({ kind: "left-out", what: type || "azapi_resource", origin, reason });
      return undefined;
    }
    const whole = id ?? childId(parent ?? "", type, name ?? "");
    const location = textOf(ownField(values, "location"));
    const names = readId(whole)?.names ?? [name ?? ""];
    return { type, names, id: whole, body, origin, ...(location === undefined ? {} : { location }) };
  }

  /** The identifier: its own, or one made of what is known. */
  private idOf(found: Found): string | undefined {
    const { address } = found.instance;
    const own = textOf(ownField(found.values, "id"));
    if (own !== undefined) return own;
    const known = this.ids.get(address);
    if (this.ids.has(address)) return known;
    const shape = RESOURCE_TYPES.get(found.type);
    if (shape === undefined) return undefined;
    this.ids.set(address, undefined); // While it is being made: what refers to itself has none.
    const values = this.completed(found);
    const id = madeId(values, shape(values), MADE_SUBSCRIPTION);
    this.ids.set(address, id);
    return id;
  }

  /** The values, with what is known after apply in its place: an identifier where it is another resource's. */
  private completed(found: Found): Value {
    const unknown = this.changes.get(found.instance.address);
    if (unknown === undefined) return found.values;
    return this.merged(found.values, unknown, this.configuration.expressionsOf(found.instance), found);
  }

  private merged(value: Value, unknown: Value, expression: Value | undefined, found: Found): Value {
    if (unknown.kind === "boolean" && unknown.is) return this.afterApply(unknown, expression, found);
    if (unknown.kind === "map") {
      const entries = new Map(value.kind === "map" ? value.entries : []);
      for (const [key, inner] of unknown.entries) {
        const before = entries.get(key);
        const merged = this.merged(
          before ?? { kind: "null", span: unknown.span },
          inner,
          ownField(expression, key),
          found,
        );
        if (merged.kind !== "null") entries.set(key, merged);
      }
      return entries.size === 0 && value.kind === "null"
        ? value
        : { kind: "map", entries, span: value.kind === "null" ? unknown.span : value.span };
    }
    if (unknown.kind === "list" && unknown.items.length > 0) {
      const blocks = itemsOf(expression);
      const items = itemsOf(value);
      const merged = unknown.items.map((inner, i) =>
        this.merged(
          items[i] ?? { kind: "null", span: unknown.span },
          inner,
          blocks.length > 1 ? blocks[i] : (blocks[0] ?? expression),
          found,
        ),
      );
      return { kind: "list", items: [...merged, ...items.slice(merged.length)], span: value.span };
    }
    return value;
  }

  private afterApply(at: Value, expression: Value | undefined, found: Found): Value {
    const unknown: UnknownValue = { kind: "unknown", reason: AFTER_APPLY, span: found.raw.span };
    const ids = this.configuration.targetsOf(expression, found.instance).map(({ address }) => {
      const target = this.byAddress.get(address);
      return target === undefined ? undefined : this.idOf(target);
    });
    const texts = ids.filter((id) => id !== undefined).map((text): Value => ({ kind: "text", text, span: at.span }));
    const [only] = texts;
    if (only === undefined || texts.length !== ids.length) return unknown;
    return texts.length === 1 ? only : { kind: "list", items: texts, span: at.span };
  }
}

/** The identifier of a resource in its parent, which is a scope or a resource. */
function childId(parent: string, type: string, name: string): string {
  const above = readId(parent);
  return above === undefined
    ? idOf(parent, type, [name])
    : `${parent}/${type.slice(type.lastIndexOf("/") + 1)}/${name}`;
}
