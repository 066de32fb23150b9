import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { knownName } from "../../src/name/name-text.ts";
import { renderCompact } from "../../src/report/compact.ts";
import { needs } from "../support/tools.ts";
import { changeFiles } from "./changed-files.ts";
import { type CheckedZone, withSmallOwner, ZoneChecker } from "./checkzone.ts";
import { differencesUnder } from "./differences.ts";
import { linesOfZone, readZone } from "./read-zone.ts";

const FOLDER = join(import.meta.dirname, "zones");
const ORIGIN = "agree.test.";
/** What most files begin with. It is left alone: named-checkzone wants a name server with an address. */
const HEAD = "$TTL 300\n@ IN SOA ns hostmaster 1 2 3 4 5\n@ IN NS ns\nns A 10.0.0.1\n";

const rows = differencesUnder("Zone files");
const files = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".zone"))
  .map((file) => ({ file: file.replace(/\.zone$/, ""), text: readFileSync(join(FOLDER, file), "latin1") }));
const changed = changeFiles(
  files.filter(({ file, text }) => text.startsWith(HEAD) && text.length > HEAD.length && !rows.has(file)),
  HEAD.length,
  { count: 250, seed: 20261121 },
);

/** What we make of the same file, in the same form. */
function checkHere(octets: Buffer): CheckedZone {
  const { tree, diagnostics } = readZone(octets, knownName(ORIGIN), FOLDER);
  const accepts = !diagnostics.hasErrors;
  const text = diagnostics.sorted().map(renderCompact).join("\n");
  return { accepts, lines: accepts ? linesOfZone(tree).map(withSmallOwner).sort() : [], text };
}

/** How two readings differ, as the cells of a row; empty where they do not. */
function difference(ours: CheckedZone, theirs: CheckedZone): { ours: string; theirs: string } {
  if (ours.accepts !== theirs.accepts) return { ours: verdict(ours), theirs: verdict(theirs) };
  const only = (some: CheckedZone, other: CheckedZone): string =>
    some.lines.filter((line) => !other.lines.includes(line)).join("; ");
  return { ours: only(ours, theirs), theirs: only(theirs, ours) };
}

function verdict({ accepts }: CheckedZone): string {
  return accepts ? "accepts" : "rejects";
}

describe("named-checkzone reads zone files as we do", () => {
  const checker = new ZoneChecker();
  beforeEach(needs("named-checkzone"));
  afterAll(() => checker.close());

  test.each(files)("$file", ({ file, text }) => {
    const octets = Buffer.from(text, "latin1");
    const ours = checkHere(octets);
    const theirs = checker.check(octets, ORIGIN, FOLDER);
    const row = rows.get(file);
    const agreed = { ours: row?.ours ?? "", theirs: row?.theirs ?? "" };
    expect(difference(ours, theirs), `${ours.text}\n${theirs.text}`).toEqual(agreed);
  });

  test.each(changed)("$file with $change", ({ text }) => {
    const octets = Buffer.from(text, "latin1");
    const ours = checkHere(octets);
    const theirs = checker.check(octets, ORIGIN, FOLDER);
    expect(difference(ours, theirs), `${text}\n${ours.text}\n${theirs.text}`).toEqual({ ours: "", theirs: "" });
  });
});

describe("the files", () => {
  test("are many, and some of them are accepted and some rejected", () => {
    const accepted = files.filter(({ text }) => checkHere(Buffer.from(text, "latin1")).accepts).length;
    expect(accepted).toBeGreaterThan(60);
    expect(files.length - accepted).toBeGreaterThan(50);
  });

  test("stand behind every row of differences.md, of which there are few", () => {
    expect([...rows.keys()].filter((row) => !files.some(({ file }) => file === row))).toEqual([]);
    expect(rows.size).toBeLessThanOrEqual(20);
  });
});
