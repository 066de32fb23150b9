import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { diffSnapshots } from "./diff-snapshots.ts";
import { differenceMarkdown } from "./markdown.ts";

function markdownOf(records: (side: "old" | "new") => readonly string[]): string {
  const sides = (["old", "new"] as const).map((side) => {
    const topology = {
      networks: { hub: { kind: "azure", prefixes: "10.0.0.0/16" } },
      zones: { "corp.example": { links: "hub", records: records(side).join("\n") } },
    };
    return loadText(JSON.stringify(topology)).snapshot;
  });
  const [before, after] = sides;
  if (before === undefined || after === undefined) throw new Error("there are two sides");
  const compared = { before: "git:HEAD", after: ".", onlyBefore: [], onlyAfter: ["spoke|x"] };
  return differenceMarkdown(diffSnapshots(before, after), compared);
}

describe("a difference as Markdown", () => {
  test("that is none says so", () => {
    expect(markdownOf(() => ["www 60 A 10.0.0.1"])).toContain("**no answer changes**");
  });

  test("has breaking changes first, in a table of their own", () => {
    const text = markdownOf((side) => (side === "old" ? ["a 60 A 10.0.0.1", "b 60 A 10.0.0.1"] : ["a 60 A 10.0.0.2"]));
    expect(text).toMatch(
      /#### Breaking\n\n\| Name .*\n\|---.*\n\| `b\.corp\.example` .*\n\n#### Other changes\n\n\| Name .*\n\|---.*\n\| `a\.corp/,
    );
  });

  test("folds long tables, and counts what does not fit", () => {
    const text = markdownOf((side) =>
      Array.from({ length: 99 }, (_, i) => `h${i} 60 A 10.${side === "old" ? 0 : 1}.0.${i + 1}`),
    );
    expect(text).toContain("<details><summary>Changes: 99 rows</summary>\n\n| Name");
    expect(text.match(/^\| `h/gm)).toHaveLength(60);
    expect(text).toContain("… and 39 more: `privlink diff` lists them all.\n\n</details>");
  });

  test("lets no record be anything but text", () => {
    const text = markdownOf((side) => [`t 60 TXT "${side === "old" ? "plain" : "|<b>@team #12 [x](y) `c`"}"`]);
    const [row = ""] = text.split("\n").filter((line) => line.startsWith("| `t"));
    expect(row.replaceAll("\\|", "").split("|")).toHaveLength(9);
    expect(row).not.toMatch(/<b>|@team|#12|[^\\]\[x/);
    expect(text).toContain("Not compared, `only in .`: `spoke\\|x`");
  });
});
