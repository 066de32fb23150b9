/** One `import`, `export … from` or `import()` of a source text. */
export interface ImportLine {
  readonly specifier: string;
  /** Nothing of it is left when the types are gone. */
  readonly typesOnly: boolean;
  /** The imported names, as exported there; empty for whole modules and side effects. */
  readonly names: readonly string[];
  /** Counted from 1. */
  readonly line: number;
}

/** Reads the imports of a TypeScript text as this project writes them: at the start of a line, specifiers in double quotes. */
export function importsOf(text: string): ImportLine[] {
  const code = blank(text, "comments");
  const found: ImportLine[] = [];
  const statement = /^(?:import|export)\b([^"'`;]*?)(?:\bfrom\s*)?"([^"\n]+)"/gm;
  for (const match of code.matchAll(statement)) {
    const clause = (match[1] ?? "").trim();
    const names = namesIn(clause);
    const allTypes = names.length > 0 && names.every((name) => name.startsWith("type ")) && clause.startsWith("{");
    found.push({
      specifier: match[2] ?? "",
      typesOnly: clause.startsWith("type ") || allTypes,
      names: names.map((name) => name.replace(/^type\s+/, "").replace(/\s+as\s.*$/, "")),
      line: lineAt(code, match.index),
    });
  }
  for (const match of code.matchAll(/\bimport\s*\(\s*"([^"\n]+)"/g)) {
    found.push({ specifier: match[1] ?? "", typesOnly: false, names: [], line: lineAt(code, match.index) });
  }
  return found;
}

/** Where `pattern`, which must be global, matches code: not in comments, strings or regular expressions. */
export function linesMatching(text: string, pattern: RegExp): { readonly line: number; readonly match: string }[] {
  const code = blank(text, "comments and strings");
  return Array.from(code.matchAll(pattern), (match) => ({ line: lineAt(code, match.index), match: match[0] }));
}

function namesIn(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
  return braces
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** What a token of the text is; strings, templates and regular expressions are tokens so that no quote in them counts. */
const TOKENS = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/,
    /(?<template>`(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)|\}(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{))/,
    /(?<regex>\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "y",
);

/** The text with comments, or these and the insides of strings, made spaces; line endings stay, so offsets and lines do. */
function blank(text: string, what: "comments" | "comments and strings"): string {
  let code = "";
  let depths: number[] = []; // Open braces inside each `${` that is open.
  let before = ""; // The last char that is no space: it tells a regular expression from a division.
  for (let at = 0; at < text.length; ) {
    TOKENS.lastIndex = at;
    const groups = TOKENS.exec(text)?.groups ?? {};
    const char = text.charAt(at);
    const closesTemplate = char === "}" && depths.at(-1) === 0;
    const isTemplate = groups["template"] !== undefined && (char === "`" || closesTemplate);
    const isRegex = groups["regex"] !== undefined && mayStartExpression(before, code);
    const token =
      groups["comment"] ??
      groups["string"] ??
      (isTemplate ? groups["template"] : undefined) ??
      (isRegex ? groups["regex"] : undefined);
    if (token === undefined) {
      if (char === "{" && depths.length > 0) depths = [...depths.slice(0, -1), (depths.at(-1) ?? 0) + 1];
      if (char === "}" && depths.length > 0) depths = [...depths.slice(0, -1), (depths.at(-1) ?? 0) - 1];
      code += char;
      if (char.trim() !== "") before = char;
      at += 1;
      continue;
    }
    if (isTemplate) {
      if (closesTemplate) depths = depths.slice(0, -1);
      if (token.endsWith("${")) depths = [...depths, 0];
    }
    const keep = groups["comment"] === undefined && what === "comments";
    code += keep ? token : token.replace(/[^\n]/g, " ");
    if (groups["comment"] === undefined) before = isTemplate && token.endsWith("${") ? "(" : '"';
    at += token.length;
  }
  return code;
}

/** Whether an expression, not an operator, may stand behind `code`, whose last char that is no space is `before`. */
function mayStartExpression(before: string, code: string): boolean {
  return (
    /^$|[(,=:[!&|?{};+*%<>~^-]/.test(before) || /\b(?:return|case|typeof|await|yield|of|in)\s+$/.test(code.slice(-20))
  );
}
