/** `$GENERATE range owner [TTL] [class] type rdata`, as BIND reads it. */

import { RecordTypes } from "../record/record-type.ts";
import { parseNumber } from "../record/text/number-text.ts";
import { showText } from "../record/text/string-text.ts";
import { argument } from "./_directives.ts";
import { readHead, readRdata, ttlOf } from "./_entry.ts";
import { MAX_GENERATED, MAX_GENERATED_CHARS, nameOf, type Run, report, stretchOf } from "./_run.ts";
import { compileTemplate, renderTemplate, type Template } from "./_template.ts";
import { Scanner, type Token } from "./scanner.ts";

/** The largest number that is counted to, as BIND has it. */
const MAX_INDEX = 0x7fff_ffff;

interface Range {
  readonly start: number;
  /** Included. */
  readonly stop: number;
  readonly step: number;
}

/** A word of rdata with the numbers still open; problems of the word it becomes are reported at `token`. */
interface TemplateToken {
  readonly token: Token;
  readonly template: Template;
}

/** Gives one record for each number of the range to the sink; the first problem of them ends the directive. */
export function readGenerate(run: Run, tokens: readonly Token[]): void {
  const rangeToken = argument(run, tokens, 1, "a range like 1-20");
  const ownerToken = rangeToken === undefined ? undefined : argument(run, tokens, 2, "an owner like host$");
  if (rangeToken === undefined || ownerToken === undefined) return;
  const range = readRange(run, rangeToken);
  const owner = templateOf(run, ownerToken);
  const head = readHead(run, tokens, 3);
  if (range === undefined || owner === undefined || head === undefined) return;
  const rdata = rdataTemplates(run, tokens.slice(head.next));
  if (rdata === undefined || !isBounded(run, rangeToken, range, [owner, ...rdata])) return;

  const place = stretchOf(tokens);
  const span = run.input.span(place.start, place.end);
  for (let index = range.start; index <= range.stop; index += range.step) {
    const name = nameOf(run, fill(owner, index), "owner");
    if (name === undefined) return;
    const words = rdata.map((word) => fill(word, index));
    const octets = readRdata(run, head.type, words, tokens[tokens.length - 1] ?? ownerToken);
    if (octets === undefined) return;
    if (head.type === RecordTypes.SOA) run.soaOwner ??= name;
    run.records += 1;
    run.generated += 1;
    run.sink.record({ owner: name, type: head.type, ttl: ttlOf(run, head, octets, tokens), rdata: octets, span });
  }
}

/** Reads `start-stop` or `start-stop/step`. */
function readRange(run: Run, token: Token): Range | undefined {
  const [bounds = "", stepText, ...rest] = token.text.split("/");
  const [startText = "", stopText = "", ...more] = bounds.split("-");
  const start = parseNumber(startText, MAX_INDEX);
  const stop = parseNumber(stopText, MAX_INDEX);
  const step = stepText === undefined ? 1 : parseNumber(stepText, MAX_INDEX);
  const whole = rest.length === 0 && more.length === 0;
  if (!whole || start === undefined || stop === undefined || step === undefined || step === 0 || start > stop) {
    const hint = "write START-STOP or START-STOP/STEP, from the lower number to the higher: 1-20, 0-254/2";
    report(run, "zonefile/bad-generate", `${showText(token.text)} is no range`, token, { hint });
    return undefined;
  }
  return { start, stop, step };
}

/** Refuses what would make more records, or longer ones, than a run may; counted before the first is made. */
function isBounded(run: Run, token: Token, { start, stop, step }: Range, words: readonly TemplateToken[]): boolean {
  const count = Math.floor((stop - start) / step) + 1;
  const chars = count * words.reduce((sum, word) => sum + word.token.text.length, 0);
  const limit = run.options.maxGenerated ?? MAX_GENERATED;
  const fail = (message: string): false => {
    report(run, "zonefile/bad-generate", message, token);
    return false;
  };
  if (run.generated + count > limit)
    return fail(`range ${token.text} makes ${count} records, and ${limit} are the most that $GENERATE may make`);
  run.generatedChars += chars;
  if (run.generatedChars <= MAX_GENERATED_CHARS) return true;
  return fail(
    `range ${token.text} makes ${chars} chars, and ${MAX_GENERATED_CHARS} are the most that $GENERATE may make`,
  );
}

/**
 * The words of rdata. A single quoted string holds all of them, so that blanks and further quotes (as `\"`) can stand in
 * it; other words stand for themselves.
 */
function rdataTemplates(run: Run, tokens: readonly Token[]): TemplateToken[] | undefined {
  const [only] = tokens;
  const words = tokens.length === 1 && only?.quoted === true ? wordsInside(run, only) : tokens;
  if (words === undefined) return undefined;
  const templates: TemplateToken[] = [];
  for (const word of words) {
    const template = templateOf(run, word);
    if (template === undefined) return undefined;
    templates.push(template);
  }
  return templates;
}

function wordsInside(run: Run, token: Token): Token[] | undefined {
  const { text, start, end } = token;
  const scanner = new Scanner(text.replaceAll('\\"', '"'));
  if (!scanner.next()) return [];
  if (scanner.faults.length === 0) return scanner.tokens.map((word) => ({ ...word, start, end }));
  const message = `${showText(text)} has quotes or parentheses that do not match`;
  report(run, "zonefile/bad-generate", message, token);
  return undefined;
}

function templateOf(run: Run, token: Token): TemplateToken | undefined {
  const template = compileTemplate(token.text);
  if (template !== undefined) return { token, template };
  const hint = "write $ or ${OFFSET,WIDTH,BASE}, where BASE is one of d o x X n N; a dollar sign is $$ or \\$";
  report(run, "zonefile/bad-generate", `${showText(token.text)} has a number that cannot be read`, token, { hint });
  return undefined;
}

function fill({ token, template }: TemplateToken, index: number): Token {
  return { text: renderTemplate(template, index), quoted: token.quoted, start: token.start, end: token.end };
}
