import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Checkout, openCheckout } from "./support/checkout.ts";
import { blocksOf, commandsOf, isCommands, runDocument } from "./support/documents.ts";
import { needs } from "./support/tools.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, "examples");
const EXAMPLES = readdirSync(FOLDER).toSorted();
const PORTS = [5300, 5301];

function read(...path: readonly string[]): string {
  return readFileSync(join(FOLDER, ...path), "utf8");
}

function steps(example: string): readonly string[] {
  return readdirSync(join(FOLDER, example, "steps")).toSorted();
}

describe.each(EXAMPLES)("%s", (example) => {
  test("has a README", () => {
    expect(existsSync(join(FOLDER, example, "README.md"))).toBe(true);
  });

  test("shows of its steps what stands in them", () => {
    const texts = steps(example).map((step) => read(example, "steps", step));
    for (const { language, lines, line } of blocksOf(read(example, "README.md"))) {
      if (language !== "yaml") continue;
      const excerpt = `${lines.join("\n")}\n`;
      expect(
        texts.some((text) => text.includes(excerpt)),
        `line ${line}: ${excerpt}`,
      ).toBe(true);
    }
  });

  test("asks every step something", () => {
    const commands = blocksOf(read(example, "README.md"))
      .filter(isCommands)
      .flatMap(commandsOf)
      .map(({ command }) => command);
    const unasked = steps(example).filter((step) => !commands.some((command) => command.includes(`steps/${step}`)));
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
