import { spawnSync } from "node:child_process";

/** What git printed, or why it printed nothing. */
export type GitResult =
  | { readonly kind: "output"; readonly stdout: Buffer }
  /** A sentence without a full stop. */
  | { readonly kind: "problem"; readonly message: string };

/** More than any listing of files, and than the zone files that are read together. */
const MAX_OUTPUT = 2 ** 30;

/**
 * Runs git in a folder, to its end. Nothing of it goes through a shell, and nothing is fetched: what a partial clone does not
 * have is missing.
 */
export function runGit(folder: string, args: readonly string[], input?: string): GitResult {
  const ran = spawnSync("git", ["-C", folder, ...args], {
    env: { ...process.env, LC_ALL: "C", GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" },
    maxBuffer: MAX_OUTPUT,
    ...(input === undefined ? {} : { input }),
  });
  if (ran.error !== undefined) {
    const isMissing = "code" in ran.error && ran.error.code === "ENOENT";
    return { kind: "problem", message: isMissing ? "git is not installed" : `git cannot be run: ${ran.error.message}` };
  }
  if (ran.status === 0) return { kind: "output", stdout: ran.stdout };
  const said = ran.stderr
    .toString("utf8")
    .trim()
    .split("\n")[0]
    ?.replace(/^fatal: /, "");
  return {
    kind: "problem",
    message: said === undefined || said === "" ? `git ended with ${ran.status}` : `git says: ${said}`,
  };
}
