import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CATALOGUE } from "../src/diagnostics/catalogue.ts";
import { renderCompact } from "../src/report/compact.ts";
import { renderText } from "../src/report/text.ts";
import { aboutOf, checkFolders, diagnosticsIn, inputFiles } from "./support/check-folders.ts";
import { changedLines, codePagesData, diagnosticsDocument } from "./support/diagnostics-document.ts";

/** `node scripts/write-diagnostics-doc.mjs` writes the expected texts and the page anew. */
const PAGE = join(import.meta.dirname, "..", "docs", "diagnostics.md");
const DATA = join(import.meta.dirname, "..", "src", "diagnostics", "data", "code-pages.json");
const CODES = Object.keys(CATALOGUE);
const FAULTY = [...checkFolders("err")].map(([code, folder]) => ({ code, folder }));
const MENDED = [...checkFolders("ok")].map(([code, folder]) => ({ code, folder }));

/** Codes that cannot come alone: reading stops after many problems; what is wrong is told beside what is wrong about its excuse. */
const NEVER_ALONE: ReadonlyMap<string, string> = new Map([
  ["zonefile/too-many-problems", "zonefile/unknown-type"],
  ["zonefile/ttl-too-large", "zone/zero-ttl"],
  ["suppression/no-reason", "link/none"],
]);

describe("a folder with one fault", () => {
  test.each(FAULTY)("$code prints its expected text, and nothing else", async ({ code, folder }) => {
    const found = diagnosticsIn(folder);
    const company = NEVER_ALONE.get(code);
    const own = found.filter((diagnostic) => diagnostic.code !== company);
    expect(own.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const text = own.map((diagnostic) => renderText(diagnostic, { color: false })).join("");
    await expect(text).toMatchFileSnapshot(join(folder, "expected.txt"));
  });

  test.each(FAULTY)("$code says why, and what to do", ({ folder }) => {
    const about = aboutOf(folder);
    expect(about).toHaveLength(2);
    for (const paragraph of about) expect(paragraph).toMatch(/^\S.*[.]$/);
  });
});

describe("its twin", () => {
  test.each(MENDED)("of $code prints nothing worth a change", ({ code, folder }) => {
    const found = diagnosticsIn(folder).filter((one) => one.severity !== "info" || one.code === code);
    expect(found.map(renderCompact)).toEqual([]);
  });

  test.each(MENDED)("of $code differs by the fix alone", ({ code, folder }) => {
    const bad = inputFiles(checkFolders("err").get(code) ?? "");
    const good = inputFiles(folder);
    const paths = new Set([...bad.keys(), ...good.keys()]);
    const changes = [...paths].flatMap((path) =>
      changedLines((bad.get(path) ?? "").split("\n"), (good.get(path) ?? "").split("\n")),
    );
    const added = changes.filter((line) => line.startsWith("+"));
    expect(changes.length).toBeGreaterThan(0);
    expect(added.length).toBeLessThanOrEqual(5);
  });
});

describe("the catalogue, the folders and the page", () => {
  test("have the same codes", () => {
    const page = readFileSync(PAGE, "utf8");
    const headings = [...page.matchAll(/^### (\S+)$/gm)].map(([, code = ""]) => code);
    expect(headings.toSorted()).toEqual(CODES.toSorted());
    expect(FAULTY.map(({ code }) => code).toSorted()).toEqual(CODES.toSorted());
    expect(MENDED.map(({ code }) => code).toSorted()).toEqual(CODES.toSorted());
  });

  test("say the same", async () => {
    await expect(diagnosticsDocument()).toMatchFileSnapshot(PAGE);
    await expect(codePagesData()).toMatchFileSnapshot(DATA);
  });
});
