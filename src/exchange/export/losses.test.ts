import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { groupLosses, LOSS_TITLES, lossLines } from "./losses.ts";

test("docs/export.md has a row for every loss, with its title", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/export.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| ([^|]+) \|$/gm)].map(([, kind, title]) => [kind, title]);
  expect(new Map(rows.map(([kind = "", title = ""]) => [kind, title]))).toEqual(new Map(Object.entries(LOSS_TITLES)));
});

test("what several askers lose alike is one line, and counts once", () => {
  const losses = ["hub", "spoke"].map((asker) => ({
    kind: "wildcard-dropped" as const,
    asker,
    message: "*.a.example",
  }));
  expect(lossLines(losses)).toEqual([
    "What the model says and this does not:",
    `${LOSS_TITLES["wildcard-dropped"]}: 1`,
    "  hub, spoke: *.a.example",
  ]);
  expect(groupLosses(losses)).toEqual([{ kind: "wildcard-dropped", lines: ["hub, spoke: *.a.example"] }]);
  expect(lossLines([])).toEqual(["Everything that the model says is in it."]);
});
