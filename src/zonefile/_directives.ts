/** `$ORIGIN`, `$TTL` and what all directives share; `$INCLUDE` and `$GENERATE` have files of their own. */
import { formatName } from "../name/name-text.ts";
import { nearest } from "../name/nearest.ts";
import { showText } from "../record/text/string-text.ts";
import { readTtl } from "./_entry.ts";
import { behind, nameOf, type Run, report } from "./_run.ts";
import type { Token } from "./scanner.ts";

/** What a directive is written as; `$DATE` of old servers is none. */
const DIRECTIVES = ["$ORIGIN", "$TTL", "$INCLUDE", "$GENERATE"] as const;

/** The word that may be quoted. */
export const PATH = "a file";

export type Directive = (typeof DIRECTIVES)[number];

/** The directive that an entry begins with, in any case; `undefined` for one that does not exist. */
export function directiveOf(token: Token): Directive | undefined {
  const upper = token.text.toUpperCase();
  return DIRECTIVES.find((directive) => directive === upper);
}

/** Whether an entry is a directive, known or not: an owner that begins with `$` is written `\$`. */
export function isDirective(token: Token): boolean {
  return !token.quoted && token.text.charCodeAt(0) === 0x24;
}

export function reportUnknownDirective(run: Run, token: Token): void {
  const near = nearest(token.text, DIRECTIVES);
  const hint = near === undefined ? "an owner that begins with $ is written \\$" : `did you mean ${near}?`;
  report(run, "zonefile/unknown-directive", `${showText(token.text)} is no directive`, token, { hint });
}

/** `$ORIGIN name`: what names without a trailing dot are completed with from here on. */
export function readOrigin(run: Run, tokens: readonly Token[]): void {
  const name = argument(run, tokens, 1, "a domain name");
  if (name === undefined) return;
  const origin = nameOf(run, name, "origin");
  if (origin === undefined) return;
  run.origin = origin;
  run.firstOrigin ??= origin;
  refuseMore(run, tokens, 2, `$ORIGIN ${formatName(origin)}`);
}

/** `$TTL seconds`: for the records from here on that have none (RFC 2308 §4). */
export function readDefaultTtl(run: Run, tokens: readonly Token[]): void {
  const token = argument(run, tokens, 1, "a TTL");
  if (token === undefined) return;
  run.defaultTtl = readTtl(run, token);
  refuseMore(run, tokens, 2, `$TTL ${showText(token.text)}`);
}

/** The word at `index` of a directive, which is reported when it is missing, or quoted where only a path may be. */
export function argument(run: Run, tokens: readonly Token[], index: number, noun: string): Token | undefined {
  const token = tokens[index];
  const last = tokens[tokens.length - 1];
  const name = (tokens[0]?.text ?? "").toUpperCase();
  if (token === undefined) {
    if (last !== undefined)
      report(run, "zonefile/bad-directive", `${name} needs ${noun}, which is missing`, behind(last));
    return undefined;
  }
  if (!token.quoted || noun === PATH) return token;
  report(run, "zonefile/bad-directive", `${name} needs ${noun} without quotes`, token);
  return undefined;
}

/** Reports the first word that stands behind a complete directive. */
export function refuseMore(run: Run, tokens: readonly Token[], index: number, complete: string): void {
  const token = tokens[index];
  if (token === undefined) return;
  report(run, "zonefile/bad-directive", `${showText(token.text)} stands behind a complete ${complete}`, token, {
    hint: "begin a comment with ;",
  });
}
