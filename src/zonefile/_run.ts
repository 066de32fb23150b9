/** What a run remembers from one entry to the next, and how it speaks. */
import type { DiagnosticCode } from "../diagnostics/catalogue.ts";
import type { RelatedPlace } from "../diagnostics/diagnostic.ts";
import type { DomainName } from "../name/domain-name.ts";
import { parseName } from "../name/name-text.ts";
import { showText } from "../record/text/string-text.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";
import type { Token } from "./scanner.ts";
import type { ZoneFileOptions, ZoneFileSink } from "./zone-file.ts";
import { encodingOf, type ZoneInput } from "./zone-input.ts";

/** The most records that `$GENERATE` makes when the caller does not say. */
export const MAX_GENERATED = 1_000_000;
/** The most chars of templates that `$GENERATE` repeats in a run: long records fill the memory as well as many. */
export const MAX_GENERATED_CHARS = 256_000_000;
/** More problems than a person reads: past them, what is read is hardly a zone file. */
const MAX_PROBLEMS = 10_000;

type ZoneFileCode = Extract<DiagnosticCode, `zonefile/${string}`>;

/** The owner that a record without one repeats. `lost`: there was one that could not be read, and that was said. */
export type LastOwner =
  | { readonly kind: "none" }
  | { readonly kind: "lost" }
  | { readonly kind: "owner"; readonly name: DomainName };

/** A name, and all that it depends on. */
export interface ReadName {
  readonly text: string;
  readonly origin: DomainName;
  readonly encoding: SourceFile["encoding"];
  readonly name: DomainName;
}

/** The state of one run: the text in hand, what directives set, and what the last record said. */
export interface Run {
  readonly options: ZoneFileOptions;
  readonly sink: ZoneFileSink;
  input: ZoneInput;
  /** Of the text in hand. */
  encoding: SourceFile["encoding"];
  origin: DomainName;
  owner: LastOwner;
  /** Seconds, of `$TTL`. */
  defaultTtl: number | undefined;
  /** Seconds, of the last record that had a TTL of its own. */
  lastTtl: number | undefined;
  /** Seconds, once nothing said which TTL a record has; said once. */
  assumedTtl: number | undefined;
  /** The name read last where an owner stands, and what it was read from. */
  lastName: ReadName | undefined;
  firstOrigin: DomainName | undefined;
  soaOwner: DomainName | undefined;
  records: number;
  generated: number;
  /** Chars of templates, as often as `$GENERATE` repeated them. */
  generatedChars: number;
  included: number;
  problems: number;
  /** The files being read, the outermost first, each with the `$INCLUDE` that opened it. */
  readonly files: OpenFile[];
}

/** A file being read. */
export interface OpenFile {
  readonly file: SourceFile;
  readonly from?: SourceSpan;
}

export function newRun(input: ZoneInput, options: ZoneFileOptions, sink: ZoneFileSink): Run {
  return {
    options,
    sink,
    input,
    encoding: encodingOf(input),
    origin: options.origin,
    owner: options.owner === undefined ? { kind: "none" } : { kind: "owner", name: options.owner },
    defaultTtl: undefined,
    lastTtl: undefined,
    assumedTtl: undefined,
    lastName: undefined,
    firstOrigin: undefined,
    soaOwner: undefined,
    records: 0,
    generated: 0,
    generatedChars: 0,
    included: 0,
    problems: 0,
    files: [{ file: input.span(0, 0).file }],
  };
}

/** A stretch of the text in hand. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Reports a problem of the text in hand, up to `MAX_PROBLEMS` of a run. */
export function report(
  run: Run,
  code: ZoneFileCode,
  message: string,
  place: Stretch,
  more: { readonly related?: readonly RelatedPlace[]; readonly hint?: string } = {},
): void {
  if (isOver(run)) return;
  run.problems += 1;
  const { diagnostics } = run.sink;
  const span = run.input.span(place.start, place.end);
  diagnostics.report(code, message, span, more);
  if (!isOver(run)) return;
  const hint = "mend these first, or check that this is a zone file";
  diagnostics.report("zonefile/too-many-problems", `${MAX_PROBLEMS} problems: the rest is not read`, span, { hint });
}

/** Whether the run has said all that it will say. */
export function isOver(run: Run): boolean {
  return run.problems >= MAX_PROBLEMS;
}

/** The place right behind a word: where the next one is missing. */
export function behind(token: Token): Stretch {
  return { start: token.end, end: token.end };
}

/**
 * The name that a word stands for, `@` being the origin (RFC 1035 §5.1); a text that is no name is reported, `role`
 * saying what it was to be.
 */
export function nameOf(run: Run, token: Token, role: string): DomainName | undefined {
  if (token.text === "@" && !token.quoted) return run.origin;
  const parsed = parseName(token.text, run.origin, run.encoding);
  if (parsed.kind === "name") return parsed.name;
  report(run, "zonefile/bad-name", `${role} ${showText(token.text)} ${parsed.problem}`, token);
  return undefined;
}

/**
 * As `nameOf`, for an owner. Most records have the owner of the one before, written out again: the name is the same object
 * then, which spares whoever stores the records a search too.
 */
export function ownerOf(run: Run, token: Token): DomainName | undefined {
  const { lastName, origin, encoding } = run;
  const { text, quoted } = token;
  if (quoted) return nameOf(run, token, "owner"); // In quotes `@` is a label: what is remembered was written without.
  if (lastName?.text === text && lastName.origin === origin && lastName.encoding === encoding) return lastName.name;
  const name = nameOf(run, token, "owner");
  if (name !== undefined) run.lastName = { text, origin, encoding, name };
  return name;
}

/** From the first word to the last. */
export function stretchOf(tokens: readonly Token[]): Stretch {
  const first = tokens[0];
  const last = tokens[tokens.length - 1];
  return { start: first?.start ?? 0, end: last?.end ?? 0 };
}
