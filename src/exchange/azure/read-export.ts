import type { Unmapped } from "../draft.ts";
import { type AzureResource, readId } from "./azure-resource.ts";
import { ownField, textOf, type Value } from "./value.ts";

/** What an export holds. */
export interface ReadExport {
  readonly resources: readonly AzureResource[];
  readonly unmapped: readonly Unmapped[];
}

/**
 * Reads what `az … -o json` prints and what the management interface replies: one resource, a list of them, a page
 * (`value`), or the result of a query (`data`), with contents below `properties` or beside them.
 */
export function readExport(value: Value): ReadExport {
  const resources: AzureResource[] = [];
  const unmapped: Unmapped[] = [];
  const leaveOut = (one: Value, text: string, reason: string) => {
    unmapped.push({ kind: "left-out", what: "JSON", origin: { text, place: one.span }, reason });
  };
  const waiting: Value[] = [value];
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    if (one.kind === "list") {
      waiting.unshift(...one.items.slice(0, 100_000));
      continue;
    }
    const id = textOf(ownField(one, "id"));
    const page = id === undefined ? (ownField(one, "value") ?? ownField(one, "data")) : undefined;
    if (page?.kind === "list") {
      const next = textOf(ownField(one, "nextLink"));
      if (next !== undefined) leaveOut(one, "a page", "the list goes on elsewhere: export all of its pages");
      waiting.unshift(page);
      continue;
    }
    const read = id === undefined ? undefined : readId(id);
    if (one.kind !== "map") leaveOut(one, "a value", "it is no resource, but a value by itself");
    else if (id === undefined && ownField(one, "resources") !== undefined)
      leaveOut(one, "a template", "this is a deployment template: import it with privlink import arm");
    else if (id === undefined)
      leaveOut(one, textOf(ownField(one, "name")) ?? "an object", "it has no id, so it is no resource of Azure");
    else if (read === undefined) leaveOut(one, id, "its id names no resource of a provider");
    else {
      const location = textOf(ownField(one, "location"));
      resources.push({
        type: read.type,
        id,
        names: read.names,
        body: one,
        origin: { text: `${read.type} ${read.names.join("/")}`, place: one.span },
        ...(location === undefined ? {} : { location }),
      });
    }
  }
  return { resources, unmapped };
}
