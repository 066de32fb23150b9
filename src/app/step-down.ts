import { fileURLToPath } from "node:url";
import type { ControlPlace } from "../control/access.ts";
import { becomeUser, giveTo, type ServerUser, unreadable } from "./server-user.ts";

/**
 * Gives up privileges once every socket is open, where somebody is named to become. Says why it could not, or why a server of
 * that user is of no use: files that it may not read again could never be reloaded.
 */
export function stepDown(
  { user, control }: { readonly user?: ServerUser; readonly control?: ControlPlace },
  files: readonly string[],
): string[] {
  if (user === undefined) return [];
  // Its owner alone may use the socket, so it goes to whom the server is.
  const kept = control?.kind === "socket" ? giveTo(user, control.path) : undefined;
  const problem = kept ?? becomeUser(user);
  if (problem !== undefined) return [problem];
  const file = unreadable([...files, fileURLToPath(import.meta.url)]); // Of the program something is read by a reload, too.
  return file === undefined
    ? []
    : [
        `--user: ${user.text} has no right to read ${file}, so it could not be reloaded: give it the right, or name another user`,
      ];
}
