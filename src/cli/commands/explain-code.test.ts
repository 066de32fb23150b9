import { afterAll, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../../test/support/memory-io.ts";
import { CATALOGUE } from "../../diagnostics/catalogue.ts";
import { CODE_PAGES } from "../../diagnostics/code-pages.ts";

const folder = makeFolder({});
afterAll(() => folder.remove());

describe("explain-code", () => {
  test("tells cause, input, output and fix of a code", async () => {
    const { code, stdout, stderr } = await run("explain-code zone/cname-beside-data", folder.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^zone\/cname-beside-data\nerror: a CNAME beside other records of its owner\n\n/);
    expect(stdout).toContain("\ncorp.example.zone\n\n    $ORIGIN corp.example.\n");
    expect(stdout).toContain("\nprints\n\n    corp.example.zone:4:1: error: www.corp.example. has a CNAME");
    expect(stdout).toMatch(/\n\nFix: \S[^]+\n {4}--- corp\.example\.zone\n {4}-www A 10\.0\.0\.80\n$/);
  });

  test("has a page for every code", () => {
    expect([...CODE_PAGES.keys()]).toEqual(Object.keys(CATALOGUE));
  });

  test("has a form for programs", async () => {
    const { stdout } = await run("explain-code link/none --format json", folder.path);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "privlink/code/v1", code: "link/none", severity: "warning" });
    const all = await run("explain-code --format json", folder.path);
    expect(JSON.parse(all.stdout)).toMatchObject({ schema: "privlink/codes/v1" });
    expect(JSON.parse(all.stdout).codes).toHaveLength(Object.keys(CATALOGUE).length);
  });

  test("lists every code with its severity", async () => {
    const { stdout } = await run("explain-code", folder.path);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^CODE +SEVERITY +MEANS$/);
    expect(lines).toHaveLength(Object.keys(CATALOGUE).length + 1);
  });

  test.each([
    { word: "zone/cname-besides-data", says: "did you mean zone/cname-beside-data?" },
    { word: "dangling-alia", says: "did you mean zone/dangling-alias?" },
    { word: "links/none", says: "did you mean link/none?" },
    { word: "nonsense", says: "privlink explain-code lists them" },
  ])("$word: $says", async ({ word, says }) => {
    expect(await run(`explain-code ${word}`, folder.path)).toEqual({
      code: 1,
      stdout: "",
      stderr: `privlink: ${word} is no code: ${says}\n`,
    });
  });
});
