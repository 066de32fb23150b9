import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../../test/support/memory-io.ts";

const folder = makeFolder({ "taken/privlink.yaml": "mine\n", "file.txt": "" });
afterAll(() => folder.remove());

describe("init", () => {
  test("writes a topology that check finds nothing in", async () => {
    const ran = await run("init azure/container-registry azure/storage:blob --out new/deep", folder.path);
    expect(ran).toEqual({
      code: 0,
      stdout: "",
      stderr:
        "privlink: wrote new/deep/privlink.yaml; next: privlink check -c new/deep/privlink.yaml, privlink serve -c new/deep/privlink.yaml\n",
    });
    expect(await run("check new/deep", folder.path)).toEqual({
      code: 0,
      stdout: "",
      stderr: "new/deep: no errors\n",
    });
  });

  test("takes the zones of the region's cloud", async () => {
    await run("init azure/key-vault --location usgovvirginia --out gov", folder.path);
    expect(readFileSync(join(folder.path, "gov", "privlink.yaml"), "utf8")).toContain(
      "  privatelink.vaultcore.usgovcloudapi.net: { links: azure }\n",
    );
  });

  test("leaves a topology that is there alone", async () => {
    const ran = await run("init azure/key-vault --out taken", folder.path);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe("privlink: taken/privlink.yaml is there already: move it, or write elsewhere with --out\n");
    expect(readFileSync(join(folder.path, "taken", "privlink.yaml"), "utf8")).toBe("mine\n");
  });

  test.each([
    { line: "init", says: /^privlink init: a TYPE is missing: privlink catalogue lists them\nusage: / },
    { line: "init azure/keyvault", says: /did you mean azure\/key-vault/ },
    { line: "init azure/key-vault --out file.txt", says: /^privlink: file\.txt\/privlink\.yaml cannot be written: / },
  ])("$line could not run, and says why", async ({ line, says }) => {
    const ran = await run(line, folder.path);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(says);
  });
});
