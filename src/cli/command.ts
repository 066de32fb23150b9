import type { ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** Something that privlink does, as a value: its exit code is its answer. */
export interface Command {
  readonly name: string;
  /** What to type: `privlink check [PATH…]`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly describe: string;
  /** What help says below the usage; paragraphs with line endings. */
  readonly details?: string;
  readonly options: readonly Option[];
  /** The words that may stand behind it, where they are few: for shells to complete. */
  readonly words?: readonly string[];
  /** How many words may stand behind the command; any number when absent. */
  readonly maxWords?: number;
  /** Whether a program may stand behind `--`. */
  readonly takesProgram?: true;
  run(args: Arguments, io: Io): Promise<ExitCode>;
}

/** One flag, and by default its twin in the environment. */
export interface Option {
  /** The long form, without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What its value is called in help; absent: a switch. */
  readonly value?: string;
  /** What stands for the value where none follows; absent: one must. */
  readonly bare?: string;
  /** The values there are. */
  readonly choices?: readonly string[];
  /** Whether it may stand several times. */
  readonly repeatable?: true;
  readonly describe: string;
  /** `none`: it is part of one question, like a word, or says what one run writes; another command would take it for its own. */
  readonly environment?: "none";
}

/** What was typed behind a command, flags before the environment. */
export interface Arguments {
  /** In order, the command itself left out. */
  readonly words: readonly string[];
  /** Values by option. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Switches that are on. */
  readonly switches: ReadonlySet<string>;
  /** Options that nobody typed: the environment gave them. */
  readonly fromEnvironment: ReadonlySet<string>;
  /** What stands behind `--`. */
  readonly program?: readonly string[];
}

/** The value of an option that stands once. */
export function valueOf(args: Arguments, option: string): string | undefined {
  return args.values.get(option)?.[0];
}

export function valuesOf(args: Arguments, option: string): readonly string[] {
  return args.values.get(option) ?? [];
}

/** The value of an option as one of its choices; the first when nobody said. The parser let nothing else through. */
export function choiceOf<T extends string>(args: Arguments, option: string, choices: readonly [T, ...T[]]): T {
  const value = valueOf(args, option);
  return choices.find((choice) => choice === value) ?? choices[0];
}

/** The variable of an option; `undefined` where it has none. */
export function variableOf(option: Option): string | undefined {
  return option.environment === "none" ? undefined : `PRIVLINK_${option.name.toUpperCase().replaceAll("-", "_")}`;
}

/** Options that more than one command has. */
export const CONFIG_OPTION: Option = {
  name: "config",
  short: "c",
  value: "FILE",
  describe: "the topology, or its folder (default: privlink.yaml here, else the built-in example)",
};

export const NO_COLOR_OPTION: Option = { name: "no-color", describe: "no colours, whatever the terminal" };
