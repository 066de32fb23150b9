import { foldLabel } from "../../name/domain-name.ts";
import { foldId, idOf, readId } from "../azure/azure-resource.ts";
import { ownField, type Value } from "../azure/value.ts";
import { environmentOf } from "./_environment.ts";
import type { Evaluator, Scope, Surroundings } from "./_evaluate.ts";
import { asText, listOf } from "./_functions.ts";
import { Making } from "./_making.ts";

/** Where a template is deployed. */
export interface DeploymentPlace {
  readonly name: string;
  readonly subscription: string;
  /** Absent: to a whole subscription, or above it. */
  readonly resourceGroup?: string;
  /** Of the resource group. */
  readonly location?: string;
}

/** A resource of a template that expressions may refer to. */
export interface Referable {
  /** Its name in a template with symbolic names. */
  readonly symbol?: string;
  /** Which turn of its loop it is, counted from 0; absent where it has no loop. */
  readonly turn?: number;
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** What it is, evaluated when first asked for. */
  body(): Value;
  /** What a deployment gives back; absent for any other resource. */
  outputs?(): Value;
}

/** A value that is being evaluated, has been, or not yet. */
type Slot =
  | { readonly kind: "evaluating" }
  | { readonly kind: "value"; readonly value: Value; readonly isMade: boolean };

/** Where a nested template stands that is evaluated in the scope of the one around it. */
export interface OuterScope {
  readonly template: Template;
  /** The turns of the loops around it. */
  readonly copies: Scope["copies"];
}

const DEPLOYED = "it is known once it is deployed";

/** One template, nested or not: what its expressions mean. Parameters, variables and outputs are evaluated when asked for. */
export class Template implements Surroundings {
  readonly place: DeploymentPlace;
  readonly body: Value;
  /** Set once its resources are known by name. */
  referables: readonly Referable[] | undefined;
  private readonly evaluator: Evaluator;
  private readonly given: (name: string) => Value | undefined;
  private readonly slots = new Map<string, Slot>();
  /** Where it stands in the template around it, whose words and loops it uses: it has no scope of its own. */
  private readonly outer: OuterScope | undefined;

  constructor(
    evaluator: Evaluator,
    body: Value,
    place: DeploymentPlace,
    given: (name: string) => Value | undefined,
    outer?: OuterScope,
  ) {
    this.evaluator = evaluator;
    this.body = body;
    this.place = place;
    this.given = given;
    this.outer = outer;
  }

  /** Where expressions stand outside of any loop of its own. */
  get scope(): Scope {
    return { template: this, copies: this.outer?.copies ?? new Map(), lambdas: new Map() };
  }

  parameter(name: string, make: Making): Value {
    if (this.outer !== undefined) return this.outer.template.parameter(name, make);
    return this.once(`parameter ${foldLabel(name)}`, make, () => {
      const declared = ownField(ownField(this.body, "parameters"), name);
      const given = this.given(name);
      if (given !== undefined) return given;
      const byDefault = ownField(declared, "defaultValue");
      if (byDefault !== undefined) return this.evaluator.deep(byDefault, this.scope);
      if (ownField(declared, "nullable")?.kind === "boolean") return make.null();
      const at = new Making(declared?.span ?? make.span);
      if (declared === undefined) return at.unknown(`there is no parameter ${name}`);
      // A name that nobody gave holds what is named by it together all the same: its own stands for it, and that is told.
      const mayBeName =
        foldLabel(asText(ownField(declared, "type"))) === "string" && ownField(declared, "allowedValues") === undefined;
      if (!mayBeName || /location|region/i.test(name))
        return at.unknown(`the parameter ${name} has no value: give it with --parameters`);
      this.evaluator.tell(
        at.unknown(`the parameter ${name} has no value, its own name stands for it: give it with --parameters`),
      );
      return at.text(name);
    });
  }

  variable(name: string, make: Making): Value {
    if (this.outer !== undefined) return this.outer.template.variable(name, make);
    return this.once(`variable ${foldLabel(name)}`, make, () => {
      const variables = ownField(this.body, "variables");
      const loop = listOf(ownField(variables, "copy")).find(
        (one) => foldLabel(asText(ownField(one, "name"))) === foldLabel(name),
      );
      if (loop !== undefined) return this.evaluator.repeat(loop, this.scope, make);
      const declared = ownField(variables, name);
      return declared === undefined
        ? make.unknown(`there is no variable ${name}`)
        : this.evaluator.deep(declared, this.scope);
    });
  }

  /** Every output as `{ type, value }`, each evaluated here: a caller looks at few of them. */
  outputs(make: Making): Value {
    const outputs = ownField(this.body, "outputs");
    if (outputs?.kind !== "map") return make.map([], DEPLOYED);
    return make.map(
      [...outputs.entries].map(([name, output]) => {
        const value = this.once(`output ${foldLabel(name)}`, make, () => {
          const loop = ownField(output, "copy");
          if (loop !== undefined) return this.evaluator.repeat(loop, this.scope, make);
          return this.evaluator.deep(ownField(output, "value") ?? make.null(), this.scope);
        });
        return [name, make.map([["value", value]])];
      }),
    );
  }

  userFunction(name: string): { readonly parameters: readonly string[]; readonly output: Value } | undefined {
    if (this.outer !== undefined) return this.outer.template.userFunction(name);
    for (const group of listOf(ownField(this.body, "functions"))) {
      const namespace = foldLabel(asText(ownField(group, "namespace")));
      if (!name.startsWith(`${namespace}.`)) continue;
      const member = ownField(ownField(group, "members"), name.slice(namespace.length + 1));
      const output = ownField(ownField(member, "output"), "value");
      if (output === undefined) continue;
      return { parameters: listOf(ownField(member, "parameters")).map((one) => asText(ownField(one, "name"))), output };
    }
    return undefined;
  }

  call(name: string, args: readonly Value[], make: Making): Value | undefined {
    const place = this.placeOfExpressions();
    const subscription = `/subscriptions/${place.subscription}`;
    switch (name) {
      case "resourceid":
        return make.text(this.resourceId(args.map(asText), place));
      case "subscriptionresourceid": {
        const [first = "", ...rest] = args.map(asText);
        return make.text(
          first.includes("/")
            ? idOf(subscription, first, rest)
            : idOf(`/subscriptions/${first}`, rest[0] ?? "", rest.slice(1)),
        );
      }
      case "tenantresourceid":
      case "managementgroupresourceid":
        return make.text(idOf("", asText(args[0]), args.slice(1).map(asText)));
      case "extensionresourceid":
        return make.text(idOf(asText(args[0]), asText(args[1]), args.slice(2).map(asText)));
      case "resourcegroup":
        return this.group(place, make);
      case "subscription":
        return make.map(
          [
            ["id", make.text(subscription)],
            ["subscriptionId", make.text(place.subscription)],
          ],
          DEPLOYED,
        );
      case "tenant":
      case "managementgroup":
        return make.map([], DEPLOYED);
      case "deployment":
        return make.map(
          [
            ["name", make.text(place.name)],
            ...(place.location === undefined ? [] : [["location", make.text(place.location)] as const]),
          ],
          DEPLOYED,
        );
      case "environment":
        return environmentOf(make);
      case "reference":
        return this.reference(asText(args[0]), foldLabel(asText(args[2] ?? args[1])) === "full", make);
      case "references":
        return make.list(this.named(asText(args[0])).map((one) => bodyOf(one, false, make)));
      case "resourceinfo": {
        const [found] = this.named(asText(args[0]));
        if (found === undefined) return make.unknown(`there is no resource ${asText(args[0])}`);
        const { id, name: own, type } = found;
        return make.map(
          [
            ["id", make.text(id)],
            ["name", make.text(own)],
            ["type", make.text(type)],
          ],
          DEPLOYED,
        );
      }
      case "utcnow":
      case "newguid":
      case "datetimeadd":
      case "datetimefromepoch":
      case "providers":
      case "pickzones":
      case "deployer":
        return make.unknown(DEPLOYED);
      default:
        return name.startsWith("list") ? make.unknown(DEPLOYED) : undefined;
    }
  }

  private group(place: DeploymentPlace, make: Making): Value {
    if (place.resourceGroup === undefined) return make.unknown("the template is not deployed to a resource group");
    const known: [string, Value][] = [
      ["id", make.text(`/subscriptions/${place.subscription}/resourceGroups/${place.resourceGroup}`)],
      ["name", make.text(place.resourceGroup)],
    ];
    if (place.location !== undefined) known.push(["location", make.text(place.location)]);
    return make.map(known, "the location of the resource group is not known: give it with --location");
  }

  /** `[subscription,] [group,] type, names…`: the type is the first word with a slash. */
  private resourceId(words: readonly string[], place: DeploymentPlace): string {
    const at = words.findIndex((word) => word.includes("/"));
    const before = words.slice(0, Math.max(0, at));
    const group = before.at(-1) ?? place.resourceGroup;
    const subscription = before.length > 1 ? before[0] : place.subscription;
    const scope = `/subscriptions/${subscription}${group === undefined ? "" : `/resourceGroups/${group}`}`;
    return idOf(scope, words[at] ?? "", words.slice(at + 1));
  }

  private reference(to: string, isFull: boolean, make: Making): Value {
    if (this.referables === undefined) return make.unknown("names and counts of resources cannot refer to resources");
    const [found] = this.named(to);
    if (found !== undefined) return bodyOf(found, isFull, make);
    return make.unknown(`${readId(to) === undefined ? to : `the resource ${to}`} is not in this template`);
  }

  /** By symbolic name, `name[0]` for a turn of a loop, by identifier, or by the plain name that older templates use. */
  private named(to: string): readonly Referable[] {
    const all = this.referables ?? [];
    const [, loop, turn] = /^(.+)\[(\d+)\]$/.exec(to) ?? [];
    const bySymbol = all.filter(
      (one) =>
        one.symbol !== undefined &&
        (one.symbol === to || (one.symbol === loop && one.turn !== undefined && String(one.turn) === turn)),
    );
    if (bySymbol.length > 0) return bySymbol;
    const folded = foldId(to);
    const byId = all.filter(({ id }) => foldId(id) === folded);
    const own = byId.length > 0 ? byId : all.filter(({ name }) => foldLabel(name) === folded);
    return own.length > 0 || this.outer === undefined ? own : this.outer.template.named(to);
  }

  /** Where the template is deployed whose words its expressions use. */
  private placeOfExpressions(): DeploymentPlace {
    return this.outer === undefined ? this.place : this.outer.template.placeOfExpressions();
  }

  /** Evaluates at most once; what refers to itself is unknown. Remembers whether something in it is made here. */
  private once(key: string, make: Making, evaluate: () => Value): Value {
    const { budget } = this.evaluator;
    const slot = this.slots.get(key);
    if (slot?.kind === "evaluating") return make.unknown(`the ${key} refers to itself`);
    if (slot !== undefined) {
      budget.isMade ||= slot.isMade;
      return slot.value;
    }
    this.slots.set(key, { kind: "evaluating" });
    const before = budget.isMade;
    budget.isMade = false;
    const value = evaluate();
    this.slots.set(key, { kind: "value", value, isMade: budget.isMade });
    budget.isMade ||= before;
    return value;
  }
}

/** What `reference()` gives: the properties, or the whole resource; what is missing is known once it is deployed. */
function bodyOf(found: Referable, isFull: boolean, make: Making): Value {
  if (found.outputs !== undefined) {
    const properties = make.map([["outputs", found.outputs()]], DEPLOYED);
    return isFull ? make.map([["properties", properties]], DEPLOYED) : properties;
  }
  const body = found.body();
  if (body.kind === "unknown") return body;
  const part = isFull ? body : ownField(body, "properties");
  return part?.kind === "map" ? { ...part, open: DEPLOYED } : make.map([], DEPLOYED);
}
