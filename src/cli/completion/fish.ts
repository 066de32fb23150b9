import type { Option } from "../command.ts";
import { type CompletedCommand, takesPath } from "./completed.ts";

/** Completion for fish 3 and later. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, describe, words, options }) => [
    `complete -c privlink -n __fish_use_subcommand -f -a ${name} -d ${quoted(describe)}`,
    ...(words.length === 0 ? [] : [`complete -c privlink -n ${seen(name)} -f -a ${quoted(words.join(" "))}`]),
    ...options.map(
      (option) => `complete -c privlink -n ${seen(name)} ${flagText(option)} -d ${quoted(option.describe)}`,
    ),
  ]);
  return `# Completion of privlink for fish: privlink completion fish | source\n${lines.join("\n")}\n`;
}

function flagText(option: Option): string {
  const { name, short, value, choices } = option;
  const flag = short === undefined ? `-l ${name}` : `-l ${name} -s ${short}`;
  if (choices !== undefined) return `${flag} -x -a ${quoted(choices.join(" "))}`;
  if (value === undefined) return flag;
  return takesPath(option) ? `${flag} -r -F` : `${flag} -x`;
}

function seen(name: string): string {
  return quoted(`__fish_seen_subcommand_from ${name}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
