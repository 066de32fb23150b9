import type { Command } from "./command.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** Says what is wrong with what was typed, and what could be; the exit code of that. */
export function misuse(io: Io, command: Pick<Command, "name" | "usage">, message: string): ExitCode {
  io.stderr(`privlink ${command.name}: ${message}\nusage: ${command.usage}\nsee: privlink ${command.name} --help\n`);
  return ExitCodes.COULD_NOT_RUN;
}

/** Says why the command cannot do what it was rightly asked to. */
export function couldNotRun(io: Io, message: string): ExitCode {
  io.stderr(`privlink: ${message}\n`);
  return ExitCodes.COULD_NOT_RUN;
}
