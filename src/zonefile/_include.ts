/** `$INCLUDE file [origin]` (RFC 1035 §5.1). */
import type { RelatedPlace } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import { showText } from "../record/text/string-text.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";
import { argument, PATH, refuseMore } from "./_directives.ts";
import { nameOf, type Run, report } from "./_run.ts";
import type { Token } from "./scanner.ts";

/** Files in files, the outermost counted. */
const MAX_DEPTH = 16;
/** Files of one run: each level may include the next one twice. */
const MAX_INCLUDED = 10_000;

/** A file to be read in place of the directive. */
export interface Inclusion {
  readonly file: SourceFile;
  readonly from: SourceSpan;
  /** What relative names in it are completed with. */
  readonly origin: DomainName;
}

/** What a directive asks to be read; `undefined` when it cannot be, which is reported. */
export function readInclude(run: Run, tokens: readonly Token[]): Inclusion | undefined {
  const pathToken = argument(run, tokens, 1, PATH);
  if (pathToken === undefined) return undefined;
  const origin = readInnerOrigin(run, tokens);
  refuseMore(run, tokens, 3, "$INCLUDE");
  if (origin === undefined) return undefined;
  const from = run.input.span(pathToken.start, pathToken.end);
  const file = open(run, pathToken, from);
  return file === undefined ? undefined : { file, from, origin };
}

/** The origin that a file begins with: the one in hand where the directive names none. */
function readInnerOrigin(run: Run, tokens: readonly Token[]): DomainName | undefined {
  if (tokens.length <= 2) return run.origin;
  const token = argument(run, tokens, 2, "an origin");
  return token === undefined ? undefined : nameOf(run, token, "origin");
}

function open(run: Run, token: Token, from: SourceSpan): SourceFile | undefined {
  const { include } = run.options;
  const fail = (message: string, related: readonly RelatedPlace[] = []): undefined => {
    report(run, "zonefile/bad-include", message, token, { related });
  };
  const path = pathText(token.text, from.file);
  if (include === undefined) return fail("an $INCLUDE can only stand in a file of its own");
  if (run.included >= MAX_INCLUDED) return fail(`more than ${MAX_INCLUDED} files are included`);
  if (run.files.length >= MAX_DEPTH)
    return fail(`${showText(path)} is included ${MAX_DEPTH} files deep`, openedBy(run));
  const found = include(path, from);
  if (found.kind === "problem") return fail(`${showText(path)} ${found.message}`);
  const { file } = found;
  if (run.files.some((open) => open.file.path === file.path))
    return fail(`${file.path} includes itself`, openedBy(run));
  run.included += 1;
  return file;
}

/** The directives that lead to the file in hand, the outermost first. */
function openedBy(run: Run): RelatedPlace[] {
  return run.files.flatMap(({ file, from }) =>
    from === undefined ? [] : [{ message: `${file.path} is included here`, span: from }],
  );
}

/** A path as the file system has it: blanks and other marks escaped where quotes were not used; octets are UTF-8. */
function pathText(text: string, file: SourceFile): string {
  const path = text.replace(/\\([\s"();\\])/g, "$1");
  if (file.encoding === "unicode") return path;
  return new TextDecoder().decode(Uint8Array.from(path, (char) => char.charCodeAt(0)));
}
