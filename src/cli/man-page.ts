import { type Command, type Option, variableOf } from "./command.ts";
import { EXIT_CODES_TEXT } from "./exit-codes.ts";
import { valueText } from "./help.ts";

/** The manual page of privlink, in the language of man(7): what the help of each command says, in one place. */
export function manPage(commands: readonly Command[], version: string): string {
  const sections = [
    `.TH PRIVLINK 1 "" "privlink ${version}" "User Commands"`,
    ".SH NAME\nprivlink \\- runs, explains and proves private-endpoint DNS",
    ".SH SYNOPSIS\n.B privlink\n.I COMMAND\n[WORDS] [FLAGS]",
    `.SH DESCRIPTION
Holds virtual networks, private zones, links, private endpoints and forwarders; answers over UDP and TCP what each network's own
resolver would answer; explains every answer; and checks a configuration.
.PP
Every flag has a twin in the environment, named with it; the flag wins. NO_COLOR and FORCE_COLOR are obeyed.`,
    `.SH COMMANDS\n${commands.map(commandText).join("\n")}`,
    `.SH EXIT STATUS\n${exitCodes()}`,
    ".SH FILES\n.TP\n.B privlink.yaml\nthe topology, where no other is named",
    ".SH SEE ALSO\n.BR dig (1),\n.BR named (8),\n.BR unbound (8),\n.BR dnsmasq (8)",
  ];
  return `${sections.join("\n")}\n`;
}

function commandText({ usage, describe, details, options }: Command): string {
  const text = `${describe.charAt(0).toUpperCase()}${describe.slice(1)}.`;
  const more = details === undefined ? "" : `\n.PP\n.nf\n${lines(details.trimEnd())}\n.fi`;
  return `.SS ${escaped(usage)}\n${lines(text)}${more}\n${options.map(optionText).join("\n")}`;
}

function optionText(option: Option): string {
  const { name, short, value, describe, choices, repeatable } = option;
  const flags = [...(short === undefined ? [] : [`-${short}`]), `--${name}`].map((flag) => `\\fB${escaped(flag)}\\fR`);
  const variable = variableOf(option);
  const notes = [
    ...(choices === undefined ? [] : [choices.join(", ")]),
    ...(repeatable === true ? ["repeatable"] : []),
    ...(variable === undefined ? [] : [variable]),
  ];
  const head = `${flags.join(", ")}${value === undefined ? "" : `\\fI${escaped(valueText(option))}\\fR`}`;
  return `.TP\n${head}\n${lines(`${describe}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`)}`;
}

function exitCodes(): string {
  const rows = [...EXIT_CODES_TEXT.matchAll(/^ {2}(\d+) {2}(.+)$/gm)];
  return rows.map(([, code = "", meaning = ""]) => `.TP\n.B ${code}\n${lines(meaning)}`).join("\n");
}

/** Text whose lines are no requests: none begins with a dot or an apostrophe. */
function lines(text: string): string {
  return escaped(text)
    .split("\n")
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join("\n");
}

/** A backslash and a dash mean something in roff; what is no ASCII is named by its number. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(
      /[^\n -~]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}
