import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatColumns } from "./columns.ts";

test("columns are as wide as their widest cell, and three spaces apart", () => {
  expect(
    formatColumns(
      ["NAME", "TTL"],
      [
        ["a.example", "10"],
        ["", "300"],
        ["名", "1"],
      ],
    ),
  ).toBe("NAME        TTL\na.example   10\n-           300\n名          1\n");
});

test("what acts on a terminal is shown, not done", () => {
  expect(formatColumns(["A"], [["x\u001B[2J\ny"]])).toBe("A\nx␛[2J␊y\n");
});

test("every row is one line without spaces at its end, whatever the cells hold", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.stringMatching(/^\S*$/))), (rows) => {
      const lines = formatColumns(["ONE", "TWO"], rows).split("\n");
      expect(lines).toHaveLength(rows.length + 2);
      for (const line of lines) expect(line).toBe(line.replace(/ +$/, ""));
    }),
  );
});
