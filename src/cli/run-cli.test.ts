import { afterAll, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../test/support/memory-io.ts";
import type { Command, Option } from "./command.ts";
import { variableOf } from "./command.ts";
import { COMMANDS } from "./command-list.ts";
import { commandHelp } from "./help.ts";

const folder = makeFolder({});
afterAll(() => folder.remove());

const commands: Command[] = await Promise.all(COMMANDS.map((listed) => listed.load()));

describe("help", () => {
  test.each(["--help", "-h", "help"])(
    "privlink %s lists the commands and the exit codes on standard output",
    async (line) => {
      const { code, stdout, stderr } = await run(line, folder.path);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const width = Math.max(...COMMANDS.map(({ name }) => name.length));
      for (const { name, describe } of COMMANDS) expect(stdout).toContain(`  ${name.padEnd(width)}  ${describe}\n`);
      expect(stdout).toContain("test: an expectation that does not hold\n  9  query: no reply\n");
    },
  );

  test.each(["version --help", "version -h", "help version", "--help version", "version x --frob --help"])(
    "privlink %s is the help of version",
    async (line) => {
      expect(await run(line, folder.path)).toEqual({
        code: 0,
        stderr: "",
        stdout: `privlink version [-o FORM]

The version, and what it runs on.

Flags:
  -o, --output FORM  the form  [text | json; env PRIVLINK_OUTPUT]
  -h, --help         this text

Exit codes:
  0  clean; query: a reply came, whatever it says
  1  could not run: misuse, unreadable files, an invalid topology, a port that is taken
  2  check, diff: findings at or above --fail-on; test: an expectation that does not hold
  9  query: no reply
`,
      });
    },
  );

  test("a command line without a command is misuse, and help comes with it, on standard error", async () => {
    const { code, stdout, stderr } = await run("", folder.path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("Usage: privlink COMMAND");
  });

  test.each(commands)(
    "$name is listed as what it is called, and its help has every flag with its variable",
    (command) => {
      expect(COMMANDS.map(({ name }) => name)).toContain(command.name);
      expect(command.usage.startsWith(`privlink ${command.name}`)).toBe(true);
      const help = commandHelp(command);
      for (const option of command.options) {
        expect(help).toContain(`--${option.name}`);
        const variable = variableOf(option);
        if (variable !== undefined) expect(help).toContain(`env ${variable}]`);
      }
    },
  );
});

describe("options", () => {
  const options: readonly Option[] = commands.flatMap((command) => command.options);

  test("no twin is a variable that an orchestrator sets for a service called privlink, or privlink- and more", () => {
    const variables = options.map(variableOf).filter((variable) => variable !== undefined);
    expect(variables.length).toBeGreaterThan(10);
    const isTaken = /_SERVICE_HOST$|_SERVICE_PORT(?:_\w+)?$|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)?$/;
    for (const variable of variables) expect(variable).not.toMatch(isTaken);
  });

  test.each(commands)("the flags of $name have names and letters of their own", ({ options: own }) => {
    const names = own.flatMap(({ name, short }) => (short === undefined ? [name] : [name, short]));
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("help");
    expect(names).not.toContain("h");
  });
});

describe("a variable that commands share", () => {
  test.each([
    { line: "version", env: { PRIVLINK_OUTPUT: "dot" }, because: "only graph draws it" },
    { line: "explain-code link/none", env: { PRIVLINK_FORMAT: "sarif" }, because: "only check writes it" },
    {
      line: "version",
      env: { PRIVLINK_WRITE: "1", PRIVLINK_REPORT: "tap=x" },
      because: "what a run writes has no twin",
    },
  ])("is left to the others by $line with $env: $because", async ({ line, env }) => {
    const without = await run(line, folder.path);
    expect(await run(line, folder.path, { env })).toEqual({ ...without, code: 0 });
  });

  test("is refused where no command takes its value", async () => {
    const { code, stderr } = await run("version", folder.path, { env: { PRIVLINK_OUTPUT: "jsom" } });
    expect({ code, said: stderr.split("\n")[0] }).toEqual({
      code: 1,
      said: "privlink version: PRIVLINK_OUTPUT: jsom is none of text, json: did you mean json?",
    });
  });
});

describe("version", () => {
  test.each(["version", "--version", "-V"])("privlink %s", async (line) => {
    expect(await run(line, folder.path)).toEqual({ code: 0, stdout: "privlink 1.2.3 (node v20 test)\n", stderr: "" });
  });

  test("as JSON", async () => {
    const { stdout } = await run("version -o json", folder.path);
    expect(JSON.parse(stdout)).toEqual({ schema: "privlink/version/v1", version: "1.2.3", runtime: "node v20 test" });
  });
});

test("flags that every command has may stand before it", async () => {
  const { stderr } = await run("-c nowhere.yaml list networks", folder.path);
  expect(stderr).toBe(`privlink: ${folder.path}/nowhere.yaml does not exist\n`);
});
