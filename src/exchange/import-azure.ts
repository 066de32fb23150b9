import { foldLabel } from "../name/domain-name.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readTemplate } from "./arm/read-template.ts";
import type { AzureResource } from "./azure/azure-resource.ts";
import { mapResources } from "./azure/map-resources.ts";
import { readExport } from "./azure/read-export.ts";
import { readJson } from "./azure/read-json.ts";
import { ownField, type Value } from "./azure/value.ts";
import type { Draft, Unmapped } from "./draft.ts";
import { originText, placeText } from "./origin-text.ts";
import { type PlanSide, readTerraform } from "./terraform/read-terraform.ts";

export type AzureKind = "terraform" | "arm" | "az";

/** What an import has beside its files. */
export interface AzureInputs {
  /** `arm`: files of parameters, later ones over earlier ones. */
  readonly parameters: readonly SourceFile[];
  /** `arm`: the location of the resource group. */
  readonly location?: string;
  /** `terraform`: which side of a plan. */
  readonly side: PlanSide;
}

/** What was found in the files of an estate, or why one of them cannot be read. */
export type ImportedEstate =
  | {
      readonly kind: "imported";
      readonly draft: Draft;
      /** Resources that the files hold, each once. */
      readonly resources: number;
      /** Those of them that are in the draft; each other one is among what is not mapped. */
      readonly mapped: number;
    }
  | { readonly kind: "problem"; readonly message: string };

/** Reads the files of an estate in Azure into a draft. Every resource in them is in the draft, or in what it did not map. */
export function importAzure(kind: AzureKind, files: readonly SourceFile[], inputs: AzureInputs): ImportedEstate {
  const resources: AzureResource[] = [];
  const unmapped: Unmapped[] = [];
  let opened = 0;
  const parameters = parametersOf(inputs.parameters);
  if (parameters.kind === "problem") return parameters;
  for (const file of files) {
    const json = readJson(file);
    if (json.kind === "problem") return json;
    switch (kind) {
      case "az": {
        const read = readExport(json.value);
        resources.push(...read.resources);
        unmapped.push(...read.unmapped);
        break;
      }
      case "terraform": {
        const read = readTerraform(json.value, inputs.side);
        if (read.kind === "problem") return { kind: "problem", message: `${placeOf(read.value)}: ${read.message}` };
        resources.push(...read.resources);
        unmapped.push(...read.unmapped);
        break;
      }
      case "arm": {
        if (ownField(json.value, "resources") === undefined)
          return {
            kind: "problem",
            message: `${placeOf(json.value)}: this is no deployment template: it has no resources`,
          };
        const { location } = inputs;
        const read = readTemplate(json.value, {
          parameters: parameters.values,
          ...(location === undefined ? {} : { location }),
        });
        resources.push(...read.resources);
        unmapped.push(...read.unmapped, ...read.unknown.map(notEvaluated));
        opened += read.opened;
        break;
      }
    }
  }
  const { draft, resources: distinct, mapped } = mapResources(resources);
  const leftOut = unmapped.filter((one) => one.kind === "left-out").length;
  return {
    kind: "imported",
    draft: { ...draft, unmapped: withoutParts([...unmapped, ...draft.unmapped]) },
    resources: distinct + opened + leftOut,
    mapped: mapped + opened,
  };
}

/** Of what is left out nothing is there in part. */
function withoutParts(unmapped: readonly Unmapped[]): readonly Unmapped[] {
  const key = ({ what, origin }: Unmapped): string => `${what} ${originText(origin)}`;
  const left = new Set(unmapped.filter(({ kind }) => kind === "left-out").map(key));
  return unmapped.filter((one) => one.kind === "left-out" || !left.has(key(one)));
}

function notEvaluated(value: Value): Unmapped {
  const reason = value.kind === "unknown" ? value.reason : "it could not be evaluated";
  return { kind: "partial", what: "expression", origin: { text: "an expression", place: value.span }, reason };
}

function placeOf(value: Value): string {
  return placeText({ text: "", place: value.span });
}

/** Values of parameter files: `parameters.NAME.value`, with or without the words around; a secret kept elsewhere is unknown. */
function parametersOf(
  files: readonly SourceFile[],
):
  | { readonly kind: "values"; readonly values: ReadonlyMap<string, Value> }
  | { readonly kind: "problem"; readonly message: string } {
  const values = new Map<string, Value>();
  for (const file of files) {
    const json = readJson(file);
    if (json.kind === "problem") return json;
    const entries = ownField(json.value, "parameters") ?? json.value;
    if (entries.kind !== "map")
      return {
        kind: "problem",
        message: `${placeOf(json.value)}: this is no file of parameters: an object is expected`,
      };
    for (const [name, entry] of entries.entries) {
      if (name === "$schema" || name === "contentVersion") continue;
      const unknown: Value = {
        kind: "unknown",
        reason: `the parameter ${name} is a secret that is kept elsewhere`,
        span: entry.span,
      };
      values.set(
        foldLabel(name),
        ownField(entry, "value") ?? (ownField(entry, "reference") === undefined ? entry : unknown),
      );
    }
  }
  return { kind: "values", values };
}
