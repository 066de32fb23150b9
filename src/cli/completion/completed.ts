import type { Command, Option } from "../command.ts";

/** What a shell needs to know of a command to complete it. */
export interface CompletedCommand {
  readonly name: string;
  readonly describe: string;
  /** The words that may stand behind it, where they are few. */
  readonly words: readonly string[];
  readonly options: readonly Option[];
}

/** Every command as shells complete it, `help` among them. */
export function completedCommands(commands: readonly Command[]): CompletedCommand[] {
  const help: Option = { name: "help", short: "h", describe: "what there is to type" };
  return commands.map(({ name, describe, words = [], options }) => ({
    name,
    describe,
    words,
    options: [...options, help],
  }));
}

/** The spellings of a flag. */
export function flagsOf({ name, short }: Option): string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}

/** Whether the value of a flag is a path. */
export function takesPath({ value = "" }: Option): boolean {
  return /FILE|FOLDER|PATH|SOCKET/.test(value);
}
