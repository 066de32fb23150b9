import { spawnSync } from "node:child_process";
import { beforeEach, describe, expect, test } from "vitest";
import { needs } from "../../test/support/tools.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./command-list.ts";
import { manPage } from "./man-page.ts";

const commands: Command[] = await Promise.all(COMMANDS.map((listed) => listed.load()));

function mandoc(text: string, ...flags: string[]): { readonly stdout: string; readonly code: number | null } {
  const { stdout, status } = spawnSync("mandoc", flags, { input: text, encoding: "utf8" });
  return { stdout, code: status };
}

/** Bold and underlined text is written twice over, with a backspace between. */
function withoutOverstriking(text: string): string {
  return text
    .split("\b")
    .map((part, i, parts) => (i === parts.length - 1 ? part : part.slice(0, -1)))
    .join("");
}

describe("the manual page", () => {
  beforeEach(needs("mandoc"));

  test("is one that mandoc finds nothing wrong with", () => {
    const { stdout, code } = mandoc(manPage(commands, "1.2.3"), "-T", "lint", "-W", "warning");
    // It has no date: a page that is made anew at each build would differ each day.
    expect(stdout.split("\n").filter((line) => line !== "" && !line.includes("missing date"))).toEqual([]);
    expect(code).toBeLessThanOrEqual(2);
  });

  test("has every command and every flag, as somebody reads them", () => {
    const { stdout } = mandoc(manPage(commands, "1.2.3"), "-T", "utf8");
    const text = withoutOverstriking(stdout).replaceAll(/\s+/g, " ");
    for (const { usage, options } of commands) {
      expect(text).toContain(usage.replaceAll(/\s+/g, " "));
      for (const { name } of options) expect(text).toContain(`--${name}`);
    }
  });

  test("a command whose text looks like a request is text", () => {
    const strange: Command = {
      name: "x",
      usage: "x",
      describe: ".so /etc/passwd",
      details: "'quoted\n.de",
      options: [],
      run: () => Promise.resolve(0),
    };
    const { stdout } = mandoc(manPage([strange], "1"), "-T", "ascii");
    expect(stdout).toContain(".so /etc/passwd.");
    expect(stdout).toContain("'quoted\n");
  });
});
