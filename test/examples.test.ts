import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadProject } from "../src/project/load-project.ts";
import { ProjectFiles } from "../src/project/project-files.ts";
import { renderCompact } from "../src/report/compact.ts";
import { sourceFile } from "../src/source/source-file.ts";
import { type Checkout, openCheckout } from "./support/checkout.ts";
import { blocksOf, commandsOf, isCommands, runDocument } from "./support/documents.ts";
import { unmet } from "./support/expectations.ts";
import { run } from "./support/memory-io.ts";
import { needs } from "./support/tools.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, "examples");
const EXAMPLES = readdirSync(FOLDER).toSorted();
const PORTS = [5300, 5301];

/** The first example tells in its README what every answer is, and what `check` says. */
const SAYS_BY_ITS_README = new Set(["azure-container-registry"]);
const SHOWN_WARNINGS = new Set(["azure-container-registry/steps/02-zone.yaml"]);

function read(...path: readonly string[]): string {
  return readFileSync(join(FOLDER, ...path), "utf8");
}

/** The topologies of an example, by path: a step for each, or one that is the whole of it. */
function topologies(example: string): readonly string[] {
  const steps = join(FOLDER, example, "steps");
  if (!existsSync(steps)) return ["privlink.yaml"];
  return readdirSync(steps)
    .toSorted()
    .map((name) => `steps/${name}`);
}

describe.each(EXAMPLES)("%s", (example) => {
  test("has a README", () => {
    expect(existsSync(join(FOLDER, example, "README.md"))).toBe(true);
  });

  test("shows of its topologies what stands in them", () => {
    const texts = readdirSync(join(FOLDER, example), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".yaml"))
      .map((path) => read(example, path));
    for (const { language, lines, line } of blocksOf(read(example, "README.md"))) {
      if (language !== "yaml") continue;
      const excerpt = `${lines.join("\n")}\n`;
      expect(
        texts.some((text) => text.includes(excerpt)),
        `line ${line}: ${excerpt}`,
      ).toBe(true);
    }
  });

  test.each(topologies(example))("%s loads without a warning, and everything it expects holds", (path) => {
    const folder = join(FOLDER, example);
    const { snapshot, diagnostics } = loadProject(
      sourceFile(path, read(example, path)),
      new ProjectFiles(folder, folder),
    );
    const told = diagnostics.filter(({ severity }) => severity !== "info" && !SHOWN_WARNINGS.has(`${example}/${path}`));
    expect(told.map(renderCompact)).toEqual([]);
    expect(snapshot.topology.expectations.length > 0 || SAYS_BY_ITS_README.has(example)).toBe(true);
    expect(unmet(snapshot)).toEqual([]);
  });

  test.each(topologies(example))("%s passes privlink test", async (path) => {
    const { code, stderr } = await run(`test -c ${path}`, join(FOLDER, example));
    const isSilent = SAYS_BY_ITS_README.has(example);
    expect(code, stderr).toBe(isSilent ? 1 : 0);
    expect(stderr).toContain(isSilent ? `nothing to test: ${path} expects nothing` : " met");
  });

  test("asks every step something", () => {
    const commands = blocksOf(read(example, "README.md"))
      .filter(isCommands)
      .flatMap(commandsOf)
      .map(({ command }) => command);
    const steps = topologies(example).filter((path) => path.startsWith("steps/"));
    const unasked = steps.filter((step) => !commands.some((command) => command.includes(step)));
    expect(commands.length).toBeGreaterThan(0);
    expect(unasked).toEqual([]);
  });
});

describe("every command that an example shows", () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = await openCheckout(PORTS);
  }, 120_000);
  afterAll(async () => checkout.close());
  beforeEach(needs("dig"));

  test.each(EXAMPLES)(
    "%s: prints what is shown",
    async (example) => {
      expect(await runDocument(ROOT, join("examples", example, "README.md"), checkout)).toEqual([]);
    },
    120_000,
  );
});
