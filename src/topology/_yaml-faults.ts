import { indentAt, type LineWord, levelsAbove, lineEndAfter, lineStartBefore, wordFrom } from "./_yaml-lines.ts";
import type { YamlPlaces } from "./_yaml-places.ts";

/** What the YAML library reports, of it what is used here. */
export interface YamlProblem {
  readonly code: string;
  readonly pos: readonly [start: number, end: number];
  readonly message: string;
}

/** The text with all that was found in it: one problem may explain another. */
export interface YamlSource {
  readonly text: string;
  readonly problems: readonly YamlProblem[];
  readonly places: YamlPlaces;
}

/** A problem where the user has to look, in words of who writes the file. */
export interface YamlFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
  readonly note?: { readonly message: string; readonly at: number };
  /** Whether `start` is a bracket or a quote that is left open. */
  readonly isOpener?: boolean;
}

/**
 * Says what is wrong and where it began: the library stops where it cannot go on, which is often a line too late. A problem
 * that is not known here keeps the library's sentence and place.
 */
export function yamlFault(problem: YamlProblem, source: YamlSource): YamlFault {
  return specificFault(problem, source) ?? at(problem, source, plainSentence(problem));
}

interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

const TAB_SENTENCE: Sentence = { message: "a tab cannot indent in YAML", hint: "indent with blanks" };
const INDENTING_HINT = "give it as many blanks as the line it belongs beside";

function specificFault(problem: YamlProblem, source: YamlSource): YamlFault | undefined {
  const { code, message } = problem;
  if (/end with a [\]}]|^Flow end indicator/.test(message)) return openBracket(problem, source);
  if (message.startsWith("Missing closing")) return openQuote(problem, source);
  if (message.endsWith("must start at the same column")) return strayLine(problem, source);
  if (message.startsWith("A block sequence may not")) return strayLine(problem, source);
  if (message.startsWith("Nested mappings")) return secondKey(problem, source);
  if (message.endsWith("at node end")) return behindValue(problem, source);
  if (code === "MULTILINE_IMPLICIT_KEY") return keyOverLines(problem, source);
  if (message.startsWith("Not a YAML token") || message.startsWith("Block scalar header"))
    return behindBlockMark(problem, source);
  return undefined;
}

function openBracket({ pos: [end] }: YamlProblem, { text, places }: YamlSource): YamlFault | undefined {
  const inside = places.bracketEndingAt(end);
  const opener = inside ?? places.bracketEndingAt(end + 1);
  if (opener === undefined) return undefined;
  const open = text.charAt(opener);
  const close = open === "{" ? "}" : "]";
  const next = wordFrom(text, end);
  const found = next === undefined ? "" : text.charAt(next.start);
  if (next !== undefined && found === close)
    return {
      message: `${close} stands too far left to close its ${open}`,
      start: next.start,
      end: next.start + 1,
      hint: `indent it, and what stands inside, deeper than the line of the ${open}`,
      note: { message: `${open} is here`, at: opener },
    };
  const tab = next === undefined ? -1 : text.lastIndexOf("\t", next.start);
  if (next !== undefined && tab >= lineStartBefore(text, next.start) && indentAt(text, next.start) !== undefined)
    return { ...TAB_SENTENCE, start: tab, end: tab + 1 };
  const span = { start: opener, end: opener + 1, isOpener: true };
  if (next !== undefined && (found === "}" || found === "]"))
    return {
      ...span,
      message: `${open} is closed by ${found}, expected ${close}`,
      note: { message: `${found} is here`, at: next.start },
    };
  return {
    ...span,
    message: `${open} is not closed, expected ${close} at its end`,
    hint: `write ${close} at the end, or indent what stands inside deeper than the line of the ${open}`,
    ...(next === undefined ? {} : { note: { message: `expected ${close} before this`, at: next.start } }),
  };
}

function openQuote({ pos: [end] }: YamlProblem, { text, places }: YamlSource): YamlFault | undefined {
  const start = places.quoteEndingAt(end);
  if (start === undefined) return undefined;
  const quote = text.charAt(start);
  const message = `${quote} is not closed, expected another ${quote} behind the text`;
  return { message, start, end: start + 1, isOpener: true };
}

/** A line that is indented like none above it, or like one that is of another kind. */
function strayLine({ pos: [from] }: YamlProblem, { text, places }: YamlSource): YamlFault | undefined {
  const word = wordFrom(text, from);
  const indent = word === undefined ? undefined : indentAt(text, word.start);
  if (word === undefined || indent === undefined) return undefined;
  const lineStart = lineStartBefore(text, word.start);
  const block = places.blockEndingAt(lineStart);
  if (block !== undefined && !word.isKey) return shortBlockLine(word);
  const levels = levelsAbove(text, block === undefined ? lineStart : lineEndAfter(text, block) + 1);
  const beside = levels.find((level) => level.indent === indent);
  if (beside === undefined) {
    const expected = listOf(levels.map((level) => level.indent).toReversed());
    const blanks = indent === 1 ? "1 blank" : `${indent} blanks`;
    return onWord(word, {
      message: `${word.text} is indented by ${blanks}, expected ${expected}`,
      hint: INDENTING_HINT,
    });
  }
  if (word.text === "-" && !beside.isItem)
    return onWord(word, {
      message: "an item of a list stands beside keys",
      hint: "indent it below the key of the list",
    });
  if (word.text !== "-" && beside.isItem) {
    const hint = "write a dash and a blank before it, or indent it like the key of the list";
    return onWord(word, { message: `${word.text} stands beside the items of a list`, hint });
  }
  return undefined;
}

function shortBlockLine(word: LineWord): YamlFault {
  const message = `${word.text} is indented less than the text of the block above it`;
  return onWord(word, { message, hint: "indent it like the lines above" });
}

/** A key on the line of a value, or below a value and deeper than its key. */
function secondKey({ pos: [from] }: YamlProblem, { text }: YamlSource): YamlFault | undefined {
  const lineEnd = lineEndAfter(text, from);
  if (/:(?:\s|$)/.test(text.slice(from, lineEnd))) return undefined;
  const word = wordFrom(text, lineEnd);
  if (word === undefined) return undefined;
  const message = `${word.text} is indented deeper than the key above it, which has a value already`;
  return onWord(word, { message, hint: "indent it like that key, or take the value away" });
}

function behindValue(problem: YamlProblem, source: YamlSource): YamlFault | undefined {
  const { text } = source;
  const word = wordFrom(text, problem.pos[0]);
  if (word === undefined) return undefined;
  if (indentAt(text, word.start) !== undefined) return strayLine(problem, source);
  const hint =
    text.charAt(word.start - 1) === "'"
      ? "between ' and ' a quote is written twice: ''"
      : "quote the whole text, or start a new line";
  return onWord(word, { message: `${word.text} stands behind a value that has ended`, hint });
}

/** The library takes lines for one long key when the first of them has no colon, or one that is none. */
function keyOverLines(problem: YamlProblem, { text, problems, places }: YamlSource): YamlFault | undefined {
  const [from] = problem.pos;
  const word = wordFrom(text, from);
  if (word === undefined) return undefined;
  if (problems.some(({ code, pos }) => code === "BLOCK_IN_FLOW" && pos[0] === from)) {
    const message = `no comma behind ${word.text}, expected one before the next key`;
    return onWord(word, { message, hint: `write ${word.text},` });
  }
  if (places.blockEndingAt(lineStartBefore(text, from)) !== undefined) return shortBlockLine(word);
  const [line, key = "", value = ""] = /^([A-Za-z_][\w./-]*):([^\s:/].*)$/.exec(word.text) ?? [];
  if (line === undefined) return undefined;
  const colon = from + key.length;
  const message = `no blank behind the colon of ${key}, expected one`;
  return { message, start: colon, end: colon + 1, hint: `write ${key}: ${value}` };
}

function behindBlockMark({ pos: [from] }: YamlProblem, { text }: YamlSource): YamlFault | undefined {
  const word = wordFrom(text, from);
  const mark = /([|>])[-+0-9]*\s*$/.exec(text.slice(lineStartBefore(text, from), from))?.[1];
  if (word === undefined || mark === undefined) return undefined;
  const message = `${word.text} stands on the line of a ${mark}, expected it on the next one`;
  return onWord(word, { message, hint: "start a new line, indented deeper than the key" });
}

function onWord({ start, text }: LineWord, sentence: Sentence): YamlFault {
  return { ...sentence, start, end: start + text.length };
}

/** `0, 2 or 4`. */
function listOf(numbers: readonly number[]): string {
  const last = numbers.at(-1) ?? 0;
  return numbers.length < 2 ? `${last}` : `${numbers.slice(0, -1).join(", ")} or ${last}`;
}

function at({ pos }: YamlProblem, { text }: YamlSource, sentence: Sentence): YamlFault {
  const start = Math.min(pos[0], text.length);
  return { ...sentence, start, end: Math.max(start, Math.min(pos[1], text.length)) };
}

/** What needs no look at the text. */
function plainSentence({ code, message }: YamlProblem): Sentence {
  if (code === "BAD_DQ_ESCAPE")
    return {
      message: `${message.replace(/^Invalid escape sequence /, "")} means nothing between " and "`,
      hint: "write \\\\ for one \\",
    };
  const known = SENTENCES.find(({ says }) => (typeof says === "string" ? says === code : says.test(message)));
  return known ?? { message: lowerFirst(message.replace(/[.:]$/, "")) };
}

const SENTENCES: readonly (Sentence & { /** The library's code, or its words. */ readonly says: string | RegExp })[] = [
  {
    says: /^Implicit (?:map )?keys/,
    message: "a key without a colon, expected KEY:",
    hint: "write a colon after it, or a dash and a blank before it",
  },
  { says: "TAB_AS_INDENT", ...TAB_SENTENCE },
  {
    says: "BLOCK_AS_IMPLICIT_KEY",
    message: "a second key on one line",
    hint: "quote a text that has a colon and a blank in it, or start a new line",
  },
  {
    says: "BLOCK_IN_FLOW",
    message: "a second key in one item, expected a comma before it",
    hint: "quote a text that has a colon and a blank in it",
  },
  {
    says: "MULTIPLE_DOCS",
    message: "a second document (---) in one file, expected one",
    hint: "put it in a file of its own, and include that",
  },
  { says: "RESOURCE_EXHAUSTION", message: "values are nested too deeply" },
  { says: /flow-map-end/, message: "} closes nothing, expected { before it" },
  { says: /flow-seq-end/, message: "] closes nothing, expected [ before it" },
  { says: /^Unexpected (?:,|empty item) in/, message: "a comma with nothing before it, expected a value" },
  { says: /^Missing , /, message: "no comma before this, expected one between items" },
  { says: /^Missing space after :/, message: "no blank behind the colon, expected one" },
  {
    says: /^Comments must be separated/,
    message: "a comment without a blank before it, expected one",
    hint: "quote a text that has a # in it",
  },
  { says: /block-seq-ind on same line/, message: "an item of a list on the line of its key", hint: "start a new line" },
  { says: /^Sequence item without -/, message: "an item of a list without a dash, expected one before it" },
  { says: "MULTIPLE_ANCHORS", message: "a second anchor at one value, expected one" },
  { says: "MULTIPLE_TAGS", message: "a second tag at one value, expected one" },
  {
    says: /^Tags and anchors must be separated/,
    message: "an anchor or a tag without a blank behind it, expected one",
  },
  { says: "KEY_OVER_1024_CHARS", message: "a key of more than 1024 chars" },
];

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
