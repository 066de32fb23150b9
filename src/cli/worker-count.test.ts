import { expect, test } from "vitest";
import { readWorkerCount } from "./worker-count.ts";

test.each([
  { typed: undefined, means: 1 },
  { typed: "1", means: 1 },
  { typed: "64", means: 64 },
  { typed: "auto", means: 8 },
  { typed: "0", means: "--workers: 0 is no number from 1 to 64, nor auto" },
  { typed: "65", means: "--workers: 65 is no number from 1 to 64, nor auto" },
  { typed: "-2", means: "--workers: -2 is no number from 1 to 64, nor auto" },
  { typed: "two", means: "--workers: two is no number from 1 to 64, nor auto" },
])("--workers $typed means $means", ({ typed, means }) => {
  expect(readWorkerCount(typed, 8)).toBe(means);
});
