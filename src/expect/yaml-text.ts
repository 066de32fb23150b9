/** Texts that need no quotes in YAML, in a flow collection or out of it, and mean themselves to every reader. */
const PLAIN = /^[A-Za-z0-9_][\w.@/+-]*$/;
/** And those of them that some reader takes for something else. */
const MEANS_MORE = /^(?:y|n|yes|no|on|off|true|false|null|[0-9]+(?:\.[0-9]*)?(?:e[0-9]+)?|0x[0-9a-f]+)$/i;
/** A line longer than this is written as a block. */
const MAX_LINE = 120;

/** A value as YAML writes it in a flow collection. */
export type YamlValue = string | number | readonly string[] | { readonly [key: string]: number };

/** A text, quoted where it must be. */
function yamlText(text: string): string {
  return PLAIN.test(text) && !MEANS_MORE.test(text) ? text : JSON.stringify(text);
}

/** A value on one line; a list of one is its element. */
export function yamlFlow(value: YamlValue): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return yamlText(value);
  if (isList(value)) {
    const [first] = value;
    return value.length === 1 && first !== undefined ? yamlText(first) : `[${value.map(yamlText).join(", ")}]`;
  }
  return `{ ${Object.entries(value)
    .map(([key, number]) => `${key}: ${number}`)
    .join(", ")} }`;
}

/** A map on one line. */
export function yamlFlowMap(entries: readonly (readonly [string, YamlValue])[]): string {
  return `{ ${entries.map(([key, value]) => `${key}: ${yamlFlow(value)}`).join(", ")} }`;
}

/** A map as an item of a list at the start of a line, with its line ending: on one line if it fits. */
export function yamlItem(entries: readonly (readonly [string, YamlValue])[]): string {
  const line = `- ${yamlFlowMap(entries)}\n`;
  if (line.length <= MAX_LINE) return line;
  return entries
    .flatMap(([key, value]) => {
      const flow = `${key}: ${yamlFlow(value)}`;
      return isList(value) && flow.length > MAX_LINE - 2
        ? [`${key}:`, ...value.map((text) => `  - ${yamlText(text)}`)]
        : [flow];
    })
    .map((text, i) => `${i === 0 ? "- " : "  "}${text}\n`)
    .join("");
}

function isList(value: YamlValue): value is readonly string[] {
  return Array.isArray(value);
}
