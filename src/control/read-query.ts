import { nearest } from "../name/nearest.ts";
import type { Parameter } from "./route.ts";

/** Characters of one field: a name has at most 1,000 or so, escaped octet by octet. */
const MAX_CHARACTERS = 2000;
/** Fields with one name. */
const MAX_REPEATED = 100;

/** Reads the query of a request against the table of its route; the sentence of what is wrong with it. */
export function readQuery(text: string, parameters: readonly Parameter[]): URLSearchParams | string {
  const query = new URLSearchParams(text);
  const names = parameters.map(({ name }) => name);
  const strange = [...query.keys()].find((name) => !names.includes(name));
  if (strange !== undefined) return unknownField(strange, names);
  for (const parameter of parameters) {
    const wrong = wrongWith(parameter, query.getAll(parameter.name));
    if (wrong !== undefined) return wrong;
  }
  return query;
}

function unknownField(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (known.length === 0) return `${JSON.stringify(name)} is no field here: leave it out, there are none`;
  return `${JSON.stringify(name)} is no field here: ${near === undefined ? `there are ${known.join(", ")}` : `did you mean ${near}?`}`;
}

function wrongWith(
  { name, describe, required = false, repeatable = false, form = "text" }: Parameter,
  values: readonly string[],
): string | undefined {
  if (values.length === 0) return required ? `${name} is missing: ${describe}` : undefined;
  if (values.length > 1 && !repeatable) return `${name} stands ${values.length} times: say it once`;
  if (values.length > MAX_REPEATED) return `${name} stands ${values.length} times: at most ${MAX_REPEATED}`;
  if (values.some((value) => value.length > MAX_CHARACTERS)) return `${name} is over ${MAX_CHARACTERS} characters`;
  const strange = form === "count" ? values.find((value) => !/^\d{1,9}$/.test(value)) : undefined;
  return strange === undefined ? undefined : `${name}: ${JSON.stringify(strange)} is no number of at most nine digits`;
}
