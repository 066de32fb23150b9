import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explain, explanationText } from "../src/explain/explain.ts";
import { withFindings } from "../src/lint/lint.ts";
import { knownName } from "../src/name/name-text.ts";
import { RecordTypes } from "../src/record/record-type.ts";
import { typeNumber } from "../src/record/type-names.ts";
import { renderCompact } from "../src/report/compact.ts";
import { resolveOffline } from "../src/resolve/resolve.ts";
import { addresseeNamed } from "./support/asked-line.ts";
import { loadText } from "./support/memory-files.ts";

/**
 * Each folder is one way to forward, or one that people get wrong: a topology, questions, and everything that `check` and
 * `explain` say of them. `npx vitest run test/explained.test.ts --update` writes the expected texts: look at the difference.
 */
const FOLDER = join(import.meta.dirname, "explained");
const cases = readdirSync(FOLDER);

test.each(cases)("%s", async (name) => {
  const folder = join(FOLDER, name);
  const { snapshot, diagnostics } = loadText(readFileSync(join(folder, "privlink.yaml"), "utf8"));
  const lines = readFileSync(join(folder, "ask.txt"), "utf8").split("\n");
  const explained = lines.filter(Boolean).map((line) => {
    const [, who = "", qname = "", type = "A"] = /^(.+?) asks (\S+)(?: (\S+))?$/.exec(line) ?? [];
    const question = { name: knownName(qname), type: typeNumber(type) ?? RecordTypes.A };
    return explanationText(explain(snapshot, who, resolveOffline(snapshot, addresseeNamed(who), question)));
  });
  const told = [
    withFindings(() => snapshot, diagnostics)
      .map(renderCompact)
      .join(""),
    ...explained,
  ].filter((text) => text !== "");
  expect(told).not.toEqual([]);
  await expect(told.join("\n")).toMatchFileSnapshot(join(folder, "expected.txt"));
});

test("there is one for every rule about forwarders", () => {
  const rules = new Set(cases.flatMap((name) => /^pedns-(\d+)/.exec(name)?.[1] ?? []).map((text) => Number(text)));
  expect([...rules].toSorted((a, b) => a - b)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 41, 44]);
});
