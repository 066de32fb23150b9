import { expect, test } from "vitest";
import { didYouMean } from "./did-you-mean.ts";

const WORDS = ["serve", "query", "endpoints", "catalogue", "no-color"];

test.each([
  { typed: "serv", means: "serve", because: "a character is missing" },
  { typed: "qurey", means: "query", because: "two neighbours are swapped" },
  { typed: "QUERY", means: "query", because: "case does not count" },
  { typed: "entpoimts", means: "endpoints", because: "two characters of nine differ" },
  { typed: "no-colour", means: "no-color", because: "a character is too much" },
  { typed: "xyz", means: undefined, because: "nothing is near" },
  { typed: "", means: undefined, because: "nothing was typed" },
])("$typed means $means: $because", ({ typed, means }) => {
  expect(didYouMean(typed, WORDS)).toBe(means === undefined ? "" : `: did you mean ${means}?`);
});
