import { foldLabel } from "../../name/domain-name.ts";
import type { Origin } from "../draft.ts";
import type { Value } from "./value.ts";

/** A resource of Azure, whatever said that it is there: a template, a plan, an export. */
export interface AzureResource {
  /** `Microsoft.Network/privateDnsZones/A`, as written. */
  readonly type: string;
  /** The whole identifier, in the case it was written; made where the source has none yet. */
  readonly id: string;
  /** What it is called, parents first: `[zone, record]`. */
  readonly names: readonly string[];
  readonly location?: string;
  /** The body, with its contents below `properties` or beside them. */
  readonly body: Value;
  readonly origin: Origin;
}

/** What an identifier says. */
export interface ReadId {
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly type: string;
  readonly names: readonly string[];
}

/** Reads `/subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME/…`, of the last provider in it. */
export function readId(id: string): ReadId | undefined {
  const parts = id.split("/").filter((part) => part !== "");
  const provider = parts.map(foldLabel).lastIndexOf("providers");
  const namespace = parts[provider + 1];
  if (provider === -1 || namespace === undefined) return undefined;
  const rest = parts.slice(provider + 2);
  if (rest.length === 0 || rest.length % 2 !== 0) return undefined;
  const after = (word: string): string | undefined => {
    const at = parts.slice(0, provider).map(foldLabel).indexOf(word);
    return at === -1 ? undefined : parts[at + 1];
  };
  const subscription = after("subscriptions");
  const resourceGroup = after("resourcegroups");
  return {
    type: [namespace, ...rest.filter((_part, i) => i % 2 === 0)].join("/"),
    names: rest.filter((_part, i) => i % 2 === 1),
    ...(subscription === undefined ? {} : { subscription }),
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
  };
}

/** The identifier of a resource below a scope. */
export function idOf(scope: string, type: string, names: readonly string[]): string {
  const [namespace = "", ...types] = type.split("/");
  const pairs = types.map((one, i) => `/${one}/${names[i] ?? "unknown"}`).join("");
  return `${scope.replace(/\/+$/, "")}/providers/${namespace}${pairs}`;
}

/** The identifier as others compare it: case does not count, nor a slash at the end. */
export function foldId(id: string): string {
  return foldLabel(id).replace(/\/+$/, "");
}

/** The identifier of what holds it: the zone of a record, the network of a subnet. */
export function parentId(id: string): string {
  return foldId(id).split("/").slice(0, -2).join("/");
}

/** What tells it from others of its name: its resource group, then its subscription. */
export function scopeOf(id: string): string[] {
  const read = readId(id);
  return [read?.resourceGroup, read?.subscription].filter((part) => part !== undefined);
}
