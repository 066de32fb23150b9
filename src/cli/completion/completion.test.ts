import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../test/support/memory-io.ts";
import { needs } from "../../../test/support/tools.ts";

const folder = mkdtempSync(join(tmpdir(), "privlink-completion-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SHELLS = ["bash", "zsh", "fish"] as const;

/** What a shell offers for the last of the words, as it does when somebody presses the tabulator. */
const OFFERS: Readonly<Record<(typeof SHELLS)[number], (words: readonly string[]) => readonly string[]>> = {
  bash: (words) => [
    "--norc",
    "-c",
    `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _privlink; printf '%s\\n' "\${COMPREPLY[@]}"`,
    "bash",
    ...words,
  ],
  // Where completion ends, zsh hands words to compadd: here it prints those that fit.
  zsh: (words) => [
    "-fc",
    `compdef() { :; }; _files() { :; }
     compadd() {
       local -a all; local last
       while (($#)); do case $1 in -a) all=(\${(P)2}); shift 2 ;; -d) shift 2 ;; -l) shift ;; --) shift; all=("$@"); break ;; esac; done
       print -l -- \${(M)all:#\${words[CURRENT]}*}
     }
     source ./zsh; words=("$@"); CURRENT=$#; _privlink`,
    "zsh",
    ...words,
  ],
  fish: (words) => ["--no-config", "-c", `source ./fish; complete -C '${words.join(" ")}' | string split -f1 \\t`],
};

describe.each(SHELLS)("in %s", (shell) => {
  beforeEach(needs(shell));
  beforeAll(async () => {
    writeFileSync(join(folder, shell), (await run(`completion ${shell}`, folder)).stdout);
  });

  function offered(...words: string[]): string[] {
    const ran = spawnSync(shell, OFFERS[shell](words), { cwd: folder, encoding: "utf8", timeout: 20_000 });
    expect(ran.stderr).toBe("");
    return ran.stdout.split("\n").filter((line) => line !== "");
  }

  test.each([
    { words: ["privlink", "comp"], offers: ["completion"], because: "commands" },
    { words: ["privlink", "check", "--form"], offers: ["--format"], because: "flags of the command" },
    { words: ["privlink", "check", "--format", "comp"], offers: ["compact"], because: "values of a flag" },
    { words: ["privlink", "query", "a.example", "-o", "sh"], offers: ["short"], because: "values of its short form" },
    { words: ["privlink", "list", "netw"], offers: ["networks"], because: "words, where they are few" },
    { words: ["privlink", "completion", ""], offers: ["bash", "fish", "zsh"], because: "all of them" },
    { words: ["privlink", "list", "--nothing"], offers: [], because: "no flag of another command" },
  ])("$words: $because", ({ words, offers }) => {
    expect(offered(...words).toSorted()).toEqual(offers);
  });
});

test("bash takes --flag=value apart", async (context) => {
  await needs("bash")(context);
  const words = ["privlink", "check", "--format", "=", "js"];
  const ran = spawnSync("bash", OFFERS.bash(words), { cwd: folder, encoding: "utf8" });
  expect(ran.stdout).toBe("json\n");
});

test.each([
  { line: "completion", says: "privlink completion: a shell is missing: bash, zsh or fish" },
  {
    line: "completion fisch",
    says: "privlink completion: no completion for fisch: bash, zsh or fish: did you mean fish?",
  },
])("privlink $line could not run", async ({ line, says }) => {
  const ran = await run(line, folder);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(says);
});
