import { type DomainName, ROOT, sameName } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { RecordTypes } from "../record/record-type.ts";
import { parseSeconds } from "../record/text/number-text.ts";
import { classNumber, typeNumber } from "../record/type-names.ts";
import type { SourceFile } from "../source/source-file.ts";
import { directiveOf, isDirective } from "./_directives.ts";
import { Scanner, type Token } from "./scanner.ts";
import { encodingOf, type ZoneInput } from "./zone-input.ts";

/**
 * Finds which zone a file is of when nothing else says: the owner of its SOA, if that is absolute or stands behind an
 * absolute `$ORIGIN`; otherwise that `$ORIGIN`, if it stands before the first record. `undefined` when the file does not
 * say. Reads no further than it needs, and reports nothing.
 */
export function findOrigin(input: ZoneInput): DomainName | undefined {
  const scanner = new Scanner(input.text);
  const encoding = encodingOf(input);
  let origin: DomainName | undefined;
  while (scanner.next()) {
    const { tokens, indented } = scanner;
    const [first, second] = tokens;
    if (first === undefined) continue;
    if (isDirective(first)) {
      if (directiveOf(first) === "$ORIGIN" && second !== undefined)
        origin = resolve(second, origin, encoding) ?? origin;
      continue;
    }
    if (!indented && typeOf(tokens.slice(1)) === RecordTypes.SOA) return resolve(first, origin, encoding) ?? origin;
    if (origin !== undefined) return sameName(origin, ROOT) ? undefined : origin; // `$ORIGIN .` is there to write whole names.
  }
  return origin;
}

/** The name, if it does not depend on what the file does not say. */
function resolve(
  token: Token,
  origin: DomainName | undefined,
  encoding: SourceFile["encoding"],
): DomainName | undefined {
  if (token.text === "@" && !token.quoted) return origin;
  const parsed = parseName(token.text, origin, encoding);
  if (parsed.kind === "problem" || (!parsed.absolute && origin === undefined)) return undefined;
  return parsed.name;
}

/** The type of a record, past its TTL and class. */
function typeOf(tokens: readonly Token[]): number | undefined {
  for (const { text, quoted } of tokens.slice(0, 3)) {
    const type = quoted ? undefined : typeNumber(text);
    if (type !== undefined) return type;
    if (parseSeconds(text) === undefined && classNumber(text) === undefined) return undefined;
  }
  return undefined;
}
