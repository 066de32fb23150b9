import type { Unmapped } from "../draft.ts";
import { type NamedStatement, wordsOf } from "./_named-text.ts";
import { leftOut } from "./_servers-draft.ts";

/** Every statement of a block that no reader looks at: of those that are read, the second and later ones. */
export function tellRest(
  statements: readonly NamedStatement[],
  known: ReadonlySet<string>,
  where: string,
  unmapped: Unmapped[],
): void {
  const seen = new Set<string>();
  for (const statement of statements) {
    const keyword = keywordOf(statement);
    if (!known.has(keyword)) tellOption(statement, where, unmapped, OPTION_REASONS.get(keyword));
    else if (seen.has(keyword)) tellOption(statement, where, unmapped, "one above it is taken");
    seen.add(keyword);
  }
}

/** An option that is not in the model. Where a model behaves so by itself, that is said. */
function tellOption(
  statement: NamedStatement,
  where: string,
  unmapped: Unmapped[],
  reason = "the model has nothing like it",
): void {
  unmapped.push(leftOut(`option ${keywordOf(statement)}`, `${where}: ${textOf(statement)}`, statement.span, reason));
}

const OPTION_REASONS: ReadonlyMap<string, string> = new Map([
  ["match-destinations", "a view is chosen by who asks; give each address a listener of its own"],
  ["recursion", "whoever asks is answered"],
  ["allow-query", "whoever asks is answered"],
  ["allow-recursion", "whoever asks is answered"],
  ["allow-query-cache", "whoever asks is answered"],
  ["listen-on", "see the listeners of the topology"],
  ["listen-on-v6", "see the listeners of the topology"],
  ["masters", "the records are taken from the file"],
  ["primaries", "the records are taken from the file"],
  ["response-policy", "answers of a policy are no rules: write them as a ruleset with answers"],
]);

export function valueIn(statements: readonly NamedStatement[], keyword: string): string | undefined {
  const found = statements.find((one) => keywordOf(one) === keyword);
  return found === undefined ? undefined : wordsOf(found)[1];
}

export function keywordOf(statement: NamedStatement): string {
  return wordsOf(statement)[0] ?? "";
}

/** The words of a statement, for reports. */
export function textOf(statement: NamedStatement): string {
  return statement.parts.map((part) => (part.kind === "word" ? part.text : "{ … }")).join(" ");
}
