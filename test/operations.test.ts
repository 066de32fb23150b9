import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runCli } from "../src/cli/run-cli.ts";
import { blocksOf } from "./support/documents.ts";
import { EXAMPLE_FOLDER, makeFolder, memoryIo, run } from "./support/memory-io.ts";
import { PROGRAM, runTool } from "./support/server.ts";
import { needs } from "./support/tools.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGE = readFileSync(join(ROOT, "docs", "operations.md"), "utf8");

/** The rows of the table below a heading: cells, trimmed, without the two rows of its head. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = PAGE.split(`\n## ${heading}\n`);
  const lines = (section.split(/^##/m)[0] ?? "").split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** The stretches of a cell that are set as code. */
function codeIn(cell = ""): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = ""]) => code);
}

/** A family of metrics as a scrape shows it: its name, its type, the labels that its samples have. */
interface Family {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** The families of the program's own, in order of their names. */
function familiesIn(text: string): readonly Family[] {
  const types = Array.from(text.matchAll(/^# TYPE (privlink_\w+) (\w+)$/gm));
  return types
    .map(([, name = "", type = ""]) => {
      const samples = Array.from(text.matchAll(new RegExp(`^${name}(?:_bucket)?\\{([^}]*)\\}`, "gm")));
      const labels = samples.flatMap(([, list = ""]) =>
        Array.from(list.matchAll(/(\w+)="/g), ([, label = ""]) => label),
      );
      return { name, type, labels: [...new Set(labels)].filter((label) => label !== "le").toSorted() };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

describe("docs/operations.md", () => {
  let scraped = "";
  beforeAll(async () => {
    const folder = makeFolder({ "corp.zone": "$ORIGIN corp.example.\n@ 60 SOA ns me 1 2 3 4 5\nwww 60 A 10.0.0.1\n" });
    const memory = memoryIo(folder.path);
    // Nobody answers at port 9 of loopback: the machine says so at once, and a real server has had a part in the question.
    const words = "serve corp.zone --listen 127.0.0.1:0 --forward real.example=127.0.0.1:9 --metrics 127.0.0.1:0";
    const ended = runCli([...words.split(" "), "--log-level", "silent"], memory.io);
    await vi.waitFor(() => expect(memory.stderr()).toMatch(/\nReady\.\n$/), 10_000);
    const at = (kind: string): string =>
      new RegExp(`^ ${kind}\\s+\\S+\\s+([^/\\s]+)`, "m").exec(memory.stderr())?.[1] ?? "";
    for (const name of ["www.corp.example", "www.real.example"])
      await run(`query ${name} @${at("dns")} +time=5`, EXAMPLE_FOLDER);
    scraped = await (await fetch(`http://${at("metrics")}/metrics`)).text();
    memory.send("SIGTERM");
    expect(await ended).toBe(0);
    folder.remove();
  }, 30_000);

  test("has a row for each metric that a server shows, with its type and its labels, and no other", () => {
    const documented = tableBelow("Metrics").map(([name, type = "", labels]) => ({
      name: codeIn(name)[0] ?? "",
      type,
      labels: codeIn(labels).toSorted(),
    }));
    const rows = documented.filter(({ name }) => name !== "").toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toEqual(familiesIn(scraped));
  });

  test("wakes people by metrics and labels that there are", () => {
    const known = familiesIn(scraped);
    const expressions = codeIn(PAGE.split("\n### What to be woken by\n")[1]?.split("\n## ")[0]);
    const named = expressions.flatMap((code) => Array.from(code.matchAll(/(privlink_\w+)(?:\{([^}]*)\})?/g)));
    expect(named.length).toBeGreaterThan(5);
    for (const [, name, matchers = ""] of named) {
      const family = known.find((one) => one.name === name);
      expect(family, name).toBeDefined();
      for (const [, label] of matchers.matchAll(/(\w+)="/g)) expect(family?.labels, name).toContain(label);
    }
  });

  test("says what lines of the log mean that there are", () => {
    const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .map((path) => readFileSync(join(ROOT, "src", path), "utf8").replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…"))
      .join("\n");
    const lines = tableBelow("Logs").flatMap(([line]) => codeIn(line));
    expect(lines.length).toBeGreaterThan(12);
    expect(lines.filter((line) => !sources.includes(line))).toEqual([]);
  });
});

describe("docs/deploy.md in CI", () => {
  const page = readFileSync(join(ROOT, "docs", "deploy.md"), "utf8");
  const steps = blocksOf(page)
    .filter(({ language }) => language === "yaml")
    .flatMap(({ lines }) => lines)
    .flatMap((line) => /^ +- run: npx privlink ([^>]+?)(?: >>.*)?$/.exec(line)?.[1] ?? []);
  const net = Object.fromEntries(
    readdirSync(EXAMPLE_FOLDER, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(?:yaml|zone)$/.test(path))
      .map((path) => [`net/${path}`, readFileSync(join(EXAMPLE_FOLDER, path), "utf8")]),
  );
  const folder = makeFolder(net);
  beforeEach(needs("git"));
  beforeAll(async () => {
    const git = (...args: readonly string[]) =>
      runTool("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], folder.path);
    await git("init", "--quiet");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "first");
    await git("update-ref", "refs/remotes/origin/main", "HEAD");
  }, 30_000);
  afterAll(() => folder.remove());

  test("has steps", () => {
    expect(steps.map((step) => step.split(" ")[0])).toEqual(["check", "test", "diff"]);
  });

  test.each(steps)("privlink %s can be run", async (step) => {
    const { code, stderr } = await runTool(process.execPath, [PROGRAM, ...step.split(" ")], folder.path);
    expect(code, stderr).toBe(0);
  });

  test("leaves the reports that the next steps read", () => {
    expect(readdirSync(folder.path)).toEqual(expect.arrayContaining(["check.sarif", "test.xml"]));
  });
});
