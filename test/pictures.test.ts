import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "./support/memory-io.ts";

const ROOT = join(import.meta.dirname, "..");

/** `npx vitest run test/pictures.test.ts -u` draws them anew; look at them before you keep them. */
describe("the pictures of docs/graph.md are what the program draws now", () => {
  test.each([
    { file: "forgotten-link", line: "graph -c docs/pictures/forgotten-link.yaml -o svg" },
    {
      file: "forgotten-link-ways",
      line: "graph -c docs/pictures/forgotten-link.yaml --name myregistry.azurecr.io --from all -o svg",
    },
    { file: "example", line: "graph -c zones/privlink.yaml -o svg" },
  ])("$file.svg: privlink $line", async ({ file, line }) => {
    const ran = await run(line, ROOT);
    expect(ran.code).toBe(0);
    await expect(ran.stdout).toMatchFileSnapshot(join(ROOT, "docs", "pictures", `${file}.svg`));
  });
});
