import parseWords from "yargs-parser";
import { nearest } from "../name/nearest.ts";
import type { Arguments, Command, Option } from "./command.ts";
import { variableOf } from "./command.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Environment } from "./io.ts";

/** What was typed, or what is wrong with it: a sentence without a full stop. */
export type ParsedArguments =
  | { readonly kind: "arguments"; readonly args: Arguments }
  | { readonly kind: "help" }
  | { readonly kind: "problem"; readonly message: string; readonly stray?: StrayTwin };

/** A variable with a value that is none of the choices of its flag here: perhaps of those that another command has. */
export interface StrayTwin {
  readonly variable: string;
  readonly text: string;
}

/** Reads what stands behind a command, and the twins of its flags. What is not known is a problem, not a guess. */
export function parseArguments(command: Command, typed: readonly string[], env: Environment): ParsedArguments {
  const end = typed.indexOf("--");
  const own = end === -1 ? typed : typed.slice(0, end);
  if (own.some((word) => word === "--help" || word === "-h")) return { kind: "help" };
  const strange = strangeWord(command, own);
  if (strange !== undefined) return problem(strange);
  const { words, found } = readWithYargs(command, own);

  const values = new Map<string, readonly string[]>();
  const switches = new Set<string>();
  const fromEnvironment = new Set<string>();
  for (const option of command.options) {
    const texts = (found.get(option.name) ?? []).map((text) => (text === "" ? (option.bare ?? "") : text));
    if (texts.length === 0) {
      const twin = readTwin(option, env);
      if (twin.kind === "problem") return twin;
      if (twin.kind === "absent") continue;
      fromEnvironment.add(option.name);
      if (twin.kind === "on") switches.add(option.name);
      else values.set(option.name, twin.texts);
      continue;
    }
    if (option.value === undefined) {
      switches.add(option.name);
      continue;
    }
    const wrong = wrongValue(option, `--${option.name}`, texts);
    if (wrong !== undefined) return problem(wrong);
    values.set(option.name, texts);
  }
  const excess = excessOf(command, words, end !== -1);
  if (excess !== undefined) return problem(excess);
  const program = end === -1 ? {} : { program: typed.slice(end + 1) };
  return { kind: "arguments", args: { words, values, switches, fromEnvironment, ...program } };
}

function problem(message: string): { readonly kind: "problem"; readonly message: string } {
  return { kind: "problem", message };
}

/** The sentence for the first word with a dash that is no option of the command, or not in its form. */
function strangeWord({ name, options }: Command, words: readonly string[]): string | undefined {
  for (const word of words) {
    if (!word.startsWith("-") || word === "-") continue;
    const [flag, value] = split(word);
    const isLong = flag.startsWith("--");
    const option = options.find((one) => (isLong ? `--${one.name}` === flag : `-${one.short}` === flag));
    if (option !== undefined) {
      if (value !== undefined && option.value === undefined) return `${flag} takes no value`;
      continue;
    }
    const glued = isLong ? undefined : options.find((one) => one.value !== undefined && one.short === flag.charAt(1));
    const near = nearest(flag.replace(/^-+/, ""), [...options.map((one) => one.name), "help"]);
    if (glued !== undefined && near === undefined)
      return `unknown option ${flag}: did you mean -${glued.short} ${word.slice(2)}?`;
    return `unknown option ${flag}${near === undefined ? `: see privlink ${name} --help` : `: did you mean --${near}?`}`;
  }
  return undefined;
}

function split(word: string): [flag: string, value?: string] {
  const at = word.indexOf("=");
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

interface Found {
  readonly words: readonly string[];
  /** What was typed, by option; of a switch something, if it was there. */
  readonly found: ReadonlyMap<string, readonly string[]>;
}

/**
 * The parser of yargs tells words from flags and values, and no more: left alone it turns text into numbers, takes unknown
 * flags for known ones, eats a word `true` behind a switch, and stumbles over `--constructor`. So all is text, a switch
 * takes no word, and only known flags get here.
 */
function readWithYargs({ options }: Command, words: readonly string[]): Found {
  const switches = options.filter(({ value }) => value === undefined).map(({ name }) => name);
  const parsed: Readonly<Record<string, unknown>> = parseWords([...words], {
    string: ["_", ...options.filter(({ value }) => value !== undefined).map(({ name }) => name)],
    boolean: switches,
    narg: Object.fromEntries(switches.map((name) => [name, 0])),
    alias: Object.fromEntries(options.flatMap(({ name, short }) => (short === undefined ? [] : [[name, [short]]]))),
    configuration: {
      "camel-case-expansion": false,
      "dot-notation": false,
      "boolean-negation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "greedy-arrays": false,
      "short-option-groups": false,
      "strip-aliased": true,
      "duplicate-arguments-array": true,
    },
  });
  const found = new Map<string, readonly string[]>();
  for (const { name, value } of options) {
    const got = parsed[name];
    if (got === undefined) continue;
    found.set(name, value === undefined ? ["on"] : textsOf(got));
  }
  return { words: textsOf(parsed["_"]), found };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** What is wrong with the values of an option, which `source` names. */
function wrongValue(option: Option, source: string, texts: readonly string[]): string | undefined {
  const { value = "", choices, repeatable } = option;
  if (texts.includes("")) return `${source} needs a value: ${choices?.join(", ") ?? value}`;
  if (texts.length > 1 && repeatable !== true) return `${source} stands twice: ${texts.join(" and ")}`;
  const stray = choices === undefined ? undefined : texts.find((text) => !choices.includes(text));
  if (stray === undefined || choices === undefined) return undefined;
  return `${source}: ${stray} is none of ${choices.join(", ")}${didYouMean(stray, choices)}`;
}

type Twin =
  | { readonly kind: "absent" }
  | { readonly kind: "on" }
  | { readonly kind: "texts"; readonly texts: readonly string[] }
  | { readonly kind: "problem"; readonly message: string; readonly stray?: StrayTwin };

/** The variable of an option. An empty one counts as none: that is how people unset them in compose files. */
function readTwin(option: Option, env: Environment): Twin {
  const variable = variableOf(option);
  const text = variable === undefined ? "" : (env[variable] ?? "").trim();
  if (variable === undefined || text === "") return { kind: "absent" };
  const word = text.toLowerCase();
  const isOn = ["1", "true", "yes", "on"].includes(word);
  const isOff = ["0", "false", "no", "off"].includes(word);
  if (option.value === undefined) {
    if (isOn) return { kind: "on" };
    return isOff ? { kind: "absent" } : problem(`${variable} is ${text}: write 1 or 0`);
  }
  if (option.bare !== undefined && isOff) return { kind: "absent" };
  if (option.bare !== undefined && isOn) return { kind: "texts", texts: [option.bare] };
  const texts = option.repeatable === true ? text.split(/[\s,]+/).filter((one) => one !== "") : [text];
  const wrong = wrongValue(option, variable, texts);
  if (wrong === undefined) return { kind: "texts", texts };
  return option.choices === undefined ? problem(wrong) : { ...problem(wrong), stray: { variable, text } };
}

/** What stands there and has no meaning for the command. */
function excessOf(
  { maxWords, takesProgram, name }: Command,
  words: readonly string[],
  hasDashes: boolean,
): string | undefined {
  if (hasDashes && takesProgram !== true) return `nothing can stand behind -- in privlink ${name}`;
  const excess = maxWords === undefined ? undefined : words[maxWords];
  return excess === undefined ? undefined : `${excess} is one word too many`;
}
