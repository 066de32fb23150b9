import { nearest } from "../name/nearest.ts";
import { type Command, variableOf } from "./command.ts";
import { COMMANDS, type ListedCommand } from "./command-list.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import { commandHelp, rootHelp } from "./help.ts";
import type { Environment, Io } from "./io.ts";
import { misspeltVariable } from "./misspelt-variable.ts";
import { misuse } from "./misuse.ts";
import { type ParsedArguments, parseArguments } from "./parse-arguments.ts";

/** Runs what was typed behind `privlink`. Gives the exit code. */
export async function runCli(typed: readonly string[], io: Io): Promise<ExitCode> {
  const at = commandIndex(typed);
  const word = typed[at];
  const before = typed.slice(0, at);
  if (word === undefined) return withoutCommand(before, io);
  if (word === "help") return help([...before, ...typed.slice(at + 1)], io);
  const listed = findCommand(word);
  if (listed === undefined) return unknownCommand(word, io);
  const command = await listed.load();
  const parsed = await parseWithTwins(command, [...before, ...typed.slice(at + 1)], io.env);
  switch (parsed.kind) {
    case "help":
      io.stdout(commandHelp(command));
      return ExitCodes.CLEAN;
    case "problem":
      return misuse(io, command, parsed.message);
    case "arguments": {
      const misspelt = await misspeltVariable(command, io.env);
      return misspelt === undefined ? command.run(parsed.args, io) : misuse(io, command, misspelt);
    }
  }
}

/**
 * Commands share variables and not their choices: a value that only others take is theirs, as `PRIVLINK_FORMAT=sarif` is where
 * test runs beside check. What no command takes is a mistake.
 */
async function parseWithTwins(command: Command, typed: readonly string[], env: Environment): Promise<ParsedArguments> {
  const parsed = parseArguments(command, typed, env);
  if (parsed.kind !== "problem" || parsed.stray === undefined) return parsed;
  const { variable, text } = parsed.stray;
  const commands = await Promise.all(COMMANDS.map((listed) => listed.load()));
  const isTheirs = commands
    .flatMap(({ options }) => options)
    .some((option) => variableOf(option) === variable && option.choices?.includes(text) === true);
  return isTheirs ? parseWithTwins(command, typed, { ...env, [variable]: undefined }) : parsed;
}

/** Where the command stands: behind flags that every command has, if somebody writes those first. */
function commandIndex(typed: readonly string[]): number {
  let at = 0;
  while (typed[at]?.startsWith("-") === true) at += typed[at] === "-c" || typed[at] === "--config" ? 2 : 1;
  return at;
}

function findCommand(word: string): ListedCommand | undefined {
  return COMMANDS.find(({ name }) => name === word);
}

/** Nothing but flags: help and version mean something alone. */
function withoutCommand(flags: readonly string[], io: Io): Promise<ExitCode> | ExitCode {
  const [flag] = flags;
  if (flag === "--help" || flag === "-h") {
    io.stdout(rootHelp(io.version));
    return ExitCodes.CLEAN;
  }
  if (flag === "--version" || flag === "-V") return runCli(["version"], io);
  io.stderr(
    flag === undefined
      ? `privlink: a command is missing\n\n${rootHelp(io.version)}`
      : `privlink: ${flag} needs a command before it\nsee: privlink --help\n`,
  );
  return ExitCodes.COULD_NOT_RUN;
}

async function help(words: readonly string[], io: Io): Promise<ExitCode> {
  const [word] = words;
  if (word === undefined) {
    io.stdout(rootHelp(io.version));
    return ExitCodes.CLEAN;
  }
  const listed = findCommand(word);
  if (listed === undefined) return unknownCommand(word, io);
  io.stdout(commandHelp(await listed.load()));
  return ExitCodes.CLEAN;
}

/** Words that other tools use for what a command does. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["start", "serve"],
  ["run", "serve"],
  ["server", "serve"],
  ["dig", "query"],
  ["resolve", "query"],
  ["lookup", "query"],
  ["why", "explain"],
  ["trace", "explain"],
  ["validate", "check"],
  ["lint", "check"],
  ["ls", "list"],
  ["get", "list"],
  ["show", "view"],
  ["describe", "view"],
  ["catalog", "catalogue"],
]);

function unknownCommand(word: string, io: Io): ExitCode {
  const near =
    SYNONYMS.get(word.toLowerCase()) ??
    nearest(
      word,
      COMMANDS.map(({ name }) => name),
    );
  io.stderr(
    `privlink: unknown command ${word}${near === undefined ? "" : `: did you mean ${near}?`}\n` +
      `commands: ${COMMANDS.map(({ name }) => name).join(", ")}\nsee: privlink --help\n`,
  );
  return ExitCodes.COULD_NOT_RUN;
}
