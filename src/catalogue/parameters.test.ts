import { expect, test } from "vitest";
import { fillTemplate, parameterNamed, placeholdersOf } from "./parameters.ts";

test("a template says its placeholders and the first that is missing", () => {
  expect(placeholdersOf("{a}.x.{b}")).toEqual(["a", "b"]);
  expect(fillTemplate("{a}.x.{b}", new Map([["a", "1"]]))).toEqual({ kind: "missing", parameter: "b" });
});

test("a placeholder that nothing explains is a fault of the catalogue", () => {
  expect(() => parameterNamed("colour")).toThrow("{colour}");
});
