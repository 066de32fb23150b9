import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Command } from "./command.ts";
import type { Environment } from "./io.ts";
import { parseArguments } from "./parse-arguments.ts";

const command: Command = {
  name: "try",
  usage: "privlink try",
  describe: "tries",
  options: [
    { name: "config", short: "c", value: "FILE", describe: "a file" },
    { name: "from", value: "WHO", repeatable: true, describe: "who" },
    { name: "output", short: "o", value: "FORM", choices: ["text", "json"], describe: "a form" },
    { name: "quiet", short: "q", describe: "a switch" },
    { name: "port", short: "p", value: "PORT", describe: "a port", environment: "none" },
  ],
  takesProgram: true,
  run: async () => 0,
};

function parsed(typed: readonly string[], env: Environment = {}): unknown {
  const result = parseArguments(command, typed, env);
  if (result.kind === "problem") return result.message;
  if (result.kind === "help") return "help";
  const { words, values, switches, fromEnvironment, program } = result.args;
  const flags = [...values].flatMap(([name, texts]) => texts.map((text) => `${name}=${text}`));
  return (
    [...words, "|", ...flags, ...switches, ...(program === undefined ? [] : ["--", ...program])].join(" ") +
    (fromEnvironment.size === 0 ? "" : ` (env: ${[...fromEnvironment].join(" ")})`)
  );
}

describe("parseArguments", () => {
  test.each([
    { typed: "a b", gives: "a b |" },
    { typed: "a -c f --from x b --from=y", gives: "a b | config=f from=x from=y" },
    { typed: "-c=f=g", gives: "| config=f=g" },
    { typed: "--from 10 --from 0x10 --from 1e3 --from 010", gives: "| from=10 from=0x10 from=1e3 from=010" },
    { typed: "0x10 1e3 010 1.0", gives: "0x10 1e3 010 1.0 |" },
    { typed: "-q true", gives: "true | quiet" },
    { typed: "-q -q", gives: "| quiet" },
    { typed: "+short @127.0.0.1 _tcp.a", gives: "+short @127.0.0.1 _tcp.a |" },
    { typed: "a -- b --frob -- c", gives: "a | -- b --frob -- c" },
    { typed: "a --", gives: "a | --" },
    { typed: "- -c x", gives: "- | config=x" },
    { typed: "--help", gives: "help" },
    { typed: "-c --help", gives: "help" },
    { typed: "a -- --help", gives: "a | -- --help" },
    { typed: "-c -- a", gives: "--config needs a value: FILE" },
    { typed: "-cf", gives: "unknown option -cf: did you mean -c f?" },
    { typed: "-config f", gives: "unknown option -config: did you mean --config?" },
    { typed: "--c f", gives: "unknown option --c: see privlink try --help" },
    { typed: "--dotted.key f", gives: "unknown option --dotted.key: see privlink try --help" },
  ])("$typed gives $gives", ({ typed, gives }) => {
    expect(parsed(typed.split(" "))).toBe(gives);
  });

  test.each<{ env: Environment; typed: string; gives: string }>([
    { env: { PRIVLINK_CONFIG: "f" }, typed: "a", gives: "a | config=f (env: config)" },
    { env: { PRIVLINK_CONFIG: "f" }, typed: "a -c g", gives: "a | config=g" },
    { env: { PRIVLINK_CONFIG: " " }, typed: "a", gives: "a |" },
    { env: { PRIVLINK_FROM: "x, y z" }, typed: "a", gives: "a | from=x from=y from=z (env: from)" },
    { env: { PRIVLINK_FROM: "x" }, typed: "a --from y", gives: "a | from=y" },
    { env: { PRIVLINK_QUIET: "yes" }, typed: "a", gives: "a | quiet (env: quiet)" },
    { env: { PRIVLINK_QUIET: "0" }, typed: "a", gives: "a |" },
    { env: { PRIVLINK_QUIET: "maybe" }, typed: "a", gives: "PRIVLINK_QUIET is maybe: write 1 or 0" },
    {
      env: { PRIVLINK_OUTPUT: "jsom" },
      typed: "a",
      gives: "PRIVLINK_OUTPUT: jsom is none of text, json: did you mean json?",
    },
    { env: { PRIVLINK_OUTPUT: "jsom" }, typed: "a -o text", gives: "a | output=text" },
    {
      env: { PRIVLINK_PORT: "tcp://10.0.0.1:53", PRIVLINK_SERVICE_HOST: "10.0.0.1", PRIVLINK_SERVICE_PORT: "53" },
      typed: "a",
      gives: "a |",
    },
    { env: { privlink_config: "f", PRIVLINK_FROB: "f", CONFIG: "f" }, typed: "a", gives: "a |" },
  ])("with $env, $typed gives $gives", ({ env, typed, gives }) => {
    expect(parsed(typed.split(" "), env)).toBe(gives);
  });

  test("any words are arguments, a wish for help or a problem in one line, never a throw", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "--",
        "-",
        "-c",
        "--config",
        "--from=",
        "-q",
        "--help",
        "--constructor",
        "--toString=1",
        "--__proto__",
      ),
      fc.string().map((text) => `--${text}`),
      fc.string().map((text) => `-${text}`),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const result = parseArguments(command, words, {});
        if (result.kind === "problem") expect(result.message).not.toBe("");
        else if (result.kind === "arguments") {
          // Every word that is neither a flag nor behind -- is a word, or the value of the flag before it.
          const end = words.indexOf("--");
          const before = end === -1 ? words : words.slice(0, end);
          const plain = before.filter((text) => !text.startsWith("-") || text === "-");
          const kept = [...result.args.words, ...[...result.args.values.values()].flat()];
          for (const text of plain) expect(kept).toContain(text);
        }
      }),
    );
  });
});
