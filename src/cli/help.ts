import type { Command, Option } from "./command.ts";
import { variableOf } from "./command.ts";
import { COMMANDS } from "./command-list.ts";
import { EXIT_CODES_TEXT } from "./exit-codes.ts";

/** The help of privlink as a whole. */
export function rootHelp(version: string): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const commands = COMMANDS.map(({ name, describe }) => `  ${name.padEnd(width)}  ${describe}\n`).join("");
  return `privlink ${version}: runs, explains and proves private-endpoint DNS

Usage: privlink COMMAND [WORDS] [FLAGS]

Commands:
${commands}
privlink COMMAND --help tells more.

Flags have twins in the environment, named in their help; the flag wins, and a misspelt one is an error. A value that only
other commands take is left to them. NO_COLOR and FORCE_COLOR are obeyed.

${EXIT_CODES_TEXT}`;
}

/** The help of one command: what to type, every flag with its variable, the exit codes. */
export function commandHelp(command: Command): string {
  const { describe, details, options } = command;
  const rows = [...options.map(optionRow), { flag: "-h, --help", text: "this text" }];
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  const flags = rows.map(({ flag, text }) => `  ${flag.padEnd(width)}  ${text}\n`).join("");
  return `${command.usage}

${describe.charAt(0).toUpperCase()}${describe.slice(1)}.
${details === undefined ? "" : `\n${details.trimEnd()}\n`}
Flags:
${flags}
${EXIT_CODES_TEXT}`;
}

function optionRow(option: Option): { readonly flag: string; readonly text: string } {
  const { name, short, describe, choices, repeatable } = option;
  const flag = `${short === undefined ? "    " : `-${short}, `}--${name}${valueText(option)}`;
  const notes = [
    ...(choices === undefined ? [] : [choices.join(" | ")]),
    ...(repeatable === true ? ["repeatable"] : []),
    ...(variableOf(option) === undefined ? [] : [`env ${variableOf(option)}`]),
  ];
  return { flag, text: `${describe}${notes.length === 0 ? "" : `  [${notes.join("; ")}]`}` };
}

/** What stands behind a flag, in brackets where it may be left out. */
export function valueText({ value, bare }: Option): string {
  if (value === undefined) return "";
  return bare === undefined ? ` ${value}` : ` [${value}]`;
}
