import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unifiedDiff } from "./unified-diff.ts";

const TEN = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

describe("a difference", () => {
  test.each([
    { of: "equal texts", before: "a\n", after: "a\n", hunks: [] },
    { of: "a line changed", before: TEN, after: TEN.replace("5\n", "five\n"), hunks: ["@@ -2,7 +2,7 @@"] },
    { of: "a line put in", before: TEN, after: TEN.replace("5\n", "5\n5a\n"), hunks: ["@@ -3,6 +3,7 @@"] },
    { of: "a first line", before: "", after: "a\n", hunks: ["@@ -0,0 +1 @@"] },
    { of: "a last line gone", before: "a\n", after: "", hunks: ["@@ -1 +0,0 @@"] },
    {
      of: "two changes apart",
      before: TEN,
      after: TEN.replace("1\n", "one\n").replace("9\n", "nine\n"),
      hunks: ["@@ -1,4 +1,4 @@", "@@ -6,5 +6,5 @@"],
    },
    { of: "a line ending", before: "a", after: "a\n", hunks: ["@@ -1 +1 @@"] },
  ])("of $of has the hunks $hunks", ({ before, after, hunks }) => {
    const text = unifiedDiff("a.yaml", before, after);
    expect(text.match(/^@@.*@@$/gm) ?? []).toEqual(hunks);
  });

  test("is what git applies", () => {
    const folder = mkdtempSync(join(tmpdir(), "privlink-diff-"));
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 }).map((all) => all.join("\n"));
    try {
      fc.assert(
        fc.property(lines, lines, fc.boolean(), (one, other, hasEnd) => {
          const before = `${one}\n`;
          const after = hasEnd ? `${other}\n` : other;
          if (before === after) return;
          writeFileSync(join(folder, "f"), before);
          const { status, stderr } = spawnSync("git", ["apply", "--whitespace=nowarn", "-"], {
            cwd: folder,
            input: unifiedDiff("f", before, after),
            env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
          });
          expect(String(stderr)).toBe("");
          expect(status).toBe(0);
          const gone = after === "" ? "" : readFileSync(join(folder, "f"), "utf8");
          expect(gone).toBe(after);
        }),
        { numRuns: 40 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
