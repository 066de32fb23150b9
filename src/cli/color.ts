import type { Arguments } from "./command.ts";
import { NO_COLOR_OPTION } from "./command.ts";
import type { Io } from "./io.ts";

/**
 * Whether a stream gets colours: not with `--no-color`, always with FORCE_COLOR (0 and false: never), not with NO_COLOR or
 * on a dumb terminal, else where somebody looks.
 */
export function takesColor(args: Arguments, io: Io, stream: "stdout" | "stderr"): boolean {
  const { FORCE_COLOR: force = "", NO_COLOR: none = "", TERM: terminal } = io.env;
  if (args.switches.has(NO_COLOR_OPTION.name)) return false;
  if (force !== "") return force !== "0" && force !== "false";
  if (none !== "") return false; // https://no-color.org: present and not empty, whatever it says.
  return io.isTerminal[stream] && terminal !== "dumb";
}
