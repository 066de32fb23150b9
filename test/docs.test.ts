import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Checkout, openCheckout } from "./support/checkout.ts";
import { blocksOf, isCommands, runDocument } from "./support/documents.ts";
import { describeWith } from "./support/tools.ts";

const ROOT = join(import.meta.dirname, "..");
const DOCUMENTS = ["README.md", ...markdownBelow("docs")];
/** The ports that documents show; each is exchanged for a free one. */
const PORTS = [5300, 5301];

function markdownBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith(".md"))
    .toSorted();
}

const WITH_COMMANDS = DOCUMENTS.filter((path) => blocksOf(readFileSync(join(ROOT, path), "utf8")).some(isCommands));

describeWith(["dig"], "every command that a document shows", () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = await openCheckout(PORTS);
  }, 120_000);
  afterAll(async () => checkout.close());

  test.each(WITH_COMMANDS)(
    "%s: prints what is shown",
    async (path) => {
      expect(await runDocument(ROOT, path, checkout)).toEqual([]);
    },
    120_000,
  );
});
