import type { RdataLayout } from "../field/field.ts";
import { decompressedName } from "../field/name.ts";
import { u16 } from "../field/number.ts";
import { characterString, checkedString } from "../field/string.ts";

/** NAPTR (RFC 3403 §4.1); old senders compressed its name (RFC 3597 §4). */
export const naptr: RdataLayout = [
  u16("an order"),
  u16("a preference"),
  characterString("flags"),
  characterString("services"),
  checkedString(
    "a regular expression",
    'a regular expression like "!^.*$!sip:me@example.com!", or an empty one',
    isRule,
  ),
  decompressedName("a replacement"),
];

/**
 * Whether it is nothing or `DELIMITER EXPRESSION DELIMITER REPLACEMENT DELIMITER [i]`, with no reference to a group that
 * the expression has not (RFC 3402 §3.2).
 */
function isRule(text: string): boolean {
  if (text === "") return true;
  const delimiter = text.charAt(0);
  if (/[0-9i\\\0]/.test(delimiter)) return false;
  const parts = splitUnescaped(text.slice(1), delimiter);
  const [expression = "", replacement = "", flags = ""] = parts;
  if (parts.length !== 3 || expression === "" || !["", "i"].includes(flags)) return false;
  const groups = countGroups(expression);
  return groups !== undefined && references(replacement).every((group) => group >= 1 && group <= groups);
}

/** Splits at a delimiter that no `\` stands before; what is escaped stays so. */
function splitUnescaped(text: string, delimiter: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === delimiter) {
      parts.push(part);
      part = "";
    } else if (char === "\\") {
      i += 1;
      part += char + text.charAt(i);
    } else {
      part += char;
    }
  }
  return [...parts, part];
}

/** How many groups a POSIX extended expression has; `undefined` when its parentheses or brackets do not match. */
function countGroups(expression: string): number | undefined {
  let groups = 0;
  let open = 0;
  for (let i = 0; i < expression.length; i++) {
    switch (expression.charAt(i)) {
      case "\\":
        i += 1;
        if (i === expression.length) return undefined;
        break;
      case "[": {
        // A `]` that comes first, or first after `^`, is one of the characters.
        const end = expression.indexOf("]", i + (expression.charAt(i + 1) === "^" ? 3 : 2));
        if (end === -1) return undefined;
        i = end;
        break;
      }
      case "(":
        groups += 1;
        open += 1;
        break;
      case ")":
        open -= 1;
        if (open < 0) return undefined;
        break;
    }
  }
  return open === 0 ? groups : undefined;
}

function references(replacement: string): number[] {
  const escapes = replacement.matchAll(/\\(.)/gs);
  return [...escapes].flatMap(([, char = ""]) => (/[0-9]/.test(char) ? [Number.parseInt(char, 10)] : []));
}
