import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTool, type ServerProcess, startServer } from "../support/server.ts";
import { needs } from "../support/tools.ts";

/**
 * What people's tools print of the built-in example. A golden file is a list of commands, `$ dig …`, each with what it
 * printed; `PORT` in a command is the server's. The files hold the commands too: to ask something new, write its line and run
 * with `UPDATE_GOLDEN=1`, then read what came.
 */
const FOLDER = join(import.meta.dirname, "golden");
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

const FILES: readonly { readonly file: string; readonly shows: string; readonly needs: readonly string[] }[] = [
  { file: "dig-networks.txt", shows: "one name from every network", needs: ["dig", "127.10.0.4"] },
  { file: "dig-subnet.txt", shows: "the client subnet option, good and bad", needs: ["dig"] },
  { file: "dig-transports.txt", shows: "UDP, TCP and IPv6", needs: ["dig", "127.10.0.4", "::1"] },
  { file: "dig-types.txt", shows: "types: missing, unknown, ANY, DS, the root", needs: ["dig", "127.10.0.4"] },
  {
    file: "dig-denials.txt",
    shows: "names that are not there, and by whom they are denied",
    needs: ["dig", "127.10.0.4"],
  },
  {
    file: "dig-edns.txt",
    shows: "with EDNS and without, with options that nobody sends",
    needs: ["dig", "127.10.0.4"],
  },
  { file: "dig-classes.txt", shows: "other classes, opcodes and transfers", needs: ["dig"] },
  { file: "dig-built-in.txt", shows: "names that every resolver knows", needs: ["dig", "127.10.0.4"] },
  { file: "kdig.txt", shows: "kdig", needs: ["kdig", "127.10.0.4"] },
  { file: "drill.txt", shows: "drill", needs: ["drill", "127.10.0.4"] },
  { file: "nslookup.txt", shows: "nslookup", needs: ["nslookup"] },
  { file: "host.txt", shows: "host", needs: ["host"] },
];

/** What differs from run to run: id, query time, date, size, cookie and port. Nothing else is masked. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\bid: \d+/g, "id: ID"],
  [/(;; Query time:) \d+ (msec|ms)/g, "$1 TIME $2"],
  [/(;; WHEN:) .*/g, "$1 WHEN"],
  [/(;; Time) .*/g, "$1 WHEN"],
  [/( in) \d+(?:\.\d+)? ms/g, "$1 TIME ms"],
  [/(;; MSG SIZE {2}rcvd:) \d+/g, "$1 SIZE"],
  [/(;; Received) \d+ B/g, "$1 SIZE B"],
  [/(; COOKIE:) [0-9a-fA-F]+/g, "$1 COOKIE"],
];

const server: { process?: ServerProcess } = {};
beforeAll(async () => {
  // A machine without IPv6 shows the rest.
  const args = ["--id", "golden"];
  server.process = await startServer({ listen: ["127.0.0.1:0", "[::1]:0"], args }).catch(() => startServer({ args }));
});
afterAll(async () => {
  expect(await server.process?.stop()).toEqual({ code: 0, signal: null });
});

describe.each(FILES)("$file shows $shows", ({ file, needs: things }) => {
  test("as the tool prints it", async (context) => {
    await needs(...things)(context);
    const path = join(FOLDER, file);
    const expected = readFileSync(path, "utf8");
    const blocks = await Promise.all(commandsOf(expected).map((command) => outputOf(command)));
    const got = blocks.join("\n");
    if (isUpdate) writeFileSync(path, got);
    else expect(got).toBe(expected);
    expect(blocks.length).toBeGreaterThan(2);
  });
});

function commandsOf(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("$ "))
    .map((line) => line.slice(2));
}

/** A command with what it prints, masked. */
async function outputOf(command: string): Promise<string> {
  const [tool = "", ...words] = command.split(" ");
  const { at = [] } = server.process ?? {};
  const port = String(at.find(({ address }) => (address.family === 6) === command.includes("@::1"))?.port ?? 0);
  const { stdout, stderr } = await runTool(
    tool,
    words.map((word) => word.replace("PORT", port)),
  );
  let text = (stdout + stderr).replaceAll(new RegExp(`([#@])${port}\\b`, "g"), "$1PORT");
  for (const [pattern, mask] of MASKS) text = text.replaceAll(pattern, mask);
  return `$ ${command}\n${text.trim()}\n`;
}
